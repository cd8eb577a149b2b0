/// The phrases of some lines that are worth a name, such as the flags that every command of a build repeats.
///
/// Found as Lempel and Ziv do: each place is compared with the last two that began with the same four pieces. What was found twice and is
/// long enough becomes a phrase; then all lines, and the phrases themselves, are covered by the longest phrases that fit.
struct PhraseLegend {
  /// A part of a line: some pieces as they are, or a phrase.
  enum Part {
    case pieces(Range<Int>)
    case phrase(Int, end: Int)
  }

  /// The pieces of each phrase at the place where it was found. A phrase may contain those before it.
  private(set) var phrases: [Range<Int>] = []
  let sequence: PieceSequence
  private var table = PhraseTable()

  /// Phrases shorter than this are not named.
  private static let leastBytes = 24
  /// A reader must look up each name, so it has to save this many bytes, and there may not be many.
  private static let leastGain = 60
  private static let mostPhrases = 99
  private static let mostFound = 4_096
  /// What a name costs wherever it stands, and what its line in the legend costs, in bytes of usual text.
  private static let nameBytes = 9
  private static let lineBytes = 18

  init(_ sequence: PieceSequence, in bytes: UnsafeBufferPointer<UInt8>) {
    self.sequence = sequence
    guard let base = bytes.baseAddress else { return }
    var found = PhraseLegend.repeats(sequence, base)
    // Naming one phrase changes how often others are used, so the bad ones are taken out in a few rounds.
    for round in 0..<5 where !found.isEmpty {
      phrases = found
      table = PhraseTable(phrases, sequence)
      let gains = zip(phrases, countUses()).map { phrase, uses in
        (uses - 1) * (PhraseLegend.weight(phrase, sequence, base) - PhraseLegend.nameBytes) - PhraseLegend.lineBytes
      }
      var least = PhraseLegend.leastGain
      if round > 1, found.count > PhraseLegend.mostPhrases {
        least = max(least, gains.sorted(by: >)[PhraseLegend.mostPhrases])
      }
      let good = found.indices.filter { gains[$0] >= least }.map { found[$0] }
      if good.count == found.count { break }
      found = good
    }
    phrases = found
    table = PhraseTable(phrases, sequence)
  }

  /// The parts of some pieces, each as long as can be; `most` is how many pieces a phrase may have at most.
  @inline(__always)
  func cover(_ pieces: Range<Int>, most: Int = .max, _ body: (Part) -> Void) {
    var plain = pieces.lowerBound
    var i = plain
    while i + PhraseTable.key <= pieces.upperBound {
      guard let phrase = table.longest(at: i, end: pieces.upperBound, most: most, sequence, phrases) else {
        i += 1
        continue
      }
      if plain < i { body(.pieces(plain..<i)) }
      i += phrases[phrase].count
      body(.phrase(phrase, end: i))
      plain = i
    }
    if plain < pieces.upperBound { body(.pieces(plain..<pieces.upperBound)) }
  }

  private func countUses() -> [Int] {
    var uses = [Int](repeating: 0, count: phrases.count)
    for line in 0..<sequence.lineStarts.count - 1 {
      cover(sequence.pieces(of: line)) { if case .phrase(let number, _) = $0 { uses[number] += 1 } }
    }
    for phrase in phrases {
      cover(phrase, most: phrase.count - 1) { if case .phrase(let number, _) = $0 { uses[number] += 1 } }
    }
    return uses
  }

  /// What stands at several places, the shortest first.
  private static func repeats(_ sequence: PieceSequence, _ base: UnsafePointer<UInt8>) -> [Range<Int>] {
    let count = sequence.ids.count
    var size = 1 << 8
    while size < count, size < 1 << 18 { size *= 2 }
    // The last two places of each hash.
    var recent = [Int32](repeating: -1, count: size * 2)
    var index = ByteIndex(capacity: 256)
    var found: [Range<Int>] = []
    sequence.ids.withUnsafeBufferPointer { ids in
      @inline(__always)
      func slot(_ i: Int) -> Int { Int(truncatingIfNeeded: PhraseTable.hash(ids, i) >> 20) & (size - 1) }
      func length(_ a: Int, _ b: Int, _ end: Int) -> Int {
        var n = 0
        while b + n < end, ids[a + n] == ids[b + n] { n += 1 }
        return n
      }
      for line in 0..<sequence.lineStarts.count - 1 {
        let end = Int(sequence.lineStarts[line + 1]) - 1
        var i = Int(sequence.lineStarts[line])
        // Places inside a found phrase are noted, but not looked up.
        var covered = i
        while i + PhraseTable.key <= end {
          let place = slot(i) * 2
          if i >= covered {
            var best = 0
            for k in 0..<2 where recent[place + k] >= 0 { best = max(best, length(Int(recent[place + k]), i, end)) }
            if best >= PhraseTable.key {
              let words = trim(i..<i + best, sequence, base)
              if !words.isEmpty, weight(words, sequence, base) >= leastBytes {
                if found.count < mostFound, index.add(sequence.bytes(of: words), in: base).isNew {
                  found.append(words)
                }
                covered = i + best
              }
            }
          }
          recent[place + 1] = recent[place]
          recent[place] = Int32(truncatingIfNeeded: i)
          i += 1
        }
      }
    }
    let order = found.indices.sorted { (found[$0].count, $0) < (found[$1].count, $1) }
    return order.map { found[$0] }
  }

  /// About how long a phrase would be if it were plain text: rows of the same sign cost next to nothing.
  private static func weight(_ pieces: Range<Int>, _ sequence: PieceSequence, _ base: UnsafePointer<UInt8>) -> Int {
    var sum = 0
    for i in pieces {
      let (start, end) = (Int(sequence.starts[i]), Int(sequence.starts[i + 1]))
      if !PieceSequence.isWord(base[start]) {
        sum += 1
      } else if end - start > 6, base[start + 1] == base[end - 1], base[start + 2] == base[end - 2] {
        sum += 4
      } else {
        sum += end - start
      }
      // Longer ones count as enough.
      if sum > 1 << 16 { break }
    }
    return sum
  }

  /// Without what would read badly at its ends: blanks, numbers, and brackets or quotes whose other half is outside.
  private static func trim(_ pieces: Range<Int>, _ sequence: PieceSequence, _ base: UnsafePointer<UInt8>) -> Range<Int>
  {
    func first(_ i: Int) -> UInt8 { base[Int(sequence.starts[i])] }
    func isNumber(_ i: Int) -> Bool {
      (Int(sequence.starts[i])..<Int(sequence.starts[i + 1])).allSatisfy { base[$0] &- 0x30 < 10 }
    }
    var (low, high) = (pieces.lowerBound, pieces.upperBound)
    func isQuote(_ i: Int) -> Bool { first(i) == 0x22 || first(i) == 0x27 || first(i) == 0x60 }
    while low < high {
      let byte = first(low)
      let isOpening =
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") || byte == UInt8(ascii: "<")
      let isBefore = low + 1 < high && PieceSequence.isWord(first(low + 1))
      guard !PieceSequence.isWord(byte) && !((isOpening || isQuote(low)) && isBefore) || isNumber(low) else { break }
      low += 1
    }
    while high > low {
      let byte = first(high - 1)
      let isClosing = byte == UInt8(ascii: "]") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: ">")
      let isBehind = high - 1 > low && PieceSequence.isWord(first(high - 2))
      guard !PieceSequence.isWord(byte) && !((isClosing || isQuote(high - 1)) && isBehind) || isNumber(high - 1)
      else { break }
      high -= 1
    }
    return high - low >= PhraseTable.key ? low..<high : low..<low
  }
}

/// Finds the phrases that begin at a place by the hash of its first four pieces.
struct PhraseTable {
  /// Every phrase has at least so many pieces.
  static let key = 4
  /// Of phrases with the same beginning only so many are compared.
  private static let mostTried = 32

  private var slots: [Int32] = []
  /// The next shorter phrase of the same slot.
  private var next: [Int32] = []

  init() {}

  /// - Parameter phrases: the shortest first.
  init(_ phrases: [Range<Int>], _ sequence: PieceSequence) {
    var size = 64
    while size < phrases.count * 4 { size *= 2 }
    slots = Array(repeating: -1, count: size)
    next = Array(repeating: -1, count: phrases.count)
    sequence.ids.withUnsafeBufferPointer { ids in
      for (number, phrase) in phrases.enumerated() {
        let slot = Int(truncatingIfNeeded: PhraseTable.hash(ids, phrase.lowerBound) >> 20) & (size - 1)
        next[number] = slots[slot]
        slots[slot] = Int32(truncatingIfNeeded: number)
      }
    }
  }

  @inline(__always)
  static func hash(_ ids: UnsafeBufferPointer<Int32>, _ i: Int) -> UInt64 {
    var state = UInt64(UInt32(bitPattern: ids[i])) &* 0x9e37_79b9_7f4a_7c15
    for k in 1..<key {
      state = (state ^ state >> 29 ^ UInt64(UInt32(bitPattern: ids[i + k]))) &* 0xbf58_476d_1ce4_e5b9
    }
    return state ^ state >> 31
  }

  /// The longest phrase of at most `most` pieces that stands at `i`.
  @inline(__always)
  func longest(at i: Int, end: Int, most: Int, _ sequence: PieceSequence, _ phrases: [Range<Int>]) -> Int? {
    guard !slots.isEmpty else { return nil }
    return sequence.ids.withUnsafeBufferPointer { ids -> Int? in
      var number = slots[Int(truncatingIfNeeded: PhraseTable.hash(ids, i) >> 20) & (slots.count - 1)]
      var tried = 0
      while number >= 0, tried < PhraseTable.mostTried {
        let phrase = phrases[Int(number)]
        if phrase.count <= min(most, end - i) {
          var n = 0
          while n < phrase.count, ids[phrase.lowerBound + n] == ids[i + n] { n += 1 }
          if n == phrase.count { return Int(number) }
        }
        tried += 1
        number = next[Int(number)]
      }
      return nil
    }
  }
}
