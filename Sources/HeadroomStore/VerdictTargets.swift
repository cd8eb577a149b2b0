import Headroom

/// The results that a verdict refers to, as bytes: 40 for each, its number and its digest.
enum VerdictTargets {
  static func bytes(_ targets: [Verdict.Target]) -> [UInt8] {
    targets.flatMap { target in
      withUnsafeBytes(of: UInt64(target.number).littleEndian, Array.init) + target.digest
    }
  }

  /// Nil when the bytes are damaged.
  static func targets(_ bytes: [UInt8]) -> [Verdict.Target]? {
    guard bytes.count % 40 == 0 else { return nil }
    return stride(from: 0, to: bytes.count, by: 40).map { start in
      let number = bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      return Verdict.Target(number: number, digest: Array(bytes[start + 8..<start + 40]))
    }
  }
}
