import CHeadroom

/// What each line of a build's output tells.
struct BuildFacts {
  struct Line {
    var kind: BuildLine
    /// The rule that decided, or -1.
    var rule: Int16 = -1
    /// Whether nothing but a build prints such a line.
    var isTelling = false
    /// Where the text begins: behind what a CI system or a builder puts before each line, and behind blanks.
    var start: Int32
  }

  private(set) var lines: [Line] = []

  /// Lines are looked at as far as this.
  private static let mostLine = 2_048

  init(_ lines: TextLines, isGo: Bool) {
    self.lines.reserveCapacity(lines.count)
    lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return }
      let rules = BuildGrammars.rules.map { (line: $0.line, isWeak: $0.isWeak) }
      let table = BuildGrammars.table
      let beginsCommand = BuildFacts.beginsCommand
      // Whether lines may still belong to a diagnostic above them, and whether it ends with a blank line.
      var isOpen = false
      var endsAtBlank = false
      // The line of a file that findings without a path belong to, as eslint prints them.
      var hasFile = false
      // What stands before the text of the last line.
      var label = 0..<0
      for number in 0..<lines.count {
        let range = lines[number]
        var end = min(range.upperBound, range.lowerBound + BuildFacts.mostLine)
        if end > range.lowerBound, base[end - 1] == 0x0d { end -= 1 }
        // Most lines have the label of the line above them.
        if label.isEmpty || base[label.upperBound - 1] != 0x20 || end - range.lowerBound < label.count
          || !headroom_equal_bytes(base + range.lowerBound, base + label.lowerBound, label.count)
        {
          let length = BuildFacts.label(base + range.lowerBound, end - range.lowerBound, table)
          label = range.lowerBound..<range.lowerBound + length
        }
        var start = range.lowerBound + label.count
        let body = start
        while start < end, base[start] == 0x20 || base[start] == 0x09 { start += 1 }
        let indent = start - body
        let line = UnsafeBufferPointer(start: base + start, count: end - start)
        var fact = Line(kind: .other, start: Int32(truncatingIfNeeded: start - range.lowerBound))
        defer { self.lines.append(fact) }
        guard let first = line.first else {
          fact.kind = .blank
          if endsAtBlank { isOpen = false }
          continue
        }
        // Code under a diagnostic, with its number, its bar or its caret.
        if isOpen, BuildFacts.isFrame(line, first) {
          fact.kind = .detail
          fact.isTelling = line.starts("--> ")
          continue
        }
        if indent == 0, let diagnostic = Diagnostic(line, isGo: isGo) {
          switch diagnostic.severity {
          case .note: fact.kind = isOpen ? .detail : .progress
          case .warning: fact.kind = .warning
          case .error: fact.kind = .error
          }
          fact.isTelling = diagnostic.severity != .note
          isOpen = true
          endsAtBlank = false
          hasFile = false
          continue
        }
        if hasFile || indent > 0, let severity = BuildFacts.stylish(line) {
          fact.kind = severity
          fact.isTelling = true
          isOpen = false
          continue
        }
        let rule = table.rule(for: line)
        if rule >= 0 {
          fact.kind = rules[rule].line
          fact.isTelling = !rules[rule].isWeak
          fact.rule = Int16(truncatingIfNeeded: rule)
        }
        if indent > 0, isOpen, fact.kind != .error, fact.kind != .warning, fact.kind != .verdict {
          fact.kind = .detail
          fact.rule = -1
          fact.isTelling = false
          continue
        }
        switch fact.kind {
        case .other:
          if isGo, line.starts("# ") {
            // The package that the findings below are in.
            fact.kind = .step
            isOpen = false
          } else if beginsCommand[Int(first)], BuildFacts.isCommand(line) {
            fact.kind = .command
            isOpen = false
          } else if BuildFacts.isCodeHead(line) {
            // `F401 [*] message`, with its place in the next line.
            fact.kind = number + 1 < lines.count && BuildFacts.isArrow(base, lines[number + 1]) ? .warning : .other
            isOpen = fact.kind == .warning
            endsAtBlank = true
          } else if isOpen,
            BuildFacts.isNote(line) || number + 2 < lines.count && BuildFacts.hasCaret(base, lines, number)
          {
            fact.kind = .detail
          } else if number + 1 < lines.count, BuildFacts.isFileHead(base, lines, number) {
            fact.kind = .step
            hasFile = true
            isOpen = false
          } else {
            isOpen = false
          }
        case .error, .warning:
          isOpen = true
          endsAtBlank = true
        case .detail:
          if !isOpen { fact.kind = .other }
        default:
          isOpen = false
          hasFile = false
        }
      }
    }
  }

  /// The length of what stands before each line: `2024-05-01T12:00:00.1234567Z `, `#12 0.345 `, `[Build on Ubuntu] `.
  private static func label(_ line: UnsafePointer<UInt8>, _ count: Int, _ table: BuildRuleTable) -> Int {
    guard count > 4 else { return 0 }
    if line[0] == UInt8(ascii: "[") {
      let text = UnsafeBufferPointer(start: line, count: count)
      guard let close = text.prefix(80).firstIndex(of: UInt8(ascii: "]")), close > 2, line[1] &- 0x30 >= 10,
        close + 1 == count || line[close + 1] == 0x20, table.rule(for: text) < 0, Diagnostic(text) == nil
      else { return 0 }
      return min(close + 2, count)
    }
    if line[0] == UInt8(ascii: "#"), line[1] &- 0x30 < 10 {
      var i = 1
      while i < count, line[i] &- 0x30 < 10 { i += 1 }
      guard i + 1 < count, line[i] == 0x20, line[i + 1] &- 0x30 < 10 else { return 0 }
      i += 1
      while i < count, line[i] &- 0x30 < 10 || line[i] == 0x2e { i += 1 }
      return i < count && line[i] == 0x20 ? i + 1 : 0
    }
    guard count >= 20, line[0] &- 0x30 < 10, line[4] == 0x2d, line[7] == 0x2d, line[10] == UInt8(ascii: "T") else {
      return 0
    }
    var i = 19
    while i < min(count, 40), line[i] != 0x20 { i += 1 }
    return i < count && line[i] == 0x20 ? i + 1 : 0
  }

  private static func isFrame(_ line: UnsafeBufferPointer<UInt8>, _ first: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "|"), UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: "="), UInt8(ascii: "`"): return true
    case UInt8(ascii: "-"): return line.starts("--> ") || line.starts("---")
    case UInt8(ascii: "."): return line.starts("...")
    case 0x30...0x39:
      var i = 1
      while i < line.count, line[i] &- 0x30 < 10 { i += 1 }
      guard i < line.count else { return false }
      if line[i] == 0x09 { return true }
      while i < line.count, line[i] == 0x20 || line[i] == UInt8(ascii: "+") || line[i] == UInt8(ascii: "-") { i += 1 }
      return i < line.count && line[i] == UInt8(ascii: "|")
    default: return false
    }
  }

  /// `12:5  error  message  rule`, below the name of a file.
  private static func stylish(_ line: UnsafeBufferPointer<UInt8>) -> BuildLine? {
    guard line[0] &- 0x30 < 10 else { return nil }
    var i = 1
    while i < line.count, line[i] &- 0x30 < 10 { i += 1 }
    guard i + 1 < line.count, line[i] == UInt8(ascii: ":"), line[i + 1] &- 0x30 < 10 else { return nil }
    i += 1
    while i < line.count, line[i] &- 0x30 < 10 { i += 1 }
    while i < line.count, line[i] == 0x20 { i += 1 }
    let rest = UnsafeBufferPointer(rebasing: line[i...])
    return rest.starts("error ")
      ? .error : rest.starts("warning ") || rest.starts("✖ ") || rest.starts("⚠ ") ? .warning : nil
  }

  private static let compilers: [StaticString] = [
    "gcc ", "g++ ", "cc ", "c++ ", "clang ", "clang++ ", "ar ", "ranlib ", "rm -", "mkdir ", "install ",
    "/usr/bin/install ",
    "libtool", "/bin/sh ", "/bin/bash ", "sh -c", "/usr/bin/", "/bin/", "cd ", "(cd ", "echo ", "ln -s", "cp ", "mv ",
    "for ", "if ", "test ", "touch ", "javac ", "rustc ", "swiftc ", "ld -", "strip ", "cmake ", "make ", "+ ", "/opt/",
    "python ", "python3 ", "(rm ", "(echo ", "gcc-", "g++-", "clang-", "x86_64-", "aarch64-", "arm-",
    "/Applications/Xcode",
    "as -", "nm ", "objcopy ", "moc ", "flex ", "bison ", "nvcc ", "sed ", "cat ", "find ", "chmod ", "depbase=",
    "source=",
    "mvn", "tsc ", "npx ", "yarn run",
  ]

  /// Whether one of those begins with each byte.
  private static let beginsCommand = (0..<256).map { byte in compilers.contains { Int($0.utf8Start[0]) == byte } }

  /// A command that a build prints before it runs it.
  private static func isCommand(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    for name in compilers where name.utf8Start[0] == line[0] && line.starts(name) {
      // `cc ` may begin a sentence: a command has an option or a path.
      return line.contains(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "=") })
        || line.count < 60
    }
    return false
  }

  private static func isNote(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.starts("note:") || line.starts("help:") || line.starts("Note:") || line.starts("hint:") || line.starts("  ")
      || line.starts(")") || line.starts("}")
  }

  /// A code such as `F401` or `SIM102` at the beginning.
  private static func isCodeHead(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    var letters = 0
    while letters < line.count, line[letters] &- 0x41 < 26 { letters += 1 }
    var end = letters
    while end < line.count, line[end] &- 0x30 < 10 { end += 1 }
    return letters > 0 && letters < 9 && end - letters > 1 && end - letters < 6 && end < line.count && line[end] == 0x20
  }

  private static func isArrow(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
    var i = range.lowerBound
    while i < range.upperBound, base[i] == 0x20 { i += 1 }
    return UnsafeBufferPointer(start: base + i, count: range.upperBound - i).starts("--> ")
  }

  /// Whether the line is code: a line of blanks and carets is below it.
  private static func hasCaret(_ base: UnsafePointer<UInt8>, _ lines: TextLines, _ number: Int) -> Bool {
    var hasCaret = false
    for i in lines[number + 1].prefix(400) {
      switch base[i] {
      case 0x20, 0x09, UInt8(ascii: "~"), 0x0d: break
      case UInt8(ascii: "^"): hasCaret = true
      default: return false
      }
    }
    return hasCaret
  }

  /// Whether the line names a file, and the next is a finding in it.
  private static func isFileHead(_ base: UnsafePointer<UInt8>, _ lines: TextLines, _ number: Int) -> Bool {
    let next = lines[number + 1]
    var i = next.lowerBound
    while i < next.upperBound, base[i] == 0x20 { i += 1 }
    guard i > next.lowerBound, i < next.upperBound else { return false }
    return stylish(UnsafeBufferPointer(start: base + i, count: next.upperBound - i)) != nil
  }
}
