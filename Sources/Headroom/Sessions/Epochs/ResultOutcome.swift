/// How a call went, in one line, as far as its result says so.
struct ResultOutcome {
  /// Whether the call failed.
  var isFailure: Bool
  /// The exit code, where the text says it.
  var exitCode: Int?
  /// The line that says what went wrong, or sums a run up.
  var line: [UInt8]

  /// How many lines at the end of a text say how a run went.
  private static let lastLines = 6

  /// - Parameter isRun: whether something was run; what is only shown may speak of errors without being one.
  init(_ lines: TextLines, isError: Bool, isRun: Bool) {
    exitCode = ResultOutcome.exitCode(lines)
    let failed = exitCode.map { $0 != 0 } ?? false
    line = []
    var isFailure = isError || failed
    if isRun || isFailure {
      let last = ResultOutcome.lastLines(of: lines)
      let error = last.first { FailureLines.isError(lines, $0) }
      if isRun, error != nil, exitCode != 0 { isFailure = true }
      let telling = error ?? (isFailure ? (0..<lines.count).first { FailureLines.isError(lines, $0) } : last.last)
      line = telling.map { Array(lines.text[lines[$0]]) } ?? []
    }
    self.isFailure = isFailure
  }

  /// The last lines that are not blank or mere frame.
  private static func lastLines(of lines: TextLines) -> [Int] {
    var found: [Int] = []
    for line in (0..<lines.count).reversed() where found.count < lastLines {
      let text = lines.text[lines[line]]
      let isTag = text.first == UInt8(ascii: "<") && text.last == UInt8(ascii: ">")
      if !isTag, text.contains(where: { $0 | 0x20 &- 0x61 < 26 }) { found.append(line) }
    }
    return found.reversed()
  }

  // MARK: Exit codes

  private static let codeWords = [
    "<returncode>", "exit code: ", "Exit code: ", "exit code ", "Exit code ", "exit status ", "exited with code ",
    "Process exited with code ", "exit_code\":", "exit_code\": ",
  ].map { Array($0.utf8) }

  /// The exit code in the first or the last few lines, where tools that run commands write it.
  private static func exitCode(_ lines: TextLines) -> Int? {
    let places = Array(0..<min(3, lines.count)) + (max(3, lines.count - 3)..<max(3, lines.count))
    for place in places {
      let line = lines.text[lines[place].prefix(512)]
      for word in codeWords {
        guard let start = line.indices.first(where: { line[$0...].starts(with: word) }) else { continue }
        var code: Int?
        for byte in line[(start + word.count)...].prefix(4) {
          guard byte &- 0x30 < 10 else { break }
          code = (code ?? 0) * 10 + Int(byte - 0x30)
        }
        if let code { return code }
      }
    }
    return nil
  }
}

extension FailureLines {
  fileprivate static func isError(_ lines: TextLines, _ line: Int) -> Bool {
    lines.text.withUnsafeBufferPointer { isError($0, lines[line]) }
  }
}
