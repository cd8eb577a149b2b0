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
    let ofBlock = SentenceScores.blockScores(text, own)
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

  /// What a paragraph has to do with the query: its two best sentences, or what its title has.
  private static func blockScores(_ text: ProseText, _ own: [Int]) -> [Int] {
    var scores = [Int](repeating: 0, count: text.blocks.count)
    var title = 0
    for (index, block) in text.blocks.enumerated() {
      var best = (0, 0)
      for score in own[text.firstOf[index]..<text.firstOf[index + 1]] {
        if score > best.0 { best = (score, best.0) } else { best.1 = max(best.1, score) }
      }
      scores[index] = best.0 + best.1 / 2
      if block.kind == .heading { title = best.0 } else { scores[index] += title / 2 }
    }
    return scores
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
///
/// To tell what sentences share, a word is its first six letters. That is coarse, and quick.
struct SentenceVocabulary {
  private(set) var words: [[Int32]] = []
  private var table = TermTable(capacity: 256)
  private var frequencies: [Int] = []

  init(_ sentences: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>) {
    words.reserveCapacity(sentences.count)
    /// The last sentence that had each word.
    var latest: [Int] = []
    for (number, sentence) in sentences.enumerated() {
      var found: [Int32] = []
      var key: UInt64 = 0
      var length = 0
      for position in sentence.lowerBound...sentence.upperBound {
        let byte = position < sentence.upperBound ? bytes[position] : 0
        if (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 || byte &- 0x30 < 10 {
          if length < 6 { key = key << 8 | UInt64(byte | 0x20) }
          length += 1
          continue
        }
        // Short words are those that every sentence has.
        if length > 3 {
          let word = table.insert((key &* 0x9E37_79B9_7F4A_7C15) ^ key, frequencies.count)
          if word == frequencies.count {
            frequencies.append(0)
            latest.append(-1)
          }
          if latest[word] != number {
            latest[word] = number
            frequencies[word] += 1
            found.append(Int32(word))
          }
        }
        key = 0
        length = 0
      }
      words.append(found)
    }
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
