/// Okapi BM25 in integers (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009), k1
/// = 1.2, b = 0.4.
///
/// Rows and lines are of similar length, hence the small b. All amounts are in 256ths, and divisions round down, so
/// that every machine and every build gives the same order.
enum BM25 {
  /// The weight of a term in bits, in 256ths: log2(1 + (N − df + ½) / (df + ½)), and at least one 256th, so that a word
  /// of every segment still finds something where nothing else does.
  static func inverseFrequency(of frequency: Int, among count: Int) -> Int {
    // 1 + (N − df + ½)/(df + ½) = (2N + 2)/(2df + 1)
    max(log2(UInt64(2 * count + 2), over: UInt64(2 * frequency + 1)), 1)
  }

  /// A term that more segments than this have says nothing. In a tiny block every term counts.
  static func mostFrequent(among count: Int) -> Int { count < 12 ? count : count / 3 }

  /// What one term adds to a segment's score, in 256ths of a bit.
  /// - Parameters:
  ///   - weight: inverse frequency times the query's weight, in 256ths.
  ///   - occurrences: in this segment; above 255 counts as 255.
  ///   - length: of this segment, in words.
  ///   - averageLength: of all segments, in 16ths of a word, at least 1.
  static func score(weight: Int, occurrences: Int, length: Int, averageLength: Int) -> Int {
    // The bounds keep the product within 64 bits; segments of a quarter of a million words need no finer measure.
    let occurrences = min(occurrences, 255)
    let averageLength = min(averageLength, 1 << 22)
    let length = min(length, 1 << 30)
    // weight · tf · (k1 + 1) / (tf + k1 · (1 − b + b · length/average)), above and below times 100 · average
    let above = weight * occurrences * 220 * averageLength
    let below = 100 * occurrences * averageLength + 72 * averageLength + 48 * 16 * length
    return above / below
  }

  /// log2(a / b) in 256ths, rounded down, by squaring; `a` must not be below `b`.
  static func log2(_ a: UInt64, over b: UInt64) -> Int {
    guard b > 0, a >= b else { return 0 }
    // The ratio with 32 binary places, brought between 1 and 2.
    var exponent = 0
    var denominator = b
    while denominator <= a >> 1 {
      denominator <<= 1
      exponent += 1
    }
    var fraction = (a << 31) / denominator
    var result = exponent
    for _ in 0..<8 {
      fraction = (fraction * fraction) >> 31
      result <<= 1
      if fraction >> 32 != 0 {
        result |= 1
        fraction >>= 1
      }
    }
    return result
  }
}
