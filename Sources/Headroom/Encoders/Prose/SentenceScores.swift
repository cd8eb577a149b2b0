/// What each sentence of a text is worth to a reader: by the query, by what it shares with the others, by where it stands and what it holds.
/// All in integers.
struct SentenceScores {
  /// What a sentence is worth by itself.
  private(set) var worth: [Int]
  /// The rare words of each sentence, as numbers in order.
  let words: [[Int32]]
  /// What each word is worth, in 256ths of a bit.
  let weights: [Int]

  init(_ text: ProseText, _ bytes: UnsafeBufferPointer<UInt8>, query: Query) {
    let count = text.sentences.count
    let vocabulary = SentenceVocabulary(text.sentences, bytes)
    words = vocabulary.words
    weights = vocabulary.weights
    worth = [Int](repeating: 0, count: count)
    let own = Relevance(of: Segments(text.sentences), in: bytes, to: query).scores
    let ofBlock = Relevance(of: Segments(text.contexts), in: bytes, to: query).scores
    let central = vocabulary.centralities
    for i in 0..<count {
      let block = text.blockOf[i]
      var score = own[i] * 4 + ofBlock[block] * 2
      // The answer often stands next to the sentence that has the words of the question.
      if i > 0, text.blockOf[i - 1] == block { score += own[i - 1] }
      if i + 1 < count, text.blockOf[i + 1] == block { score += own[i + 1] }
      score += central[i] / 2
      let isFirst = i == 0 || text.blockOf[i - 1] != block
      let isLast = i + 1 == count || text.blockOf[i + 1] != block
      if isFirst { score += 192 } else if isLast { score += 64 }
      score += SentenceScores.salience(bytes, text.sentences[i])
      worth[i] = score
    }
  }

  /// Numbers, code and names in capitals say something definite; so do words that forbid or demand.
  private static func salience(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    var hasDigit = false
    var hasCode = false
    for i in range {
      if bytes[i] &- 0x30 < 10 { hasDigit = true } else if bytes[i] == UInt8(ascii: "`") { hasCode = true }
    }
    return (hasDigit ? 96 : 0) + (hasCode ? 64 : 0)
  }
}

/// The words of sentences by number, and how many sentences have each.
struct SentenceVocabulary: TermVisitor {
  private(set) var words: [[Int32]] = []
  private var table = TermTable(capacity: 256)
  private var frequencies: [Int] = []
  private var current: [Int32] = []

  init(_ sentences: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>) {
    words.reserveCapacity(sentences.count)
    for sentence in sentences {
      Terms.scan(bytes, in: sentence, &self)
      current.sort()
      var distinct: [Int32] = []
      for word in current where distinct.last != word { distinct.append(word) }
      for word in distinct { frequencies[Int(word)] += 1 }
      words.append(distinct)
      current.removeAll(keepingCapacity: true)
    }
  }

  mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
    guard kind == .part || kind == .number, word.count > 2, !StopWords.contains(word) else { return }
    let stem = UnsafeBufferPointer(rebasing: word[..<Stemmer.length(of: word)])
    let number = table.insert(TermHash.hash(stem), frequencies.count)
    if number == frequencies.count { frequencies.append(0) }
    current.append(Int32(number))
  }

  var weights: [Int] { frequencies.map { BM25.inverseFrequency(of: $0, among: words.count) } }

  /// How much each sentence has of what the others speak of too, from 0 to 1024: the degree of LexRank (Erkan and Radev, 2004), taken from
  /// the words instead of from all pairs.
  var centralities: [Int] {
    let weights = weights
    let scores = words.map { words -> Int in
      guard words.count >= 3 else { return 0 }
      let shared = words.reduce(0) { sum, word in
        let frequency = frequencies[Int(word)]
        return frequency > 1 ? sum + weights[Int(word)] * min(frequency - 1, 8) : sum
      }
      return shared / (words.count + 4)
    }
    let most = max(scores.max() ?? 0, 1)
    return scores.map { $0 * 1024 / most }
  }
}
