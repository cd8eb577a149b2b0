/// How much is kept of originals, and for how long.
public struct OriginalLimits: Sendable {
  /// The most bytes of originals.
  public var bytes: Int
  /// How long an original stays after its last use, in seconds.
  public var age: Int

  public init(bytes: Int = 1 << 30, age: Int = 7 * 24 * 3600) {
    self.bytes = bytes
    self.age = age
  }

  /// How long an original stays in any case after its last use, in seconds.
  static let shortestStay = 3600
  /// How long the name of an expired original stays taken after its last use, in seconds.
  static let nameAge = 90 * 24 * 3600
  /// A use within this many seconds after another one is not written down.
  static let useInterval = 60
  /// How many originals expire at once: a put should not take long because of others.
  static let batch = 200
}
