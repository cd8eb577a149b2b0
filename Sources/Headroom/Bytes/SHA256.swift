import CHeadroom

/// SHA-256 (FIPS 180-4), by the processor's own instructions where it has them. Written here because the core imports neither Foundation
/// nor a C cryptography library.
struct SHA256: Sendable {
  private var state: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
  )

  private let usesInstructions: Bool

  private init(usesInstructions: Bool) { self.usesInstructions = usesInstructions }

  /// The digest of `bytes`: 32 bytes.
  static func digest(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBufferPointer { digest($0) }
  }

  /// - Parameter usesInstructions: whether the processor may do it; tests compare both.
  static func digest(_ bytes: UnsafeBufferPointer<UInt8>, usesInstructions: Bool = true) -> [UInt8] {
    var hash = SHA256(usesInstructions: usesInstructions)
    let whole = bytes.count / 64 * 64
    hash.compress(blocks: UnsafeBufferPointer(rebasing: bytes[..<whole]))
    var tail = Array(bytes[whole...])
    tail.append(0x80)
    while tail.count % 64 != 56 { tail.append(0) }
    let bits = UInt64(bytes.count) &* 8
    for shift in stride(from: 56, through: 0, by: -8) { tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    tail.withUnsafeBufferPointer { hash.compress(blocks: $0) }
    return hash.bytes
  }

  private var bytes: [UInt8] {
    let (a, b, c, d, e, f, g, h) = state
    return [a, b, c, d, e, f, g, h].flatMap { word in
      stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  private mutating func compress(blocks: UnsafeBufferPointer<UInt8>) {
    guard let start = blocks.baseAddress, !blocks.isEmpty else { return }
    withUnsafeMutableBytes(of: &state) {
      headroom_sha256_blocks(
        $0.baseAddress?.assumingMemoryBound(to: UInt32.self), start, blocks.count / 64, usesInstructions)
    }
  }
}
