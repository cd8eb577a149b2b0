/// Words in whose place many lines have another: `session opened for user cyrus`, `… for user news`. They become values.
struct LogWords {
  /// A group of lines, and which of its words is a value.
  struct Choice {
    var pattern: Int32
    var token: Int32
  }

  /// The choice for each group; nil where all its words are fixed.
  private(set) var choices: [Choice?] = []
  /// How many patterns there are.
  private(set) var patternCount = 0

  /// So many groups must differ in nothing but the word.
  private static let fewest = 4
  /// Beyond so many groups the text has no patterns worth a search.
  private static let mostGroups = 6_000
  private static let mostTokens = 48
  /// What stands for a value, whatever it is.
  private static let anyValue: UInt64 = 0x7661_6c75_65

  /// - Parameters:
  ///   - models: a line of each group.
  ///   - counts: how many lines each group has.
  init?(_ source: LogLines, models: [Int32], counts: [Int], _ base: UnsafePointer<UInt8>) {
    guard models.count >= LogWords.fewest, models.count <= LogWords.mostGroups else { return nil }
    var index = HashIndex(capacity: models.count * 4)
    var groupCounts: [Int32] = []
    var patterns: [(pattern: Int32, token: Int32)] = []
    var ends: [Int] = []
    for model in models {
      let tokens = LogWords.tokens(of: Int(model), source, base)
      if tokens.count <= LogWords.mostTokens {
        var whole = UInt64(tokens.count)
        for (place, token) in tokens.enumerated() { whole &+= LogWords.spread(token.hash, place) }
        for (place, token) in tokens.enumerated() where token.isWord {
          let pattern = whole &- LogWords.spread(token.hash, place)
          let (number, isNew) = index.add(LogWords.spread(pattern, place + 64))
          if isNew { groupCounts.append(0) }
          groupCounts[number] += 1
          patterns.append((Int32(truncatingIfNeeded: number), Int32(truncatingIfNeeded: place)))
        }
      }
      ends.append(patterns.count)
    }
    // The pattern that most others share, for each group.
    var chosen: [Choice?] = []
    var lines = [Int](repeating: 0, count: groupCounts.count)
    var groups = lines
    var start = 0
    for (group, end) in ends.enumerated() {
      var best: Choice?
      var most = Int32(LogWords.fewest - 1)
      for entry in patterns[start..<end] where groupCounts[Int(entry.pattern)] > most {
        most = groupCounts[Int(entry.pattern)]
        best = Choice(pattern: entry.pattern, token: entry.token)
      }
      if let best {
        lines[Int(best.pattern)] += counts[group]
        groups[Int(best.pattern)] += 1
      }
      chosen.append(best)
      start = end
    }
    // A value costs two tokens in each line; a template of its own about as many as it has words.
    var numbers = [Int32](repeating: -1, count: groupCounts.count)
    choices = chosen.enumerated().map { group, choice in
      guard let choice else { return nil }
      let pattern = Int(choice.pattern)
      let range = source.lines[Int(models[group])]
      guard groups[pattern] >= LogWords.fewest, groups[pattern] * (range.count / 4 + 4) > lines[pattern] * 2 else {
        return nil
      }
      if numbers[pattern] < 0 {
        numbers[pattern] = Int32(truncatingIfNeeded: patternCount)
        patternCount += 1
      }
      return Choice(pattern: numbers[pattern], token: choice.token)
    }
    if patternCount == 0 { return nil }
  }

  struct Token {
    var range: Range<Int>
    var hash: UInt64
    var isWord: Bool
  }

  /// A line as words, values and what stands between.
  static func tokens(of line: Int, _ source: LogLines, _ base: UnsafePointer<UInt8>) -> [Token] {
    var tokens: [Token] = []
    let range = source.lines[line]
    let values = source.values(of: line)
    var value = values.lowerBound
    var p = range.lowerBound
    func hash(_ part: Range<Int>) -> UInt64 {
      ByteHash.hash(UnsafeBufferPointer(start: base + part.lowerBound, count: part.count))
    }
    ByteClass.table.withUnsafeBufferPointer { table in
      while p < range.upperBound, tokens.count <= mostTokens {
        let start = p
        if value < values.upperBound, p == Int(source.values[value].start) {
          p += Int(source.values[value].length)
          value += 1
          tokens.append(Token(range: start..<p, hash: anyValue, isWord: false))
          continue
        }
        let end = value < values.upperBound ? Int(source.values[value].start) : range.upperBound
        let isWord = table[Int(base[p])] == ByteClass.letter
        while p < end, (table[Int(base[p])] == ByteClass.letter) == isWord { p += 1 }
        // A sign is no name.
        let isName = isWord && (start..<p).contains { TokenGuess.isLetter(base[$0]) }
        tokens.append(Token(range: start..<p, hash: hash(start..<p), isWord: isName))
      }
    }
    return tokens
  }

  @inline(__always)
  private static func spread(_ hash: UInt64, _ place: Int) -> UInt64 {
    let product = (hash ^ 0x5899_65cc_7537_4cc3).multipliedFullWidth(by: UInt64(place) &* 2 &+ 0x9e37_79b9_7f4a_7c15)
    return product.high ^ product.low
  }
}
