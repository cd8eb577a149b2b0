import Foundation
import NIOCore

/// Whose program is at the other end of a connection on this machine.
enum PeerOwner {
  /// Whether it is one of the user who runs this process. False where the system does not say.
  ///
  /// Linux lists the sockets of all users in `/proc/net/tcp` (proc(5)): the other end is the one whose local address is our remote one.
  static func isThisUser(_ channel: any Channel) -> Bool {
    guard let peer = channel.remoteAddress, let here = channel.localAddress else { return false }
    if case .unixDomainSocket = peer { return true }
    guard peer.isLoopback else { return false }
    #if os(Linux)
      for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        guard let text = text(of: table) else { continue }
        if let owner = owner(of: peer, to: here, in: text) { return owner == getuid() }
      }
    #endif
    return false
  }

  /// All of a file of `/proc`. Such files say that they are empty, and give a page at a time.
  private static func text(of path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var bytes = Data()
    while let part = try? file.read(upToCount: 1 << 16), !part.isEmpty { bytes += part }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The user of the socket from `peer` to `here` in a table of sockets.
  static func owner(of peer: SocketAddress, to here: SocketAddress, in table: String) -> UInt32? {
    guard let peerPort = peer.port, let herePort = here.port else { return nil }
    let (local, remote) = (hexadecimal(peerPort), hexadecimal(herePort))
    for line in table.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      guard fields.count > 7, fields[1].hasSuffix(":" + local), fields[2].hasSuffix(":" + remote),
        isLoopback(fields[1])
      else { continue }
      return UInt32(fields[7])
    }
    return nil
  }

  private static func hexadecimal(_ port: Int) -> String {
    let digits = String(port, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// Addresses are hexadecimal, four bytes at a time in the order of the machine.
  private static func isLoopback(_ address: Substring) -> Bool {
    let host = address.prefix { $0 != ":" }
    return host.hasSuffix("7F") && host.utf8.count == 8 || host == "00000000000000000000000001000000"
      || host.hasPrefix("0000000000000000FFFF0000") && host.hasSuffix("7F")
  }
}

extension SocketAddress {
  fileprivate var isLoopback: Bool {
    guard let host = ipAddress else { return false }
    return host.hasPrefix("127.") || host == "::1" || host.hasPrefix("::ffff:127.")
  }
}
