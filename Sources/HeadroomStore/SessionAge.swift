/// How long what a conversation depends on is kept: for as long as it goes on, which is far longer than any provider keeps a prompt cache.
package enum SessionAge {
  /// How long a verdict or an entry stays after it was last asked for, in seconds.
  package static let longest = 30 * 24 * 3600
  /// A use within this many seconds after another one is not written down.
  static let useInterval = 3600
  /// How many are let go at once: no request should take long because of others.
  static let batch = 500
}
