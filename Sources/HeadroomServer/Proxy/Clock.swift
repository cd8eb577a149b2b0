import Foundation

/// The time of day.
enum Clock {
  /// Milliseconds since 1970.
  static func milliseconds() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) }
}

extension Duration {
  var microseconds: Int { Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000) }
  var milliseconds: Int { microseconds / 1000 }
}
