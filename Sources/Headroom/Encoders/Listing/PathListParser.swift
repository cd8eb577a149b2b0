/// Finds and reads lists of paths.
struct PathListParser {
  private let lines: TextLines
  private let text: UnsafeBufferPointer<UInt8>
  /// Whether the command lists: then single words are names.
  private let isListing: Bool

  static func runs(_ lines: TextLines, hint: Hint) -> [PathList] {
    lines.text.withUnsafeBufferPointer { text in
      let parser = PathListParser(lines: lines, text: text, isListing: hint.isListing)
      var runs: [PathList] = []
      var line = 0
      while line < lines.count {
        let run = parser.run(at: line)
        if let run, parser.isAccepted(run) { runs.append(run) }
        line = max(line + 1, run?.lines.upperBound ?? 0)
      }
      return runs
    }
  }

  /// The list that all the lines are, nil when they are not one.
  static func whole(_ lines: TextLines, hint: Hint) -> PathList? {
    guard !lines.isEmpty else { return nil }
    return lines.text.withUnsafeBufferPointer { text in
      let parser = PathListParser(lines: lines, text: text, isListing: hint.isListing)
      guard let run = parser.run(at: 0), run.lines == 0..<lines.count, parser.isAccepted(run) else { return nil }
      return run
    }
  }

  private func run(at first: Int) -> PathList? {
    guard !lines[first].isEmpty, let (layout, _) = entry(first, nil) else { return nil }
    var run = PathList(layout: layout, lines: first..<first)
    var line = first
    while line < lines.count, let (_, entry) = entry(line, layout) {
      run.entries.append(entry)
      line += 1
    }
    run.lines = first..<line
    switch layout {
    case .words: run.layout = .words(width: width(run))
    case .object(_, let hasSize): setMode(&run, hasSize: hasSize)
    default: break
    }
    return run
  }

  private func isAccepted(_ run: PathList) -> Bool {
    guard run.lines.count >= 3 else { return false }
    // Words and numbers of other things are not taken for names.
    switch run.layout {
    case .path, .words, .size: return isListing || arePaths(run.entries)
    case .count: return arePaths(run.entries)
    default: return true
    }
  }

  /// Whether seven in ten are surely paths; looks at no more of them than that takes.
  private func arePaths(_ entries: [PathList.Entry]) -> Bool {
    let needed = (entries.count * 7 + 9) / 10
    var sure = 0
    for (i, entry) in entries.enumerated() {
      if sure >= needed { return true }
      if sure + entries.count - i < needed { return false }
      if SearchText.pathRank(text, entry.path) == 2 { sure += 1 }
    }
    return sure >= needed
  }

  /// Reads a line in the layout of its run, or finds out the layout.
  private func entry(_ line: Int, _ layout: PathList.Layout?) -> (PathList.Layout, PathList.Entry)? {
    let range = lines[line]
    guard !range.isEmpty else { return nil }
    let first = text[range.lowerBound]
    switch layout {
    case .path?: return path(range).map { (.path, $0) }
    case .count?: return count(range).map { (.count, $0) }
    case .words?: return words(range).map { (.words(width: 0), $0) }
    case .size?: return size(range).map { (.size, $0) }
    case .object(_, let hasSize)?:
      return object(range, hasSize: hasSize).map { (.object(mode: [], hasSize: hasSize), $0) }
    case .tree?: return nil
    case nil:
      if first &- 0x30 < 10 {
        if let entry = object(range, hasSize: true) { return (.object(mode: [], hasSize: true), entry) }
        if let entry = object(range, hasSize: false) { return (.object(mode: [], hasSize: false), entry) }
        if let entry = size(range) { return (.size, entry) }
      }
      if first == 0x20 || first &- 0x30 < 10, let entry = words(range) { return (.words(width: 0), entry) }
      if let entry = count(range) { return (.count, entry) }
      return path(range).map { (.path, $0) }
    }
  }

  private func path(_ range: Range<Int>) -> PathList.Entry? {
    guard isPath(range) else { return nil }
    return .init(path: range, value: 0..<0)
  }

  /// A path; spaces may stand only behind its first folder, and not where prose has them.
  private func isPath(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty, range.count <= 1000 else { return false }
    let first = text[range.lowerBound]
    // As git writes names that it must escape.
    let isQuoted = first == UInt8(ascii: "\"") && range.count > 2 && text[range.upperBound - 1] == first
    guard SearchText.isPathStart(first) || first == UInt8(ascii: "[") || isQuoted else { return false }
    var slash = false
    var spaces = 0
    for i in range {
      let byte = text[i]
      switch byte {
      case UInt8(ascii: "/"): slash = true
      case 0x20:
        // Flags and many words are those of a command or of prose.
        spaces += 1
        guard slash && !isQuoted || isListing, spaces < 5, i + 1 < range.upperBound, text[i + 1] != UInt8(ascii: "-")
        else {
          return false
        }
      case UInt8(ascii: "\""): guard slash || isListing || isQuoted else { return false }
      case UInt8(ascii: "|"), UInt8(ascii: "<"): guard isListing else { return false }
      case UInt8(ascii: ":"): if i + 1 < range.upperBound, text[i + 1] == 0x20 { return false }
      default: if byte < 0x20 || byte == 0x7f { return false }
      }
    }
    let last = text[range.upperBound - 1]
    // A folder's name above its content is the long listing's.
    return last != UInt8(ascii: ":") && last != 0x20 && last != UInt8(ascii: ",") && last != UInt8(ascii: ";")
      && last != UInt8(ascii: "{")
  }

  private func count(_ range: Range<Int>) -> PathList.Entry? {
    var i = range.upperBound
    while i > range.lowerBound, text[i - 1] &- 0x30 < 10 { i -= 1 }
    guard i < range.upperBound, i > range.lowerBound + 1, text[i - 1] == UInt8(ascii: ":") else { return nil }
    let path = range.lowerBound..<i - 1
    return isPath(path) ? .init(path: path, value: i..<range.upperBound) : nil
  }

  private func words(_ range: Range<Int>) -> PathList.Entry? {
    var i = range.lowerBound
    while i < range.upperBound, text[i] == 0x20 { i += 1 }
    let start = i
    while i < range.upperBound, text[i] &- 0x30 < 10 { i += 1 }
    guard i > start, i - range.lowerBound < 90, i + 1 < range.upperBound, text[i] == 0x20,
      isPath(i + 1..<range.upperBound)
    else { return nil }
    return .init(path: i + 1..<range.upperBound, value: start..<i)
  }

  private func size(_ range: Range<Int>) -> PathList.Entry? {
    var i = range.lowerBound
    while i < range.upperBound, text[i] != 0x09 {
      guard text[i] &- 0x30 < 10 || text[i] == UInt8(ascii: ".") || text[i] &- 0x41 < 26, i - range.lowerBound < 20
      else {
        return nil
      }
      i += 1
    }
    guard i < range.upperBound, i > range.lowerBound, isPath(i + 1..<range.upperBound) else { return nil }
    return .init(path: i + 1..<range.upperBound, value: range.lowerBound..<i)
  }

  /// `100644 blob 8c3f…    1234`, a tab, the path.
  private func object(_ range: Range<Int>, hasSize: Bool) -> PathList.Entry? {
    guard range.count > 54 else { return nil }
    var i = range.lowerBound
    for _ in 0..<6 {
      guard text[i] &- 0x30 < 8 else { return nil }
      i += 1
    }
    guard text[i] == 0x20 else { return nil }
    i += 1
    while i < range.upperBound, text[i] &- 0x61 < 26 { i += 1 }
    let mode = range.lowerBound..<i
    guard i + 42 < range.upperBound, text[i] == 0x20 else { return nil }
    let start = i + 1
    i = start
    while i < range.upperBound, text[i] &- 0x30 < 10 || text[i] &- 0x61 < 6 { i += 1 }
    guard i - start == 40 || i - start == 64 else { return nil }
    if hasSize {
      var last = i
      while last < range.upperBound, text[last] == 0x20 { last += 1 }
      guard last > i else { return nil }
      let digits = last
      while last < range.upperBound, text[last] &- 0x30 < 10 || text[last] == UInt8(ascii: "-") { last += 1 }
      guard last > digits, last - i == 1 + max(7, last - digits) else { return nil }
      i = last
    }
    guard i + 1 < range.upperBound, text[i] == 0x09 else { return nil }
    return .init(path: i + 1..<range.upperBound, value: start..<i, mode: mode)
  }

  /// How wide numbers are: the longest, if the others are padded to it.
  private func width(_ run: PathList) -> Int {
    run.entries.indices.reduce(0) {
      max($0, run.entries[$1].value.upperBound - lines[run.lines.lowerBound + $1].lowerBound)
    }
  }

  private func setMode(_ run: inout PathList, hasSize: Bool) {
    var index = ByteIndex()
    var counts: [Int] = []
    guard let base = text.baseAddress else { return }
    for entry in run.entries {
      let (number, isNew) = index.add(entry.mode, in: base)
      if isNew { counts.append(0) }
      counts[number] += 1
    }
    guard let most = counts.max(), let number = counts.firstIndex(of: most) else { return }
    let mode = UnsafeBufferPointer(rebasing: text[index.ranges[number]])
    run.layout = .object(mode: Array(mode), hasSize: hasSize)
    for i in run.entries.indices where UnsafeBufferPointer(rebasing: text[run.entries[i].mode]).isEqual(to: mode) {
      run.entries[i].mode = 0..<0
    }
  }
}

extension Hint {
  /// Whether the command prints names of files.
  var isListing: Bool {
    if let toolName {
      let name = String(decoding: toolName, as: UTF8.self).lowercased()
      if ["ls", "list_dir", "list_files", "list_directory", "glob", "find_files", "find", "listdir"].contains(name) {
        return true
      }
    }
    guard let command else { return false }
    return Hint.starts(in: command, ["ls", "find", "fd", "fdfind", "tree", "du", "git ls-files"])
  }
}
