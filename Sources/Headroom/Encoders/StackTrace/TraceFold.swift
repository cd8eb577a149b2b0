/// The runs of library frames in lines, which a reader of a trace can do without.
///
///     File "/srv/app/views.py", line 12, in index
///     [lines 9-36: 14 frames of django, asyncio]
///     File "/srv/app/models.py", line 40, in save
struct TraceFold {
  /// Frames below one another, with the lines that belong to each.
  private struct Frame {
    var lines: Range<Int>
    var owner: String?
  }

  /// Lines to leave out, and what they hold.
  private(set) var folded: [(lines: Range<Int>, note: String)] = []

  private static let fewestFrames = 2
  private static let fewestLines = 3
  /// How many frames of the project stay at either end of a run without end.
  private static let mostOwn = (first: 30, last: 15)

  init(_ lines: TextLines, kinds: [TraceLine]) {
    lines.text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return }
      var line = 0
      while line < lines.count {
        guard kinds[line] == .frame else {
          line += 1
          continue
        }
        var frames: [Frame] = []
        while line < lines.count, kinds[line] == .frame {
          let start = line
          line += 1
          while line < lines.count, kinds[line] == .detail { line += 1 }
          let whole = lines[start..<line].range
          frames.append(
            Frame(
              lines: start..<line,
              owner: LibraryFrame.owner(
                of: UnsafeBufferPointer(start: base + whole.lowerBound, count: min(whole.count, 2_000)))))
        }
        fold(frames)
      }
    }
  }

  /// Folds one run of frames. The first and the last stay: where it began, and where it was raised.
  private mutating func fold(_ frames: [Frame]) {
    guard frames.count > 2 else { return }
    var i = 1
    while i < frames.count - 1 {
      let start = i
      let isLibrary = frames[i].owner != nil
      while i < frames.count - 1, (frames[i].owner != nil) == isLibrary { i += 1 }
      let run = frames[start..<i]
      if isLibrary {
        add(run)
      } else if run.count > TraceFold.mostOwn.first + TraceFold.mostOwn.last + 10 {
        add(run.dropFirst(TraceFold.mostOwn.first).dropLast(TraceFold.mostOwn.last))
      }
    }
  }

  private mutating func add(_ run: ArraySlice<Frame>) {
    guard let first = run.first, let last = run.last else { return }
    let lines = first.lines.lowerBound..<last.lines.upperBound
    guard run.count >= TraceFold.fewestFrames, lines.count >= TraceFold.fewestLines else { return }
    var owners: [String] = []
    for case .some(let owner) in run.map(\.owner) where !owners.contains(owner) { owners.append(owner) }
    let names = owners.prefix(3).joined(separator: ", ") + (owners.count > 3 ? " and others" : "")
    folded.append((lines, "\(run.count) frames\(names.isEmpty ? "" : " of \(names)")"))
  }
}
