/// Where tables are in a text whose columns stand below their names, padded with spaces, as `ps`, `kubectl get` and `netstat` print them.
///
/// The names stand in the first line. Between two of them is a column's end where at least one place is blank in all rows. Rows in which a
/// long value pushes the rest aside are read by their words, where no cell of the table is empty or has two.
enum AlignedGrammar {
  struct Run {
    /// The header and the rows.
    var lines: Range<Int>
    /// Whether dashes stand below the names.
    var hasRule = false
    /// Whether lines end in a carriage return.
    var isCRLF = false
    /// Where each column begins; the first at 0. Places count characters.
    var splits: [Int]
    /// Where each name stands.
    var names: [Range<Int>]
  }

  /// Lines of a header are no longer than this, and names no longer than that.
  private static let longestHeader = 1_000
  private static let longestName = 32
  private static let fewestRows = 2

  static func runs(in lines: TextLines) -> [Run] {
    guard lines.count > fewestRows else { return [] }
    var runs: [Run] = []
    lines.text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      /// Rows read for headers that were none.
      var wasted = 0
      var line = 0
      while line + fewestRows < lines.count, wasted < 4 * lines.count + 64 {
        guard isHeader(base, lines[line]), let candidate = Candidate(line, lines, base) else {
          line += 1
          continue
        }
        if let run = candidate.run(lines, base) {
          runs.append(run)
          line = run.lines.upperBound
        } else {
          wasted += candidate.end - line
          line += 1
        }
      }
    }
    return runs
  }

  /// Whether a line looks like names with space between them. Most lines fail after a few bytes.
  private static func isHeader(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard 8...longestHeader ~= range.count else { return false }
    var letters = 0
    var others = 0
    var wide = 0
    var spaces = 0
    var word = 0
    var last = UInt8(ascii: " ")
    /// Whether the word so far has digits and nothing else, and how many.
    var isNumber = false
    var digits = 0
    for i in range {
      let byte = base[i]
      switch byte {
      case UInt8(ascii: " "):
        spaces += 1
        digits = 0
        if spaces == 2, word > 0 { wide += 1 }
        if spaces == 1, isNumber { return false }
        // A name does not end like a sentence or a clause.
        if spaces == 1, last == UInt8(ascii: ".") || last == UInt8(ascii: ":") || last == UInt8(ascii: "!") {
          return false
        }
        if spaces == 2 { word = 0 }
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
        letters += 1
        spaces = 0
        word += 1
        isNumber = false
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        others += 1
        isNumber = isNumber || last == UInt8(ascii: " ")
        digits += 1
        // Dates and hashes are values.
        if digits == 3 { return false }
        spaces = 0
        word += 1
      case UInt8(ascii: "\r") where i + 1 == range.upperBound: break
      case UInt8(ascii: "-") where last == UInt8(ascii: " "): return false
      case UInt8(ascii: "%"), UInt8(ascii: "#"), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "("), UInt8(ascii: ")"),
        UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: "+"), UInt8(ascii: "&"):
        isNumber = false
        // But a time may stand before names.
        if byte == UInt8(ascii: ":") { digits = 0 }
        others += 1
        spaces = 0
        word += 1
      default: return false
      }
      if word > longestName * 2 { return false }
      last = byte
    }
    return wide > 0 && letters > 3 && letters > others
  }
}

extension AlignedGrammar {
  /// A header and the rows below it that keep its columns apart.
  struct Candidate {
    private let header: Int
    private(set) var end: Int
    private var hasRule = false
    private let isCRLF: Bool
    private var words: [Range<Int>] = []
    /// The places of each gap between two words that are blank in all rows.
    private var gaps: [[Int]] = []

    init?(_ header: Int, _ lines: TextLines, _ base: UnsafePointer<UInt8>) {
      self.header = header
      end = header + 1
      let start = lines[header].lowerBound
      isCRLF = base[lines[header].upperBound - 1] == UInt8(ascii: "\r")
      let lineEnd = lines[header].upperBound - (isCRLF ? 1 : 0)
      var word = start
      for i in start...lineEnd {
        let isSpace = i == lineEnd || base[i] == UInt8(ascii: " ")
        guard isSpace else { continue }
        if i > word { words.append(word - start..<i - start) }
        word = i + 1
      }
      guard words.count >= 2, words.count <= 128 else { return nil }
      // Blanks behind the last name are for a column without one.
      if let last = words.last, last.upperBound + 1 < lineEnd - start {
        words.append(lineEnd - start..<lineEnd - start)
      }
      for (left, right) in zip(words, words.dropFirst()) { gaps.append(Array(left.upperBound..<right.lowerBound)) }
      if AlignedRow.isRule(base, range(end, lines, base)) {
        hasRule = true
        end += 1
      }
      while end < lines.count, isCRLF == endsInReturn(end, lines, base),
        admit(AlignedRow(range(end, lines, base), base))
      {
        end += 1
      }
      guard end - header > AlignedGrammar.fewestRows else { return nil }
    }

    private func endsInReturn(_ line: Int, _ lines: TextLines, _ base: UnsafePointer<UInt8>) -> Bool {
      let range = lines[line]
      return !range.isEmpty && base[range.upperBound - 1] == UInt8(ascii: "\r")
    }

    private func range(_ line: Int, _ lines: TextLines, _ base: UnsafePointer<UInt8>) -> Range<Int> {
      endsInReturn(line, lines, base) ? lines[line].dropLast() : lines[line]
    }

    /// Whether there may be a column behind the last name.
    private var hasNamelessLast: Bool { words.last?.isEmpty == true && gaps.last?.isEmpty == false }

    private var columns: Int { gaps.reduce(1) { $0 + ($1.isEmpty ? 0 : 1) } }

    /// Takes the row in if it is one.
    private mutating func admit(_ row: AlignedRow) -> Bool {
      guard row.isPrintable, row.count > 0 else { return false }
      var remaining: [(gap: Int, places: [Int])] = []
      var isLost = false
      var isWideLost = false
      for (number, places) in gaps.enumerated() where !places.isEmpty {
        if places.allSatisfy(row.isBlank) { continue }
        let left = places.filter(row.isBlank)
        remaining.append((number, left))
        if left.isEmpty {
          isLost = true
          if words[number + 1].lowerBound - words[number].upperBound > 1 { isWideLost = true }
        }
      }
      if isLost {
        // Values that are too long push the others aside; but a name may also have a space in it.
        let needed = hasNamelessLast ? columns - 1 : columns
        if row.wordCount(limit: needed) >= needed { return true }
        guard !isWideLost else { return false }
      }
      for (gap, places) in remaining { gaps[gap] = places }
      return true
    }

    /// The table, if the columns are where the names are.
    func run(_ lines: TextLines, _ base: UnsafePointer<UInt8>) -> Run? {
      var run = Run(lines: header..<end, hasRule: hasRule, isCRLF: isCRLF, splits: [0], names: [words[0]])
      /// The gap before each column.
      var gapOfColumn = [-1]
      for (number, places) in gaps.enumerated() {
        if places.isEmpty {
          run.names[run.names.count - 1] = run.names[run.names.count - 1].lowerBound..<words[number + 1].upperBound
        } else {
          run.splits.append(AlignedGrammar.widest(places).upperBound)
          run.names.append(words[number + 1])
          gapOfColumn.append(number)
        }
      }
      let columns = run.splits.count
      guard columns >= 2, run.names.allSatisfy({ $0.count <= AlignedGrammar.longestName }) else { return nil }
      // Rows, the misplaced among them, as long as they are understood.
      var cells: [AlignedRow.Cell] = []
      var aligned = [Int](repeating: 0, count: columns)
      var filled = [Int](repeating: 0, count: columns)
      var placed = filled
      var pushed: Int?
      var isWordwise = true
      var last = header
      var repeated = 0
      let first = header + (hasRule ? 2 : 1)
      for line in first..<end {
        let row = AlignedRow(range(line, lines, base), base)
        let fits = row.fits(run.splits)
        if fits {
          row.cells(run.splits, into: &cells)
        } else {
          guard row.words(columns, allowsEmptyLast: hasNamelessLast, into: &cells) else {
            return shortened(run, to: line, lines, base)
          }
          if pushed == nil { pushed = line }
        }
        var count = 0
        for (column, cell) in cells.enumerated() {
          if column < columns - 1, isWordwise, cell.isEmpty || row.hasSpace(cell) { isWordwise = false }
          guard !cell.isEmpty else { continue }
          count += 1
          filled[column] += 1
          guard fits else { continue }
          placed[column] += 1
          let name = run.names[column]
          if cell.places.lowerBound == name.lowerBound || cell.places.upperBound == name.upperBound {
            aligned[column] += 1
          }
          if line < first + 3, cell.bytes.count == name.count,
            cell.bytes.elementsEqual(
              lines[header].lowerBound + name.lowerBound..<lines[header].lowerBound + name.upperBound,
              by: { base[$0] == base[$1] })
          {
            repeated += 1
          }
        }
        // A total below a wide table has one cell, or is a line of other text.
        if count > 1 || columns < 3 { last = line }
        if let pushed, !isWordwise { return shortened(run, to: pushed, lines, base) }
      }
      // A name of two words looks like two columns as long as no value is longer than its first word; and where nothing stands behind
      // the last name there is no column.
      if let empty = (1..<columns).first(where: {
        filled[$0] == 0 && (run.names[$0].isEmpty || run.names[$0].lowerBound - run.names[$0 - 1].upperBound == 1)
      }) {
        var merged = self
        merged.gaps[gapOfColumn[empty]] = []
        return merged.run(lines, base)
      }
      run.lines = header..<last + 1
      let rows = run.lines.count - (hasRule ? 2 : 1)
      let misplaced = (1..<columns).count { aligned[$0] * 10 < placed[$0] * 6 }
      guard rows >= AlignedGrammar.fewestRows, misplaced * 4 <= columns - 1, repeated * 2 < columns,
        (1..<columns).count(where: { filled[$0] > 0 }) * 2 >= columns - 1
      else { return nil }
      return run
    }

    /// The same without the rows from `line` on.
    private func shortened(_ run: Run, to line: Int, _ lines: TextLines, _ base: UnsafePointer<UInt8>) -> Run? {
      guard line - header > AlignedGrammar.fewestRows, line < end else { return nil }
      var shorter = self
      shorter.end = line
      return shorter.run(lines, base)
    }
  }

  /// The widest run of neighbouring places; of equally wide ones the last.
  private static func widest(_ places: [Int]) -> Range<Int> {
    var best = places[0]..<places[0] + 1
    var start = 0
    for i in places.indices where i + 1 == places.count || places[i + 1] != places[i] + 1 {
      if i + 1 - start >= best.count { best = places[start]..<places[i] + 1 }
      start = i + 1
    }
    return best
  }
}

/// A line whose places count characters.
struct AlignedRow {
  struct Cell {
    var bytes: Range<Int>
    var places: Range<Int>
    var isEmpty: Bool { bytes.isEmpty }
  }

  private let base: UnsafePointer<UInt8>
  private let line: Range<Int>
  /// Where each character begins, and the end; nil when each is one byte.
  private let offsets: [Int]?
  let isPrintable: Bool

  init(_ line: Range<Int>, _ base: UnsafePointer<UInt8>) {
    self.base = base
    self.line = line
    var isPrintable = true
    var isASCII = true
    for i in line {
      let byte = base[i]
      if byte < 0x20 { isPrintable = false }
      if byte >= 0x80 { isASCII = false }
    }
    self.isPrintable = isPrintable
    offsets = isASCII ? nil : line.filter { base[$0] & 0xc0 != 0x80 } + [line.upperBound]
  }

  /// The characters of the line.
  var count: Int { offsets.map { $0.count - 1 } ?? line.count }

  func offset(_ place: Int) -> Int {
    if let offsets { return offsets[min(place, offsets.count - 1)] }
    return min(line.lowerBound + place, line.upperBound)
  }

  @inline(__always)
  func isBlank(_ place: Int) -> Bool { place >= count || base[offset(place)] == UInt8(ascii: " ") }

  /// Whether there is a blank before each column.
  func fits(_ splits: [Int]) -> Bool { splits.allSatisfy { $0 == 0 || isBlank($0 - 1) } }

  func hasSpace(_ cell: Cell) -> Bool { cell.bytes.contains { base[$0] == UInt8(ascii: " ") } }

  /// The cells by their places. The first and the last keep what they are indented by, as trees are printed there.
  func cells(_ splits: [Int], into cells: inout [Cell]) {
    cells.removeAll(keepingCapacity: true)
    let count = count
    for (column, split) in splits.enumerated() {
      var start = min(split, count)
      var end = column + 1 < splits.count ? min(splits[column + 1], count) : count
      while end > start, isBlank(end - 1) { end -= 1 }
      while start < end, isBlank(start) { start += 1 }
      cells.append(Cell(bytes: offset(start)..<offset(end), places: start..<end))
    }
  }

  /// The cells by their words, the last with all that follows. False when there are too few.
  func words(_ columns: Int, allowsEmptyLast: Bool, into cells: inout [Cell]) -> Bool {
    cells.removeAll(keepingCapacity: true)
    let count = count
    var place = 0
    while true {
      while place < count, isBlank(place) { place += 1 }
      guard place < count else {
        guard allowsEmptyLast, cells.count == columns - 1 else { return false }
        cells.append(Cell(bytes: offset(count)..<offset(count), places: count..<count))
        return true
      }
      let start = place
      if cells.count == columns - 1 {
        var end = count
        while isBlank(end - 1) { end -= 1 }
        cells.append(Cell(bytes: offset(start)..<offset(end), places: start..<end))
        return true
      }
      while place < count, !isBlank(place) { place += 1 }
      cells.append(Cell(bytes: offset(start)..<offset(place), places: start..<place))
    }
  }

  /// How many words there are, up to `limit`.
  func wordCount(limit: Int) -> Int {
    var count = 0
    var isInWord = false
    for i in line {
      let isSpace = base[i] == UInt8(ascii: " ")
      if !isSpace, !isInWord {
        count += 1
        if count == limit { break }
      }
      isInWord = !isSpace
    }
    return count
  }

  /// Whether the line is dashes and blanks.
  static func isRule(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) -> Bool {
    var dashes = 0
    for i in line {
      switch base[i] {
      case UInt8(ascii: "-"), UInt8(ascii: "="): dashes += 1
      case UInt8(ascii: " "): break
      default: return false
      }
    }
    return dashes >= 4
  }
}
