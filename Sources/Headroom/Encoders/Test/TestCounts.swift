/// Says of tests that passed how many there are, file by file or class by class.
struct TestCounts {
  private let report: TestReport
  private let lines: TextLines
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ report: TestReport, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.report = report
    lines = report.lines
    self.bytes = bytes
  }

  /// Some lines in a row that belong to one file or class.
  private struct Part {
    var lines: Range<Int>
    var place: Range<Int>
    var passed: Int
    var started: Int
  }

  /// Writes gaps for lines of tests that passed.
  func leaveOut(_ range: Range<Int>, _ text: inout CutText) {
    let parts = parts(range)
    let tests = parts.reduce(0) { $0 + $1.passed }
    // Where places alternate, they would take more words than the tests.
    if parts.count > 1, tests >= parts.count * 3 {
      for part in parts { text.gap(part.lines, note: note(part.place, part.passed, part.started)) }
    } else {
      let place = parts.count == 1 ? parts[0].place : 0..<0
      text.gap(range, note: note(place, tests, parts.reduce(0) { $0 + $1.started }))
    }
  }

  private func note(_ place: Range<Int>, _ passed: Int, _ started: Int) -> String {
    let name = place.isEmpty ? "" : String(decoding: bytes[place], as: UTF8.self) + " "
    return passed > 0 ? "\(name)\(passed) passed" : started > 0 ? "\(name)\(started) started" : "\(name)passed"
  }

  private func parts(_ range: Range<Int>) -> [Part] {
    var parts: [Part] = []
    for i in range {
      var part = Part(lines: i..<i + 1, place: 0..<0, passed: 0, started: 0)
      var isNew = parts.isEmpty
      if let shape = report.shape(of: i), let m = shape.line.match(bytes, lines[i]) {
        switch shape.role {
        case .pass: part.passed = 1
        case .start: part.started = 1
        case .progress: part.passed = bytes[m.marks].count { $0 == UInt8(ascii: ".") }
        default: break
        }
        part.place = place(m, shape.role)
        if let last = parts.last, !part.place.isEmpty {
          isNew = !last.place.isEmpty && !bytes[part.place].elementsEqual(bytes[last.place])
          // A suite that is told after its tests has a name of its own.
          if shape.role == .start, !isNew { part.place = last.place }
        }
      }
      if isNew {
        parts.append(part)
      } else {
        let k = parts.count - 1
        parts[k].lines = parts[k].lines.lowerBound..<i + 1
        if parts[k].place.isEmpty { parts[k].place = part.place }
        parts[k].passed += part.passed
        parts[k].started += part.started
      }
    }
    return parts
  }

  /// Where a test is: its file, class or module.
  private func place(_ match: LinePattern.Match, _ role: TestRunner.Role) -> Range<Int> {
    if role == .suite { return match.name }
    if !match.group.isEmpty, TestRunner.all[report.runner].name != "pytest" { return match.group }
    guard role != .progress else { return match.name }
    guard let separator = TestRunner.all[report.runner].separator else { return 0..<0 }
    let name = match.name
    let stop = bytes[name].firstIndex { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "(") } ?? name.upperBound
    var found: Int?
    var p = name.lowerBound + 1
    while p + separator.count <= stop {
      if bytes[p..<p + separator.count].elementsEqual(separator) {
        found = p
        // What stands first is a file.
        if bytes[name.lowerBound..<p].contains(UInt8(ascii: "/")) || bytes[p - 1] == UInt8(ascii: "y") { break }
      }
      p += 1
    }
    return name.lowerBound..<(found ?? name.lowerBound)
  }
}
