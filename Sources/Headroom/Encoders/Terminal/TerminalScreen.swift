import CHeadroom

/// What a terminal would show in the end of a text that was written to one.
///
///     \e[32mok\e[0m 1        →  ok 1
///     10%\r 50%\r100%\n      →  100%
///
/// Colours, titles and other escape sequences are gone; carriage returns, backspaces and cursor movements have overwritten what they
/// overwrite. Where that would take something away that is no progress report, such as an error, it stays as a line of its own. Behaves like
/// a VT100 as far as programs that run without a full screen need it (ECMA-48).
struct TerminalScreen {
  /// The text that is left.
  private(set) var text: [UInt8] = []
  /// The line of the source, from 1, that each line comes from.
  private(set) var numbers: [Int] = []

  private var rows: [[UInt8]] = []
  private var rowNumbers: [Int] = []
  /// Where the cursor is. The column counts scalars.
  private var row = 0
  private var column = 0
  /// The scalars of the row that the cursor is in.
  private var width = 0
  private var isTooLong = false
  /// Rows above are never moved to: they were on an earlier page.
  private var firstRow = 0
  private var sourceLine = 1

  /// Nil when nothing in the text is for a terminal.
  init?(_ source: [UInt8]) {
    guard TerminalScreen.isForTerminal(source) else { return nil }
    source.withUnsafeBufferPointer { write($0) }
    guard !isTooLong else { return nil }
    if rows.last?.isEmpty == true {
      rows.removeLast()
      rowNumbers.removeLast()
    }
    ProgressRuns.fold(&rows, &rowNumbers)
    text.reserveCapacity(source.count)
    for row in rows { text += row + [UInt8(ascii: "\n")] }
    if source.last != UInt8(ascii: "\n"), !text.isEmpty { text.removeLast() }
    numbers = rowNumbers
    guard text != source else { return nil }
  }

  /// Whether there is an escape, a carriage return or a backspace, or the end of a progress that was written line by line.
  private static func isForTerminal(_ source: [UInt8]) -> Bool {
    source.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return false }
      for byte in [UInt8(0x1b), 0x0d, 0x08] where headroom_find_byte(base, bytes.count, byte) < bytes.count {
        return true
      }
      return bytes.contains("100%") || bytes.contains("━") || bytes.contains("█")
    }
  }

  // MARK: Writing

  private mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    newRow()
    var i = 0
    while i < bytes.count, !isTooLong {
      var end = i
      while end < bytes.count, bytes[end] >= 0x20 || bytes[end] == 0x09 { end += 1 }
      if end > i { put(UnsafeBufferPointer(rebasing: bytes[i..<end])) }
      guard end < bytes.count else { break }
      i = end + 1
      switch bytes[end] {
      case 0x0a:
        sourceLine += 1
        column = 0
        if row + 1 == rows.count { newRow() }
        move(to: row + 1)
      case 0x0d:
        var next = i
        while next < bytes.count, bytes[next] == 0x0d { next += 1 }
        if next < bytes.count, bytes[next] == 0x0a { i = next } else { returnToStart(bytes, next) }
      case 0x08: column = max(0, column - 1)
      case 0x07: break
      case 0x1b:
        guard let sequence = EscapeSequence(bytes, at: end) else {
          put(UnsafeBufferPointer(rebasing: bytes[end..<i]))
          continue
        }
        i = sequence.end
        apply(sequence)
      default: put(UnsafeBufferPointer(rebasing: bytes[end..<i]))
      }
    }
  }

  private mutating func newRow() {
    rows.append([])
    rowNumbers.append(sourceLine)
  }

  /// Writes over what stands at the cursor.
  private mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    let added = TerminalScreen.width(bytes)
    if column >= width {
      rows[row] += repeatElement(UInt8(ascii: " "), count: column - width)
      rows[row] += bytes
      width = column + added
    } else if rows[row].count > TerminalScreen.longestRow {
      isTooLong = true
    } else {
      let start = offset(of: column)
      rows[row].replaceSubrange(start..<offset(of: column + added), with: bytes)
      width = max(width, column + added)
    }
    column += added
  }

  private mutating func move(to newRow: Int) {
    row = newRow
    width = TerminalScreen.width(rows[row])
  }

  /// No program writes over parts of longer rows, and no screen has more rows: what does is not for a terminal.
  private static let longestRow = 8_192
  private static let mostRows = 200

  /// The cursor is moved at most so far to the right: an escape sequence must not fill the memory.
  private static let widest = 1_000

  private func offset(of column: Int) -> Int {
    var seen = 0
    let line = rows[row]
    for (offset, byte) in line.enumerated() where byte & 0xc0 != 0x80 {
      if seen == column { return offset }
      seen += 1
    }
    return line.count
  }

  /// The number of scalars.
  private static func width(_ bytes: some Sequence<UInt8>) -> Int {
    bytes.reduce(0) { $1 & 0xc0 == 0x80 ? $0 : $0 + 1 }
  }

  /// Goes to the start of the row, which what follows will overwrite. What must not be lost becomes a row of its own.
  private mutating func returnToStart(_ bytes: UnsafeBufferPointer<UInt8>, _ next: Int) {
    defer { column = 0 }
    guard !rows[row].isEmpty, next < bytes.count else { return }
    if !ProgressRuns.mayBeOverwritten(rows[row]) { keepRow() }
  }

  /// Leaves the row as it is and goes on in a new one below it.
  private mutating func keepRow() {
    rows.insert([], at: row + 1)
    rowNumbers.insert(rowNumbers[row], at: row + 1)
    move(to: row + 1)
    column = 0
  }

  private mutating func apply(_ sequence: EscapeSequence) {
    let amount = min(max(sequence.parameter ?? 1, 1), 10_000)
    switch sequence.final {
    case UInt8(ascii: "K"): erase(sequence.parameter ?? 0)
    case UInt8(ascii: "A"), UInt8(ascii: "F"):
      move(to: max(firstRow, rows.count - TerminalScreen.mostRows, row - amount))
      if sequence.final == UInt8(ascii: "F") { column = 0 }
    case UInt8(ascii: "B"), UInt8(ascii: "E"):
      move(to: min(rows.count - 1, row + amount))
      if sequence.final == UInt8(ascii: "E") { column = 0 }
    case UInt8(ascii: "C"): column = min(column + amount, TerminalScreen.widest)
    case UInt8(ascii: "D"): column = max(0, column - amount)
    case UInt8(ascii: "G"): column = min(amount - 1, TerminalScreen.widest)
    case UInt8(ascii: "J") where sequence.parameter ?? 0 == 0:
      erase(0)
      for below in rows.indices where below > row && ProgressRuns.mayBeOverwritten(rows[below]) { rows[below] = [] }
      // Empty rows at the end were only there to be drawn on.
      while rows.count > row + 1, rows[rows.count - 1].isEmpty {
        rows.removeLast()
        rowNumbers.removeLast()
      }
    case UInt8(ascii: "H"), UInt8(ascii: "J"), UInt8(ascii: "f"):
      // A new page. The earlier one stays above it.
      if rows.last?.isEmpty == false { newRow() }
      move(to: rows.count - 1)
      firstRow = row
      column = 0
    default: break
    }
  }

  private mutating func erase(_ part: Int) {
    guard !rows[row].isEmpty else { return }
    guard rows[row].count <= TerminalScreen.longestRow else { return isTooLong = true }
    defer { width = TerminalScreen.width(rows[row]) }
    if part != 1, column == 0 || part == 2, !ProgressRuns.mayBeOverwritten(rows[row]) { return keepRow() }
    switch part {
    case 0: rows[row].removeSubrange(offset(of: column)...)
    case 1:
      rows[row].replaceSubrange(
        ..<offset(of: column), with: repeatElement(UInt8(ascii: " "), count: min(column, width)))
    default: rows[row] = []
    }
  }
}

/// An escape sequence of ECMA-48, with what is known of it.
private struct EscapeSequence {
  /// The byte that says what it does; 0 for those that do nothing to the text.
  var final: UInt8 = 0
  /// The first parameter.
  var parameter: Int?
  var end: Int

  /// Reads the sequence whose escape stands at `start`. Nil when it is not complete.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
    guard start + 1 < bytes.count else { return nil }
    var i = start + 2
    switch bytes[start + 1] {
    case UInt8(ascii: "["):
      var value: Int?
      var isFirst = true
      while i < bytes.count, 0x20...0x3f ~= bytes[i] {
        if bytes[i] &- 0x30 < 10, isFirst {
          value = min((value ?? 0) * 10 + Int(bytes[i] - 0x30), 100_000)
        } else {
          isFirst = false
        }
        i += 1
      }
      guard i < bytes.count, 0x40...0x7e ~= bytes[i] else { return nil }
      final = bytes[i]
      parameter = value
      end = i + 1
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
      // A string, such as a title or the target of a link, up to BEL or ESC \. One that does not end on its line is damaged.
      while i < bytes.count, bytes[i] >= 0x20 { i += 1 }
      guard i < bytes.count else { return nil }
      if bytes[i] == 0x07 {
        end = i + 1
      } else {
        guard bytes[i] == 0x1b, i + 1 < bytes.count, bytes[i + 1] == UInt8(ascii: "\\") else { return nil }
        end = i + 2
      }
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "#"):
      guard i < bytes.count else { return nil }
      end = i + 1
    case 0x30...0x7e: end = i
    default: return nil
    }
  }
}
