/// Reads what ``TestFolding`` writes.
enum TestUnfolding {
  /// A frame that says it stands for more is damaged.
  private static let mostBytes = 1 << 26

  static func decode(_ frame: Frame) -> [UInt8]? {
    let detail = LineReader(frame.detail, at: 0, lines: 1)
    let comma = frame.detail.firstIndex(of: UInt8(ascii: ",")) ?? frame.detail.count
    let name = String(decoding: frame.detail[..<comma], as: UTF8.self)
    guard let runner = TestRunner.all.firstIndex(where: { $0.name == name }) else { return nil }
    var position = comma
    guard var progress = TestProgress(detail, at: &position, end: frame.detail.count) else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(frame.lines.text.count * 2)
    let isRead = frame.lines.text.withUnsafeBufferPointer { bytes in
      var reader = Reader(runner: runner, lines: frame.lines, bytes: bytes)
      return reader.read(&progress, to: &out)
    }
    guard isRead, out.count <= mostBytes else { return nil }
    out.removeLast()
    return out
  }

  private struct Reader {
    var runner: Int
    var lines: TextLines
    var bytes: UnsafeBufferPointer<UInt8>
    /// Where each line of the output starts, and the lines in view; kept only where lines are referred to.
    private var starts: [Int] = []
    private var inView = RepeatedLines()
    private var hasReferences: Bool
    private var scanned = 0

    init(runner: Int, lines: TextLines, bytes: UnsafeBufferPointer<UInt8>) {
      self.runner = runner
      self.lines = lines
      self.bytes = bytes
      hasReferences = (0..<lines.count).contains { RepeatedLines.read(bytes, lines[$0]) != nil }
    }

    mutating func read(_ progress: inout TestProgress, to out: inout [UInt8]) -> Bool {
      let shapes = TestRunner.all[runner].shapes
      let lookup = TestRunner.briefLookups[runner]
      for i in 0..<lines.count {
        var line = lines[i]
        guard out.count <= mostBytes else { return false }
        let isEscaped = !line.isEmpty && bytes[line.lowerBound] == UInt8(ascii: "\\")
        if isEscaped {
          line = line.lowerBound + 1..<line.upperBound
        } else if let (count, quote) = RepeatedLines.read(bytes, line) {
          guard repeatLines(count, quote, &out) else { return false }
          continue
        } else if let count = RepeatedLines.readLineAbove(bytes, line) {
          guard repeatLine(count, &out) else { return false }
          continue
        } else if let folded = FoldedLine(bytes, line, of: runner) {
          guard folded.expand(bytes, of: runner, &progress, to: &out, limit: mostBytes) else { return false }
          continue
        } else {
          var isBrief = false
          lookup.candidates(bytes, line) { entry in
            guard let m = entry.pointee.pattern.match(bytes, line) else { return false }
            let key = entry.pointee.key
            let writer = TestLineWriter(match: m, bytes: bytes)
            if shapes[key].isCounted { progress.report(bytes[m.name]) }
            writer.write(shapes[key].line, progress, to: &out)
            out.append(UInt8(ascii: "\n"))
            if let second = shapes[key].second {
              writer.write(second, progress, to: &out)
              out.append(UInt8(ascii: "\n"))
            }
            isBrief = true
            return true
          }
          if isBrief { continue }
        }
        count(line, &progress)
        view(line, &out)
      }
      return true
    }

    /// A line that says by itself how much of the run is done.
    private func count(_ line: Range<Int>, _ progress: inout TestProgress) {
      guard progress.total > 0 else { return }
      TestFolding.counted(bytes, line, of: runner).map { progress.report(bytes[$0]) }
    }

    private mutating func view(_ line: Range<Int>, _ out: inout [UInt8]) {
      let start = out.count
      out += UnsafeBufferPointer(rebasing: bytes[line])
      out.append(UInt8(ascii: "\n"))
      guard hasReferences else { return }
      scan(out)
      out.withUnsafeBufferPointer {
        if let quote = RepeatedLines.quote($0, start..<start + line.count) {
          inView.add(quote, line: starts.count - 1, in: $0)
        }
      }
    }

    /// Finds the starts of the lines written since.
    private mutating func scan(_ out: [UInt8]) {
      while scanned < out.count {
        starts.append(scanned)
        scanned = (out[scanned...].firstIndex(of: UInt8(ascii: "\n")) ?? out.count - 1) + 1
      }
    }

    private func repeatLine(_ count: Int, _ out: inout [UInt8]) -> Bool {
      guard let end = out.indices.last, count > 0 else { return false }
      let start = (out[..<end].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      let line = Array(out[start...])
      guard line.count * count <= mostBytes - out.count else { return false }
      for _ in 0..<count { out += line }
      return true
    }

    private mutating func repeatLines(_ count: Int, _ quote: Range<Int>, _ out: inout [UInt8]) -> Bool {
      scan(out)
      let key = UnsafeBufferPointer(rebasing: bytes[quote])
      guard count > 0, let first = out.withUnsafeBufferPointer({ inView.line(key, in: $0) }),
        first + count <= starts.count
      else { return false }
      let end = first + count < starts.count ? starts[first + count] : out.count
      guard out.count + end - starts[first] <= mostBytes else { return false }
      out += Array(out[starts[first]..<end])
      return true
    }
  }
}
