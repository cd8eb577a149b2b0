/// A line with places for what varies.
struct LogTemplate {
  enum Column: Equatable {
    /// The same in all lines, and so part of the template.
    case fixed
    /// What the heading above says.
    case head
    /// A value, but for so many bytes at its start and end that are part of the template.
    case value(prefix: Int, suffix: Int)
  }

  /// The line that has the template's text.
  var model: Int
  var columns: [Column]
  /// Where in the model line the rest begins that is a value as a whole; nil when the template goes to the end.
  var rest: Int?
  /// How many tokens it saves, about.
  var gain: Int

  var hasHead: Bool { columns.contains(.head) }
}

/// The templates that pay for some lines.
struct LogTemplates {
  let source: LogLines
  /// In the order of their first lines.
  private(set) var templates: [LogTemplate] = []
  /// The template of each line; -1 where none is worth it.
  private(set) var templateOf: [Int32]
  /// Where the rest of each line begins, for templates that have one. Empty when none has.
  private(set) var restOf: [UInt32] = []

  /// As many as there are names: `A` to `Z`, then `Aa` to `Zz`.
  static let most = 26 + 26 * 26
  /// How deep groups are divided by frequent values.
  private static let mostDivisions = 6
  /// Tokens that the definition of a template costs beside its text.
  private static let overhead = 4
  /// Tokens that a template must save in each line: a line that says nearly all itself had better say all.
  private static let leastEach = 3
  /// Tokens that a division must save for each template that it adds: many templates are hard to read.
  private static let divisionCost = 16

  init(_ source: LogLines) {
    self.source = source
    templateOf = Array(repeating: -1, count: source.lines.count)
    source.lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress, !source.counts.isEmpty else { return }
      find(base)
    }
    order()
  }

  // MARK: Whole lines

  private mutating func find(_ base: UnsafePointer<UInt8>) {
    let lineCount = source.lines.count
    // The lines by group, each group in order.
    var starts = [Int](repeating: 0, count: source.counts.count)
    var total = 0
    for group in source.counts.indices {
      starts[group] = total
      total += source.counts[group]
    }
    var members = [Int32](repeating: 0, count: total)
    var next = starts
    for line in 0..<lineCount {
      let group = Int(source.groups[line])
      guard group >= 0 else { continue }
      members[next[group]] = Int32(truncatingIfNeeded: line)
      next[group] += 1
    }
    var left: [Int32] = []
    for group in source.counts.indices {
      let part = members[starts[group]..<starts[group] + source.counts[group]]
      if part.count == 1 { left.append(part[part.startIndex]) } else { divide(part, depth: 0, base, &left) }
    }
    findPrefixes(left, base)
  }

  /// Makes templates of lines of one group: one for each frequent value where that pays, or one for all.
  private mutating func divide(
    _ members: ArraySlice<Int32>, depth: Int, _ base: UnsafePointer<UInt8>, _ left: inout [Int32]
  ) {
    guard let first = members.first, members.count > 1 else {
      left += members
      return
    }
    let model = Int(first)
    let columnCount = source.values(of: model).count
    let columns = self.columns(members, columnCount)
    let fixed = fixedTokens(model, columns, base)
    if depth < LogTemplates.mostDivisions, members.count >= 8 {
      var best: (gain: Int, column: Int, heavy: [UInt64]) = (0, 0, [])
      for column in columns.indices {
        guard case .value = columns[column] else { continue }
        let (gain, heavy) = frequent(members, column, cost: fixed + columnCount + LogTemplates.divisionCost, base)
        if gain > best.gain { best = (gain, column, heavy) }
      }
      if best.gain > 0 {
        var parts: [[Int32]] = Array(repeating: [], count: best.heavy.count + 1)
        for line in members {
          let hash = source.values[source.firstValue[Int(line)] + best.column].hash
          parts[best.heavy.firstIndex(of: hash) ?? best.heavy.count].append(line)
        }
        for part in parts { divide(part[...], depth: depth + 1, base, &left) }
        return
      }
    }
    if !add(members, columns, rest: nil, base) { left += members }
  }

  /// What each column is: the same in all lines or not.
  private func columns(_ members: ArraySlice<Int32>, _ count: Int) -> [LogTemplate.Column] {
    guard let model = members.first.map(Int.init), count > 0 else { return [] }
    let first = source.firstValue[model]
    return source.values.withUnsafeBufferPointer { values in
      source.firstValue.withUnsafeBufferPointer { firsts in
        (0..<count).map { column in
          let hash = values[first + column].hash
          if hash == LogLines.head { return .head }
          for line in members where values[firsts[Int(line)] + column].hash != hash {
            return .value(prefix: 0, suffix: 0)
          }
          return .fixed
        }
      }
    }
  }

  /// The values of a column that are worth a template of their own at `cost` tokens each, and what they save.
  private func frequent(
    _ members: ArraySlice<Int32>, _ column: Int, cost: Int, _ base: UnsafePointer<UInt8>
  ) -> (gain: Int, values: [UInt64]) {
    let slots = 64
    return withUnsafeTemporaryAllocation(of: (hash: UInt64, count: Int, place: Int).self, capacity: slots) { table in
      table.initialize(repeating: (0, 0, 0))
      var distinct = 0
      var seen = 0
      for line in members {
        let place = source.firstValue[Int(line)] + column
        let hash = source.values[place].hash
        var slot = Int(truncatingIfNeeded: hash >> 7) & (slots - 1)
        while table[slot].count > 0, table[slot].hash != hash { slot = (slot + 1) & (slots - 1) }
        if table[slot].count > 0 {
          table[slot].count += 1
        } else if distinct < slots * 3 / 4 {
          table[slot] = (hash, 1, place)
          distinct += 1
        }
        seen += 1
        // Where nearly all are different, none is frequent.
        if seen == 48, distinct > 36 { return (0, []) }
      }
      var gain = 0
      var heavy: [(place: Int, hash: UInt64)] = []
      for entry in table where entry.count >= 3 {
        let value = source.values[entry.place]
        let saved = entry.count * (1 + TokenGuess.count(text(value, base))) - cost
        guard saved > 0 else { continue }
        gain += saved
        heavy.append((entry.place, entry.hash))
      }
      // In the order in which they come first.
      heavy.sort { $0.place < $1.place }
      return (gain, heavy.map(\.hash))
    }
  }

  @inline(__always)
  private func text(_ value: LogLines.Value, _ base: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + Int(value.start), count: Int(value.length))
  }

  /// The tokens of what is fixed in a line.
  private func fixedTokens(
    _ model: Int, _ columns: [LogTemplate.Column], end: Int? = nil, _ base: UnsafePointer<UInt8>
  ) -> Int {
    let first = source.firstValue[model]
    var tokens = 0
    var start = source.lines[model].lowerBound
    for (i, column) in columns.enumerated() where column != .fixed {
      let value = source.values[first + i]
      tokens += TokenGuess.count(UnsafeBufferPointer(start: base + start, count: Int(value.start) - start))
      start = Int(value.start + value.length)
    }
    let end = end ?? source.lines[model].upperBound
    return tokens + TokenGuess.count(UnsafeBufferPointer(start: base + start, count: end - start))
  }

  /// Adds a template for lines if it pays.
  private mutating func add(
    _ members: ArraySlice<Int32>, _ columns: [LogTemplate.Column], rest: Int?, _ base: UnsafePointer<UInt8>
  ) -> Bool {
    guard let model = members.first.map(Int.init) else { return false }
    var columns = columns
    for i in columns.indices {
      guard case .value = columns[i] else { continue }
      columns[i] = affixes(members, i, base)
    }
    let end = rest.map { source.lines[model].lowerBound + $0 }
    let fixed = fixedTokens(model, columns, end: end, base)
    let values = columns.reduce(0) { if case .value = $1 { $0 + 1 } else { $0 } } + (rest == nil ? 0 : 1)
    let affixes = columns.reduce(0) {
      if case .value(let prefix, let suffix) = $1 { $0 + (prefix + 3) / 4 + (suffix + 3) / 4 } else { $0 }
    }
    let each = fixed + affixes - 1 - values
    var gain = members.count * each - fixed - affixes - values - LogTemplates.overhead
    var isWorthIt = gain > 0 && each >= LogTemplates.leastEach
    if values == 0, !columns.contains(.head) {
      // The same line again and again is written once.
      let runs = 1 + zip(members, members.dropFirst()).count { $1 != $0 + 1 }
      let whole = members.count * (fixed + 1) - runs * 4 - fixed - LogTemplates.overhead
      if members.count >= 3 * runs, whole > 0 {
        gain = max(gain, whole)
        isWorthIt = true
      }
    }
    guard isWorthIt else { return false }
    let number = Int32(truncatingIfNeeded: templates.count)
    templates.append(LogTemplate(model: model, columns: columns, rest: rest, gain: gain))
    for line in members { templateOf[Int(line)] = number }
    return true
  }

  /// What all values of a column begin and end with, cut where a word of theirs ends.
  private func affixes(_ members: ArraySlice<Int32>, _ column: Int, _ base: UnsafePointer<UInt8>) -> LogTemplate.Column
  {
    guard let model = members.first.map(Int.init) else { return .value(prefix: 0, suffix: 0) }
    let first = source.values[source.firstValue[model] + column]
    let start = base + Int(first.start)
    let end = start + Int(first.length)
    var prefix = Int(first.length)
    var suffix = prefix
    var shortest = prefix
    for line in members.dropFirst() {
      let value = source.values[source.firstValue[Int(line)] + column]
      let length = Int(value.length)
      shortest = min(shortest, length)
      prefix = min(prefix, length)
      suffix = min(suffix, length)
      let own = base + Int(value.start)
      var i = 0
      while i < prefix, start[i] == own[i] { i += 1 }
      prefix = i
      let ownEnd = own + length
      i = 0
      while i < suffix, end[-1 - i] == ownEnd[-1 - i] { i += 1 }
      suffix = i
      if prefix == 0, suffix == 0 { return .value(prefix: 0, suffix: 0) }
    }
    while prefix > 0, !isBoundary(start, prefix - 1, prefix, count: Int(first.length)) { prefix -= 1 }
    suffix = min(suffix, shortest - prefix)
    let length = Int(first.length)
    while suffix > 0, !isBoundary(start, length - suffix, length - suffix - 1, count: length) { suffix -= 1 }
    return .value(prefix: prefix, suffix: suffix)
  }

  /// Whether the byte at `inner`, the last of an affix, may be parted from the one at `outer`: it is a sign, or a letter beside a digit.
  private func isBoundary(_ value: UnsafePointer<UInt8>, _ inner: Int, _ outer: Int, count: Int) -> Bool {
    let byte = value[inner]
    if TokenGuess.isLetter(byte) { return outer >= 0 && outer < count && LogStamp.isDigit(value[outer]) }
    return !LogStamp.isDigit(byte) && byte < 0x80
  }

  // MARK: Beginnings of lines

  /// Makes templates of what lines begin with, for those that have nothing else in common.
  private mutating func findPrefixes(_ left: [Int32], _ base: UnsafePointer<UInt8>) {
    guard left.count >= 3 else { return }
    var index = HashIndex(capacity: left.count)
    /// How many lines begin so, and what that saves in each.
    var found: [(count: Int, each: Int, fixed: Int)] = []
    var ends: [(line: Int32, end: UInt32, number: Int32)] = []
    for line in left {
      forEachPrefix(of: Int(line), base) { end, valueCount, hash in
        let (number, isNew) = index.add(hash)
        if isNew {
          let columns = source.values[source.firstValue[Int(line)]...].prefix(valueCount).map {
            $0.hash == LogLines.head ? LogTemplate.Column.head : .value(prefix: 0, suffix: 0)
          }
          let fixed = fixedTokens(Int(line), columns, end: end, base)
          let params = columns.count(where: { $0 != .head }) + 1
          found.append((0, fixed - 1 - params, fixed + params + LogTemplates.overhead))
        }
        found[number].count += 1
        ends.append((line, UInt32(end), Int32(number)))
      }
    }
    // The longest beginning that pays, for each line.
    var chosen: [(line: Int32, end: UInt32, number: Int32)] = []
    var i = 0
    while i < ends.count {
      var best: (line: Int32, end: UInt32, number: Int32)?
      let line = ends[i].line
      while i < ends.count, ends[i].line == line {
        let entry = found[Int(ends[i].number)]
        if entry.count >= 3, entry.count * entry.each > entry.fixed { best = ends[i] }
        i += 1
      }
      if let best { chosen.append(best) }
    }
    guard !chosen.isEmpty else { return }
    restOf = Array(repeating: 0, count: source.lines.count)
    var groups: [[Int32]] = Array(repeating: [], count: found.count)
    for entry in chosen {
      groups[Int(entry.number)].append(entry.line)
      restOf[Int(entry.line)] = entry.end
    }
    for group in groups where group.count > 1 {
      let model = Int(group[0])
      let start = source.lines[model].lowerBound
      let end = Int(restOf[model])
      let count = source.values(of: model).count(where: { Int(source.values[$0].start) < end })
      _ = add(group[...], columns(group[...], count), rest: end - start, base)
    }
  }

  /// Where the beginning of a line may end: behind a space that follows a sign.
  private func forEachPrefix(
    of line: Int, _ base: UnsafePointer<UInt8>, _ body: (_ end: Int, _ valueCount: Int, _ hash: UInt64) -> Void
  ) {
    let range = source.lines[line]
    let values = source.values(of: line)
    var value = values.lowerBound
    var hash: UInt64 = 0x51_7cc1
    var fixed = range.lowerBound
    var p = range.lowerBound
    var found = 0
    let limit = min(range.upperBound - 1, range.lowerBound + 200)
    while p < limit, found < 8 {
      if value < values.upperBound, p == Int(source.values[value].start) {
        let own = source.values[value]
        hash = LogLines.mix(hash, base, fixed..<p) ^ (own.hash == LogLines.head ? LogLines.head : 0)
        p += max(Int(own.length), 1)
        fixed = Int(own.start + own.length)
        value += 1
        continue
      }
      if base[p] == UInt8(ascii: " "), p > range.lowerBound, base[p + 1] != UInt8(ascii: " "),
        LogTemplates.isSign(base[p - 1])
      {
        found += 1
        body(p + 1, value - values.lowerBound, LogLines.mix(hash, base, fixed..<p + 1))
      }
      p += 1
    }
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    ":])|>,;=-}".utf8.contains(byte)
  }

  // MARK: Order

  /// Puts the templates in the order of their first lines, and drops the least useful when there are too many.
  private mutating func order() {
    guard !templates.isEmpty else { return }
    var numbers = [Int32](repeating: -1, count: templates.count)
    var isKept = [Bool](repeating: true, count: templates.count)
    if templates.count > LogTemplates.most {
      let byGain = templates.indices.sorted { (-templates[$0].gain, $0) < (-templates[$1].gain, $1) }
      for number in byGain[LogTemplates.most...] { isKept[number] = false }
    }
    var ordered: [LogTemplate] = []
    for line in templateOf.indices {
      let old = Int(templateOf[line])
      guard old >= 0 else { continue }
      guard isKept[old] else {
        templateOf[line] = -1
        continue
      }
      if numbers[old] < 0 {
        numbers[old] = Int32(truncatingIfNeeded: ordered.count)
        ordered.append(templates[old])
      }
      templateOf[line] = numbers[old]
    }
    templates = ordered
  }
}
