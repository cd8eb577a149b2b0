/// How `tree` draws its branches.
enum TreeStyle: String, CaseIterable {
  case unicode
  /// With spaces that do not break, as newer versions write.
  case nonbreaking
  case ascii

  /// Before an entry that others of its folder follow, before the last one, and below each of them.
  private var pieces: (more: StaticString, last: StaticString, below: StaticString, belowLast: StaticString) {
    switch self {
    case .unicode: ("├── ", "└── ", "│   ", "    ")
    case .nonbreaking: ("├── ", "└── ", "│\u{a0}\u{a0} ", "    ")
    case .ascii: ("|-- ", "`-- ", "|   ", "    ")
    }
  }

  /// A tree in some lines, its entries as paths one after another.
  struct Parsed {
    var style: TreeStyle
    var lines: Range<Int>
    var paths: [UInt8]
    var ranges: [Range<Int>]
  }

  /// Reads the tree whose root stands in the line `first`.
  static func parse(_ lines: TextLines, at first: Int, _ text: UnsafeBufferPointer<UInt8>) -> Parsed? {
    guard first + 2 < lines.count, !lines[first].isEmpty, starts(text, lines[first + 1]) else { return nil }
    let isAscii = text[lines[first + 1].lowerBound] < 0x80
    var style = isAscii ? TreeStyle.ascii : .unicode
    var isSure = isAscii
    var paths = ByteWriter()
    paths.append(UnsafeBufferPointer(rebasing: text[lines[first]]))
    var ranges = [0..<paths.count]
    var open = [0..<paths.count]
    var line = first + 1
    while line < lines.count {
      let range = lines[line]
      var p = range.lowerBound
      var depth = 1
      while true {
        if let end = skip(style.pieces.below, text, p, range.upperBound)
          ?? skip(style.pieces.belowLast, text, p, range.upperBound)
        {
          p = end
        } else if !isSure, let end = skip(TreeStyle.nonbreaking.pieces.below, text, p, range.upperBound) {
          style = .nonbreaking
          p = end
        } else {
          break
        }
        depth += 1
      }
      if style == .nonbreaking { isSure = true }
      guard
        let end = skip(style.pieces.more, text, p, range.upperBound)
          ?? skip(style.pieces.last, text, p, range.upperBound),
        end < range.upperBound, depth <= open.count, !text[end..<range.upperBound].contains(UInt8(ascii: "/"))
      else { break }
      open.removeLast(open.count - depth)
      let start = paths.count
      guard let parent = open.last, start < 1 << 26 else { break }
      paths.append(again: parent)
      paths.append(UInt8(ascii: "/"))
      paths.append(UnsafeBufferPointer(rebasing: text[end..<range.upperBound]))
      ranges.append(start..<paths.count)
      open.append(start..<paths.count)
      line += 1
    }
    guard line - first >= 3 else { return nil }
    return Parsed(style: style, lines: first..<line, paths: paths.bytes, ranges: ranges)
  }

  private static func starts(_ text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    allCases.contains {
      skip($0.pieces.more, text, line.lowerBound, line.upperBound) != nil
        || skip($0.pieces.last, text, line.lowerBound, line.upperBound) != nil
    }
  }

  private static func skip(_ piece: StaticString, _ text: UnsafeBufferPointer<UInt8>, _ p: Int, _ end: Int) -> Int? {
    let piece = UnsafeBufferPointer(start: piece.utf8Start, count: piece.utf8CodeUnitCount)
    return end - p >= piece.count && text.has(piece, at: p) ? p + piece.count : nil
  }

  /// Draws the tree of paths that stand in the order of the lines.
  func text(_ paths: UnsafeBufferPointer<UInt8>, _ ranges: [Range<Int>]) -> [UInt8]? {
    guard let root = ranges.first else { return nil }
    var depths: [Int] = []
    var starts: [Int] = []
    for range in ranges {
      guard range.count > root.count || depths.isEmpty else { return nil }
      var depth = 0
      var start = range.lowerBound
      for i in range.dropFirst(root.count) where paths[i] == UInt8(ascii: "/") {
        depth += 1
        start = i + 1
      }
      depths.append(depth)
      starts.append(start)
    }
    guard let deepest = depths.max(), deepest < 1000 else { return nil }
    // From the end: whether an entry of the same folder follows.
    var follows = [Bool](repeating: false, count: deepest + 2)
    var isLast = [Bool](repeating: true, count: ranges.count)
    for i in ranges.indices.reversed() {
      isLast[i] = !follows[depths[i]]
      follows[depths[i]] = true
      for deeper in depths[i] + 1..<follows.count where follows[deeper] { follows[deeper] = false }
    }
    var out = ByteWriter(capacity: paths.count)
    var open = [Bool](repeating: true, count: deepest + 2)
    for (i, range) in ranges.enumerated() {
      if i > 0 {
        out.append(UInt8(ascii: "\n"))
        guard depths[i] > 0 else { return nil }
        for depth in 1..<depths[i] { out.append(open[depth] ? pieces.belowLast : pieces.below) }
        out.append(isLast[i] ? pieces.last : pieces.more)
        open[depths[i]] = isLast[i]
      }
      out.append(UnsafeBufferPointer(rebasing: paths[(i > 0 ? starts[i] : range.lowerBound)..<range.upperBound]))
    }
    return out.bytes
  }
}
