/// An estimate of the number of tokens for builds without vocabularies.
enum TokenEstimator {
  static func count<Rules: SplittingRules>(_ text: ScannedText, by rules: Rules.Type, limit: Int) -> Int? {
    var place = 0
    var total = 0
    while place < text.count {
      let end = Rules.pieceEnd(in: text, from: place)
      total += 1 + (end - place) / 9
      if total > limit { return nil }
      place = end
    }
    return total
  }
}
