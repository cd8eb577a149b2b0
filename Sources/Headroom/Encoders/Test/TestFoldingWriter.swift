extension TestFolding {
  /// A line, or a pair of lines, that may stand with others of its shape.
  struct Unit {
    var shape: Int
    var lines: Range<Int>
    var match: LinePattern.Match
    var hasSpace: Bool
  }

  /// Goes through the lines from the first to the last and writes what stands for them.
  struct Writer {
    let folding: TestFolding
    let bytes: UnsafeBufferPointer<UInt8>
    let lines: TextLines
    let shapes: [TestRunner.Shape]
    let pairs: [Int]
    var out: [UInt8] = []
    var inView = RepeatedLines()
    /// The last line that was written as it was.
    var lastInView = -1

    init(folding: TestFolding, bytes: UnsafeBufferPointer<UInt8>) {
      self.folding = folding
      self.bytes = bytes
      lines = folding.lines
      shapes = folding.runner.shapes
      pairs = shapes.indices.filter { folding.runner.shapes[$0].second != nil }
      out.reserveCapacity(folding.lines.bytes.count)
    }

    mutating func body() -> [UInt8] {
      var i = 0
      while i < lines.count {
        guard let unit = unit(at: i) else {
          i = writeLiteral(i)
          continue
        }
        var run = [unit]
        i = unit.lines.upperBound
        if shapes[unit.shape].isFoldable {
          while i < lines.count, let next = self.unit(at: i), isNext(next, unit, run.count) {
            run.append(next)
            i = next.lines.upperBound
          }
        }
        write(run)
      }
      if !out.isEmpty { out.removeLast() }
      return out
    }

    private func unit(at i: Int) -> Unit? {
      let own = Int(folding.report.shapes[i])
      guard own >= 0 else { return nil }
      if shapes[own].role == .start, i + 1 < lines.count, folding.report.shapes[i + 1] >= 0 {
        for s in pairs {
          guard let second = shapes[s].second, let a = shapes[s].line.match(bytes, lines[i]),
            var b = second.match(bytes, lines[i + 1]), bytes[a.name].elementsEqual(bytes[b.name]),
            bytes[a.group].elementsEqual(bytes[b.group])
          else { continue }
          b.rest = a.rest
          return unit(s, i..<i + 2, b)
        }
      }
      guard shapes[own].isFoldable || shapes[own].isShortened,
        !shapes[own].isCounted || folding.isComputed[i],
        let match = shapes[own].line.match(bytes, lines[i])
      else { return nil }
      return unit(own, i..<i + 1, match)
    }

    private func unit(_ shape: Int, _ range: Range<Int>, _ match: LinePattern.Match) -> Unit {
      Unit(shape: shape, lines: range, match: match, hasSpace: bytes[match.name].contains(UInt8(ascii: " ")))
    }

    /// Whether a unit may stand behind `count` others that begin with `first`.
    private func isNext(_ unit: Unit, _ first: Unit, _ count: Int) -> Bool {
      guard unit.shape == first.shape, unit.hasSpace == first.hasSpace || folding.runner.separator == nil,
        count < 10_000
      else { return false }
      let (a, b) = (first.match, unit.match)
      guard same(a.indent, b.indent), same(a.group, b.group), same(a.total, b.total) else { return false }
      if !a.time.isEmpty, shapes[unit.shape].brief.has(.alignedTime), a.time.count != b.time.count { return false }
      if !a.number.isEmpty {
        guard let start = FoldedLine.integer(bytes, a.number), let value = FoldedLine.integer(bytes, b.number),
          value == start + count,
          !shapes[unit.shape].brief.has(.alignedNumber) || a.number.count == b.number.count
        else { return false }
      }
      return true
    }

    private func same(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
      UnsafeBufferPointer(rebasing: bytes[a]).isEqual(to: UnsafeBufferPointer(rebasing: bytes[b]))
    }

    // MARK: Folded lines

    private mutating func write(_ run: [Unit]) {
      guard run.count > 1 else { return writeSingle(run[0]) }
      guard let separator = folding.runner.separator, !run[0].hasSpace else {
        return writeFold(run[...])
      }
      // Tests of one file or class stand together; those that are alone with theirs, with others like that.
      let keys = run.map { key($0.match.name, separator) }
      var pending = 0
      var start = 0
      while start < run.count {
        var end = start + 1
        while end < run.count, same(keys[start], keys[end]) { end += 1 }
        if end - start >= 2 {
          writeFold(run[pending..<start])
          writeFold(run[start..<end])
          pending = end
        }
        start = end
      }
      writeFold(run[pending...])
    }

    /// The part of a name that says where the test is.
    private func key(_ name: Range<Int>, _ separator: [UInt8]) -> Range<Int> {
      let stop = bytes[name].firstIndex { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "(") } ?? name.upperBound
      var p = stop - separator.count
      while p > name.lowerBound {
        if bytes[p..<p + separator.count].elementsEqual(separator) { return name.lowerBound..<p + separator.count }
        p -= 1
      }
      return name.lowerBound..<name.lowerBound
    }

    private mutating func writeFold(_ run: ArraySlice<Unit>) {
      guard let first = run.first else { return }
      let shape = shapes[first.shape]
      let isPhrases = run.contains { $0.hasSpace }
      let prefix = isPhrases && folding.runner.separator == nil ? 0 : commonPrefix(run)
      guard run.count > 1 || shape.second != nil && !isPhrases, shape.isFoldable,
        run.allSatisfy({ isItem($0, prefix, isPhrases) })
      else {
        for unit in run { writeSingle(unit) }
        return
      }
      let time = commonTime(run)
      let start = out.count
      var writer = TestLineWriter(match: first.match, bytes: bytes)
      let name = first.match.name
      writer.name = Array(bytes[name.lowerBound..<name.lowerBound + prefix]) + [UInt8(ascii: "*")]
      writer.time = time.map { Array(bytes[$0])[...] }
      writer.write(shape.brief, folding.progress, to: &out)
      let head = out.count
      out += ": ".utf8
      writeList(run, prefix, time, isPhrases)
      // A head that reads as something else is none.
      let isRead = out.withUnsafeBufferPointer { written in
        guard let read = FoldedLine(written, start..<out.count, of: folding.report.runner) else { return false }
        return read.shape == first.shape && read.items.lowerBound == head + 2
      }
      if isRead {
        out.append(UInt8(ascii: "\n"))
      } else {
        out.removeSubrange(start...)
        for unit in run { writeSingle(unit) }
      }
    }

    private mutating func writeList(_ run: ArraySlice<Unit>, _ prefix: Int, _ time: Range<Int>?, _ isPhrases: Bool) {
      var base: Range<Int>?
      for unit in run {
        let name = unit.match.name
        if unit.lines.lowerBound != run[run.startIndex].lines.lowerBound {
          if isPhrases { out += FoldedLine.bar } else { out.append(UInt8(ascii: " ")) }
        }
        let bracket = isPhrases ? nil : bytes[name].firstIndex(of: UInt8(ascii: "["))
        let own = name.lowerBound..<(bracket ?? name.upperBound)
        if let bracket, let base, same(base, own) {
          out += bytes[bracket..<name.upperBound]
        } else {
          out += bytes[name.lowerBound + prefix..<name.upperBound]
        }
        base = own
        guard let time else { continue }
        if !same(trim(unit.match.time), time) || isPhrases && endsInTime(name) {
          out.append(UInt8(ascii: " "))
          out += bytes[trim(unit.match.time)]
        }
      }
    }

    private func endsInTime(_ name: Range<Int>) -> Bool {
      guard let space = bytes[name].lastIndex(of: UInt8(ascii: " ")) else { return false }
      return FoldedLine.isTime(bytes[space + 1..<name.upperBound])
    }

    /// Without the spaces before it.
    private func trim(_ time: Range<Int>) -> Range<Int> {
      var start = time.lowerBound
      while start < time.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
      return start..<time.upperBound
    }

    /// Whether a name can stand in a list.
    private func isItem(_ unit: Unit, _ prefix: Int, _ isPhrases: Bool) -> Bool {
      let name = bytes[unit.match.name]
      guard let first = name.first, let last = name.last else { return false }
      let rest = name.dropFirst(prefix)
      if isPhrases {
        guard first != UInt8(ascii: " "), rest.first != UInt8(ascii: " "), last != UInt8(ascii: " ") else {
          return false
        }
        return !UnsafeBufferPointer(rebasing: name).contains(bar)
      }
      guard let start = rest.first, start != UInt8(ascii: "["), !rest.elementsEqual([UInt8(ascii: "|")]) else {
        return false
      }
      return !FoldedLine.isTime(rest)
    }

    private var bar: UnsafeBufferPointer<UInt8> {
      let text: StaticString = " | "
      return UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// How much of their names the units share, up to the end of a word.
    private func commonPrefix(_ run: ArraySlice<Unit>) -> Int {
      guard let first = run.first?.match.name else { return 0 }
      var count = first.count - 1
      for unit in run {
        let name = unit.match.name
        count = min(count, name.count - 1)
        var i = 0
        while i < count, bytes[first.lowerBound + i] == bytes[name.lowerBound + i] { i += 1 }
        count = i
      }
      for i in 0..<count {
        let byte = bytes[first.lowerBound + i]
        if byte == UInt8(ascii: "*") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") {
          count = i
          break
        }
      }
      while count > 0 {
        let (a, b) = (bytes[first.lowerBound + count - 1], bytes[first.lowerBound + count])
        if !isWord(a) && a < 0x80 || isLower(a) && b &- 0x41 < 26 { break }
        count -= 1
      }
      return count
    }

    private func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
    private func isWord(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 }

    /// The time that most of the units took, so that it need not be said of each. Nil when the shape has none.
    private func commonTime(_ run: ArraySlice<Unit>) -> Range<Int>? {
      guard let first = run.first?.match.time, !first.isEmpty, let base = bytes.baseAddress else { return nil }
      var index = ByteIndex(capacity: 16)
      var counts: [Int] = []
      for unit in run {
        let (number, isNew) = index.add(trim(unit.match.time), in: base)
        if isNew { counts.append(1) } else { counts[number] += 1 }
      }
      let most = counts.max() ?? 1
      return index.ranges[counts.firstIndex(of: most) ?? 0]
    }

    // MARK: Single lines

    private mutating func writeSingle(_ unit: Unit) {
      guard shapes[unit.shape].isShortened else {
        for i in unit.lines { writeAsItWas(i) }
        return
      }
      let start = out.count
      let writer = TestLineWriter(match: unit.match, bytes: bytes)
      writer.write(shapes[unit.shape].brief, folding.progress, to: &out)
      let isRead = out.withUnsafeBufferPointer { written in
        reads(written, start..<out.count, as: unit.shape)
      }
      if isRead {
        out.append(UInt8(ascii: "\n"))
      } else {
        out.removeSubrange(start...)
        for i in unit.lines { writeAsItWas(i) }
      }
    }

    /// Whether a line is read back as a brief line of the shape.
    private func reads(_ written: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, as shape: Int?) -> Bool {
      guard !line.isEmpty, written[line.lowerBound] != UInt8(ascii: "\\"), RepeatedLines.read(written, line) == nil,
        RepeatedLines.readLineAbove(written, line) == nil,
        FoldedLine(written, line, of: folding.report.runner) == nil
      else { return false }
      var found: Int?
      TestRunner.briefLookups[folding.report.runner].candidates(written, line) { entry in
        guard entry.pointee.pattern.matches(written, line) else { return false }
        found = entry.pointee.key
        return true
      }
      return found == shape
    }

    private mutating func writeAsItWas(_ i: Int) {
      let line = lines[i]
      if !line.isEmpty, !reads(bytes, line, as: nil) { out.append(UInt8(ascii: "\\")) }
      out += UnsafeBufferPointer(rebasing: bytes[line])
      out.append(UInt8(ascii: "\n"))
      lastInView = i
      if let quote = RepeatedLines.quote(bytes, line) { inView.add(quote, line: i, in: bytes) }
    }

    /// A line as it was, or a reference to earlier ones. Returns the next line.
    private mutating func writeLiteral(_ i: Int) -> Int {
      if i > 0, lastInView == i - 1, !lines[i].isEmpty, same(lines[i - 1], lines[i]) {
        var count = 1
        while i + count < lines.count, same(lines[i], lines[i + count]) { count += 1 }
        if count * lines[i].count >= RepeatedLines.fewestBytesOfLine {
          out += RepeatedLines.reference(count)
          out.append(UInt8(ascii: "\n"))
          return i + count
        }
      }
      if let quote = RepeatedLines.quote(bytes, lines[i]),
        let source = inView.line(UnsafeBufferPointer(rebasing: bytes[quote]), in: bytes)
      {
        var count = 0
        var size = 0
        while source + count < i, i + count < lines.count, isPlain(i + count),
          same(lines[source + count], lines[i + count])
        {
          size += lines[i + count].count + 1
          count += 1
        }
        if count >= RepeatedLines.fewestLines, size >= RepeatedLines.fewestBytes {
          out += RepeatedLines.reference(count, bytes[quote])
          out.append(UInt8(ascii: "\n"))
          return i + count
        }
      }
      writeAsItWas(i)
      return i + 1
    }

    /// Whether a line is never folded.
    private func isPlain(_ i: Int) -> Bool {
      // Each failure says by itself what went wrong.
      guard !folding.report.isError(i, bytes) else { return false }
      let shape = Int(folding.report.shapes[i])
      return shape < 0 || !shapes[shape].isFoldable && !shapes[shape].isShortened && shapes[shape].role != .start
    }
  }
}
