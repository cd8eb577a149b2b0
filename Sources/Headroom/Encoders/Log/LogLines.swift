/// Lines taken apart into what is fixed and what varies: words with a digit are values, all else is fixed. Lines with the same fixed
/// text are a group.
struct LogLines {
  struct Value {
    var start: UInt32
    var length: UInt32
    var hash: UInt64
  }

  let lines: TextLines
  /// The values of all lines, one after another; where a line's stamp is left to the heading, that part of it is the value `head` is.
  private(set) var values: [Value] = []
  /// Where the values of each line start in `values`, and one more.
  private(set) var firstValue: [Int] = []
  /// The group of each line; -1 for lines that are not taken apart.
  private(set) var groups: [Int32] = []
  /// How many lines each group has.
  private(set) var counts: [Int] = []
  /// The first line of each group.
  private var models: [Int32] = []
  /// How many lines have a stamp.
  private(set) var stampCount = 0
  /// The part of each stamp that stands in a heading.
  private(set) var headPart: LogStamp.Part?

  /// The hash that marks the value that a heading says.
  static let head: UInt64 = 0x6865_6164
  /// Lines longer than this, and lines with more values, are not taken apart.
  static let longest = 8_192
  static let mostValues = 200

  init(_ lines: TextLines) {
    self.lines = lines
    lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return }
      let stamps = LogStamps(lines, base)
      headPart = stamps.part
      stampCount = stamps.count
      lex(base, stamps)
      if let words = LogWords(self, models: models, counts: counts, base) { join(words, base) }
    }
  }

  /// Makes values of words, and one group of all that differ in them.
  private mutating func join(_ words: LogWords, _ base: UnsafePointer<UInt8>) {
    var joined: [Value] = []
    joined.reserveCapacity(values.count + lines.count)
    var firsts: [Int] = []
    firsts.reserveCapacity(firstValue.count)
    let groupCount = counts.count
    counts += Array(repeating: 0, count: words.patternCount)
    for line in 0..<lines.count {
      firsts.append(joined.count)
      let own = values(of: line)
      let group = Int(groups[line])
      guard group >= 0, let choice = words.choices[group] else {
        joined += values[own]
        continue
      }
      let word = LogWords.tokens(of: line, self, base)[Int(choice.token)].range
      let place = own.first { Int(values[$0].start) > word.lowerBound } ?? own.upperBound
      joined += values[own.lowerBound..<place]
      joined.append(
        Value(
          start: UInt32(word.lowerBound), length: UInt32(word.count),
          hash: ByteHash.hash(UnsafeBufferPointer(start: base + word.lowerBound, count: word.count))))
      joined += values[place..<own.upperBound]
      groups[line] = Int32(groupCount) + choice.pattern
      counts[group] -= 1
      counts[groupCount + Int(choice.pattern)] += 1
    }
    firsts.append(joined.count)
    values = joined
    firstValue = firsts
  }

  private mutating func lex(_ base: UnsafePointer<UInt8>, _ stamps: LogStamps) {
    let count = lines.count
    firstValue.reserveCapacity(count + 1)
    groups.reserveCapacity(count)
    values.reserveCapacity(lines.range.count / 16)
    var index = HashIndex()
    for line in 0..<count {
      let range = lines[line]
      firstValue.append(values.count)
      let first = values.count
      guard range.count <= LogLines.longest else {
        groups.append(-1)
        continue
      }
      var hash: UInt64 = 0x2545_f491_4f6c_dd1d
      var start = range.lowerBound
      var fixed = start
      let head = stamps.heads.isEmpty ? 0..<0 : stamps.head(of: line)
      if !head.isEmpty {
        scan(base, start, head.lowerBound, &fixed, &hash)
        hash = LogLines.mix(hash, base, fixed..<head.lowerBound) ^ LogLines.head
        values.append(
          Value(start: UInt32(head.lowerBound), length: UInt32(head.count), hash: LogLines.head))
        start = head.upperBound
        fixed = start
      }
      scan(base, start, range.upperBound, &fixed, &hash)
      guard values.count - first <= LogLines.mostValues else {
        values.removeLast(values.count - first)
        groups.append(-1)
        continue
      }
      hash = LogLines.mix(hash, base, fixed..<range.upperBound)
      let (number, isNew) = index.add(hash)
      if isNew {
        counts.append(0)
        models.append(Int32(truncatingIfNeeded: line))
      }
      counts[number] += 1
      groups.append(Int32(truncatingIfNeeded: number))
    }
    firstValue.append(values.count)
  }

  /// Adds the words with digits of a part of a line.
  @inline(__always)
  private mutating func scan(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ fixed: inout Int, _ hash: inout UInt64
  ) {
    ByteClass.table.withUnsafeBufferPointer { table in
      var p = start
      var word = start
      var hasDigit: UInt8 = 0
      while p < end {
        let c = table[Int(base[p])]
        if c <= ByteClass.digit {
          hasDigit |= c
          p += 1
          continue
        }
        if c == ByteClass.joint, hasDigit != 0, p > start, p + 1 < end, LogStamp.isDigit(base[p - 1]),
          LogStamp.isDigit(base[p + 1])
        {
          p += 1
          continue
        }
        if hasDigit != 0 { add(base, word..<p, &fixed, &hash) }
        hasDigit = 0
        p += 1
        word = p
      }
      if hasDigit != 0 { add(base, word..<end, &fixed, &hash) }
    }
  }

  @inline(__always)
  private mutating func add(
    _ base: UnsafePointer<UInt8>, _ word: Range<Int>, _ fixed: inout Int, _ hash: inout UInt64
  ) {
    hash = LogLines.mix(hash, base, fixed..<word.lowerBound)
    fixed = word.upperBound
    values.append(
      Value(
        start: UInt32(truncatingIfNeeded: word.lowerBound), length: UInt32(truncatingIfNeeded: word.count),
        hash: ByteHash.hash(UnsafeBufferPointer(start: base + word.lowerBound, count: word.count))))
  }

  @inline(__always)
  static func mix(_ hash: UInt64, _ base: UnsafePointer<UInt8>, _ part: Range<Int>) -> UInt64 {
    let own = ByteHash.hash(UnsafeBufferPointer(start: base + part.lowerBound, count: part.count))
    let product = (hash ^ own).multipliedFullWidth(by: 0x9fb2_1c65_1e98_df25)
    return product.high ^ product.low
  }

  /// The values of a line.
  @inline(__always)
  func values(of line: Int) -> Range<Int> { firstValue[line]..<firstValue[line + 1] }
}

/// How bytes make up words.
enum ByteClass {
  static let letter: UInt8 = 0
  static let digit: UInt8 = 1
  /// Ends a word.
  static let delimiter: UInt8 = 2
  /// Ends a word unless it stands between digits.
  static let joint: UInt8 = 3

  static let table: [UInt8] = {
    var table = [UInt8](repeating: letter, count: 256)
    for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { table[Int(byte)] = digit }
    for byte in " \t\r[]()=;\"'`<>{}|".utf8 { table[Int(byte)] = delimiter }
    for byte in ":,".utf8 { table[Int(byte)] = joint }
    return table
  }()
}

/// Numbers distinct hashes in the order they are added.
struct HashIndex {
  private(set) var count = 0
  private var keys: [UInt64]
  private var numbers: [Int32]
  private var mask: Int

  init(capacity: Int = 64) {
    var size = 128
    while size < capacity * 2 { size *= 2 }
    mask = size - 1
    keys = Array(repeating: 0, count: size)
    numbers = Array(repeating: -1, count: size)
  }

  @inline(__always)
  mutating func add(_ hash: UInt64) -> (number: Int, isNew: Bool) {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while numbers[slot] >= 0 {
      if keys[slot] == hash { return (Int(numbers[slot]), false) }
      slot = (slot + 1) & mask
    }
    keys[slot] = hash
    numbers[slot] = Int32(truncatingIfNeeded: count)
    count += 1
    if count * 2 > mask { grow() }
    return (count - 1, true)
  }

  @inline(__always)
  func number(of hash: UInt64) -> Int? {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while numbers[slot] >= 0 {
      if keys[slot] == hash { return Int(numbers[slot]) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private mutating func grow() {
    let old = (keys, numbers)
    mask = mask * 2 + 1
    keys = Array(repeating: 0, count: mask + 1)
    numbers = Array(repeating: -1, count: mask + 1)
    for (key, number) in zip(old.0, old.1) where number >= 0 {
      var slot = Int(truncatingIfNeeded: key) & mask
      while numbers[slot] >= 0 { slot = (slot + 1) & mask }
      keys[slot] = key
      numbers[slot] = number
    }
  }
}
