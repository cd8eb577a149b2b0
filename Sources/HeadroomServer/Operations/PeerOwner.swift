import Foundation
import NIOCore

/// Whose program is at the other end of a connection on this machine.
enum PeerOwner {
  /// Whether it is one of the user who runs this process. False where the system does not say.
  static func isThisUser(_ channel: any Channel) -> Bool {
    guard let peer = channel.remoteAddress, let here = channel.localAddress else { return false }
    if case .unixDomainSocket = peer { return true }
    guard peer.isLoopback else { return false }
    return owner(from: peer, to: here) == getuid()
  }

  /// The user of the socket from `peer` to `here`, both on this machine.
  ///
  /// Linux tells it of one socket by its four numbers (sock_diag(7)), in no more time than a look-up takes, however many there are.
  static func owner(from peer: SocketAddress, to here: SocketAddress) -> UInt32? {
    #if os(Linux)
      guard let request = SocketQuery(from: peer, to: here)?.message else { return nil }
      let netlink = socket(16, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 4)
      guard netlink >= 0 else { return nil }
      defer { close(netlink) }
      guard send(netlink, request, request.count, 0) == request.count else { return nil }
      var answer = [UInt8](repeating: 0, count: 4096)
      let count = recv(netlink, &answer, answer.count, 0)
      return SocketQuery.owner(in: answer.prefix(max(0, count)))
    #else
      return nil
    #endif
  }
}

/// The question for one socket, and its answer, as netlink(7) has them: numbers in the order of the machine, but for ports and addresses.
private struct SocketQuery {
  private(set) var message: [UInt8]

  private static let byFamily: UInt16 = 20
  private static let headerSize = 16
  private static let requestSize = 56

  init?(from peer: SocketAddress, to here: SocketAddress) {
    guard let peerPort = peer.port, let herePort = here.port, let source = peer.packedAddress,
      let destination = here.packedAddress, source.count == destination.count
    else { return nil }
    message = []
    append(UInt32(Self.headerSize + Self.requestSize))
    append(Self.byFamily)
    append(UInt16(1))  // a request
    append(UInt64(0))
    message += [UInt8(source.count == 4 ? AF_INET : AF_INET6), UInt8(IPPROTO_TCP), 0, 0]
    append(UInt32.max)  // in any state
    append(UInt16(peerPort).bigEndian)
    append(UInt16(herePort).bigEndian)
    for address in [source, destination] { message += address + [UInt8](repeating: 0, count: 16 - address.count) }
    append(UInt32(0))  // of any interface
    append(UInt64.max)  // by no cookie
  }

  private mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number) { message += $0 }
  }

  static func owner(in answer: ArraySlice<UInt8>) -> UInt32? {
    // Behind the header: what names the socket, three numbers, then the user.
    let place = headerSize + 4 + 48 + 12
    guard answer.count >= place + 4 else { return nil }
    return answer.withUnsafeBytes { bytes in
      bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self) == byFamily
        ? bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self) : nil
    }
  }
}

extension SocketAddress {
  /// The bytes of the address; those of IPv4 also where it is written as IPv6.
  fileprivate var packedAddress: [UInt8]? {
    // Behind family and port, and in IPv6 the flow, of `sockaddr_in` and `sockaddr_in6`.
    switch self {
    case .v4(let address): return withUnsafeBytes(of: address.address) { Array($0[4..<8]) }
    case .v6(let address):
      let bytes = withUnsafeBytes(of: address.address) { Array($0[8..<24]) }
      return bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) ? Array(bytes[12...]) : bytes
    case .unixDomainSocket: return nil
    }
  }

  fileprivate var isLoopback: Bool {
    guard let bytes = packedAddress else { return false }
    return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
  }
}
