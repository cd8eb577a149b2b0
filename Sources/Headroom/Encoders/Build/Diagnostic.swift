/// A finding that begins with its place, in the notations that compilers and linters have:
///
///     src/a.c:12:5: warning: unused variable 'x' [-Wunused-variable]
///     src/a.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.
///     [WARNING] /src/A.java:[12,39] [deprecation] stop() in Thread has been deprecated
///     src/a.js: line 12, col 5, Error - 'x' is not defined. (no-undef)
///     src/a.py:12:80: E501 line too long
struct Diagnostic {
  enum Severity { case note, warning, error }

  /// Offsets in the line.
  var path: Range<Int>
  /// From the line number to the end of the column.
  var place: Range<Int>
  var severity: Severity
  /// What it says, with its code.
  var message: Range<Int>

  /// Places are looked for in so many bytes.
  private static let mostPath = 400

  init?(_ line: UnsafeBufferPointer<UInt8>, isGo: Bool = false) {
    guard let first = line.first, first != 0x20, first != 0x09 else { return nil }
    var start = 0
    var known: Severity?
    if first == UInt8(ascii: "[") {
      // Maven.
      if line.starts("[ERROR] ") { (start, known) = (8, .error) }
      if line.starts("[WARNING] ") { (start, known) = (10, .warning) }
      guard known != nil else { return nil }
    }
    let limit = min(line.count, start + Diagnostic.mostPath)
    guard start < limit, first != UInt8(ascii: "\"") else { return nil }
    var i = start + 1
    var isName = Diagnostic.isNameByte(line[start])
    while i < limit {
      let byte = line[i]
      if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "("), i + 1 < line.count,
        let found = Diagnostic.place(line, i),
        Diagnostic.isPath(line, start..<i)
      {
        path = start..<i
        place = found.place
        var message = found.end
        while message < line.count, line[message] == 0x20 { message += 1 }
        self.message = message..<line.count
        guard message < line.count else { return nil }
        let isGoFile = isGo && line[start..<i].suffix(3).elementsEqual(".go".utf8)
        let text = UnsafeBufferPointer(rebasing: line[message...])
        guard
          let severity = known ?? found.severity ?? Diagnostic.severity(text)
            ?? (isGoFile ? (text.last == UInt8(ascii: ")") ? .warning : .error) : nil)
        else { return nil }
        self.severity = severity
        return
      }
      // Behind these no path ends any more.
      if byte <= 0x22, byte < 0x20 || byte == UInt8(ascii: "\"") || byte == 0x20 && !isName { return nil }
      if Diagnostic.isNameByte(byte) { isName = true }
      i += 1
    }
    return nil
  }

  /// What stands in paths, and in few words.
  @inline(__always)
  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
  }

  /// The place behind a path, at its `:` or `(`, and where what stands behind it begins.
  private static func place(_ line: UnsafeBufferPointer<UInt8>, _ at: Int) -> (
    place: Range<Int>, end: Int, severity: Severity?
  )? {
    let next = line[at + 1]
    guard next &- 0x30 < 10 || line[at] == UInt8(ascii: ":") && (next == UInt8(ascii: "[") || next == 0x20) else {
      return nil
    }
    func digits(_ start: Int) -> Int {
      var i = start
      while i < line.count, line[i] &- 0x30 < 10 { i += 1 }
      return i
    }
    if line[at] == UInt8(ascii: "(") {
      // `(12,5):` and `(12):`
      var end = digits(at + 1)
      guard end > at + 1 else { return nil }
      while end < line.count, line[end] == UInt8(ascii: ","), digits(end + 1) > end + 1 { end = digits(end + 1) }
      guard end + 1 < line.count, line[end] == UInt8(ascii: ")") else { return nil }
      let place = at + 1..<end
      end += 1
      if line[end] == 0x20, end + 1 < line.count { end += 1 }
      guard line[end] == UInt8(ascii: ":") else { return nil }
      return (place, end + 1, nil)
    }
    // `:[12,39]`
    if line[at + 1] == UInt8(ascii: "[") {
      var end = digits(at + 2)
      guard end > at + 2 else { return nil }
      if end < line.count, line[end] == UInt8(ascii: ",") { end = digits(end + 1) }
      guard end < line.count, line[end] == UInt8(ascii: "]") else { return nil }
      return (at + 2..<end, end + 1, nil)
    }
    // `: line 12, col 5, Error - `
    let rest = UnsafeBufferPointer(rebasing: line[at...])
    if rest.starts(": line ") {
      let end = digits(at + 7)
      guard end > at + 7 else { return nil }
      let tail = UnsafeBufferPointer(rebasing: line[end...])
      guard tail.starts(", col ") else { return nil }
      let column = digits(end + 6)
      let severity = UnsafeBufferPointer(rebasing: line[column...])
      if severity.starts(", Error - ") { return (at + 7..<column, column + 10, .error) }
      if severity.starts(", Warning - ") { return (at + 7..<column, column + 12, .warning) }
      return nil
    }
    // `:12:5:`, `:12:`, `:12:5-9:` and `:12:5 - `
    var end = digits(at + 1)
    guard end > at + 1, end - at < 9 else { return nil }
    let place = end
    if end + 1 < line.count, line[end] == UInt8(ascii: ":"), digits(end + 1) > end + 1 {
      end = digits(end + 1)
      if end < line.count, line[end] == UInt8(ascii: "-"), digits(end + 1) > end + 1 { end = digits(end + 1) }
    }
    guard end < line.count else { return nil }
    if line[end] == UInt8(ascii: ":") { return (at + 1..<end, end + 1, nil) }
    guard end > place else { return nil }
    if UnsafeBufferPointer(rebasing: line[end...]).starts(" - ") { return (at + 1..<end, end + 3, nil) }
    return nil
  }

  /// Whether it may be the name of a file: no blank in it but behind a slash, and a dot or a slash.
  private static func isPath(_ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    var isName = false
    for i in range {
      let byte = line[i]
      if isNameByte(byte) { isName = true }
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == 0x20 && !isName { return false }
    }
    return isName || line[range].elementsEqual("Dockerfile".utf8) || line[range].elementsEqual("Makefile".utf8)
  }

  private static let words: [(StaticString, Severity)] = [
    ("error", .error), ("fatal error", .error), ("Error", .error), ("ERROR", .error), ("warning", .warning),
    ("Warning", .warning), ("WARNING", .warning), ("note", .note), ("info", .warning), ("remark", .note),
    ("style", .warning), ("hint", .warning), ("convention", .warning), ("refactor", .warning),
    ("performance", .warning), ("portability", .warning), ("information", .warning), ("suggestion", .warning),
    ("internal compiler error", .error), ("ignored", .warning),
  ]

  /// What a message says by its first word, by its code or by the rule at its end.
  private static func severity(_ text: UnsafeBufferPointer<UInt8>) -> Severity? {
    let first = text[0] | 0x20
    if first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z") {
      for (word, severity) in words where text.starts(word) {
        let end = word.utf8CodeUnitCount
        guard end < text.count else { continue }
        let next = text[end]
        if next == UInt8(ascii: ":") || next == UInt8(ascii: "[") || next == UInt8(ascii: "(") { return severity }
        // `error TS2322: `
        if next == 0x20, end + 1 < text.count, text[end + 1] &- 0x41 < 26, text.prefix(end + 24).contains(0x3a) {
          return severity
        }
      }
    }
    // `E501 `, `C0114: `, `C: Style/X: `
    var letters = 0
    while letters < text.count, text[letters] &- 0x41 < 26, letters < 8 { letters += 1 }
    if letters > 0 {
      var end = letters
      while end < text.count, text[end] &- 0x30 < 10 { end += 1 }
      let digits = end - letters
      let next = end < text.count ? text[end] : 0
      let isSeparated = next == 0x20 || next == UInt8(ascii: ":")
      if digits >= 2, digits <= 5, isSeparated {
        let isError: Bool
        switch text[0] {
        case UInt8(ascii: "E"): isError = letters == 1 && (digits == 4 || text[1] == UInt8(ascii: "9"))
        case UInt8(ascii: "F"): isError = letters == 1 && (digits == 4 || text.starts("F82"))
        default: isError = false
        }
        return isError ? .error : .warning
      }
      if letters == 1, digits == 0, next == UInt8(ascii: ":"), end + 1 < text.count, text[end + 1] == 0x20 {
        switch text[0] {
        case UInt8(ascii: "E"), UInt8(ascii: "F"): return .error
        case UInt8(ascii: "C"), UInt8(ascii: "W"), UInt8(ascii: "R"), UInt8(ascii: "I"): return .warning
        default: return nil
        }
      }
    }
    // `  [whitespace/tab] [1]`
    if text.last == UInt8(ascii: "]"), text.count > 8 {
      guard let open = text.lastIndex(of: UInt8(ascii: "[")), open > 4 else { return nil }
      let inside = text[(open + 1)..<(text.count - 1)]
      let isName = inside.allSatisfy {
        $0 | 0x20 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2d || $0 == 0x2f || $0 == 0x5f
      }
      return isName && text[open - 1] == 0x20 && !inside.isEmpty ? .warning : nil
    }
    return nil
  }
}
