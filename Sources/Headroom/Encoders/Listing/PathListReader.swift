/// Reads the tree of folders back to paths, one a line.
struct PathListReader: ~Copyable {
  /// What the header says.
  struct Header {
    var layout: PathList.Layout
    var isSorted: Bool
    var hasFolders: Bool
    var count: Int

    init?(_ detail: [UInt8]) {
      let reader = LineReader(detail, at: 0, lines: 1)
      var p = 0
      guard let count = reader.integer(at: &p, end: detail.count), reader.skip(" paths", at: &p, end: detail.count)
      else {
        return nil
      }
      self.count = count
      isSorted = reader.skip(", sorted", at: &p, end: detail.count)
      hasFolders = reader.skip(", folders included", at: &p, end: detail.count)
      guard let layout = PathList.Layout(detail[p...]) else { return nil }
      self.layout = layout
    }
  }

  private let lines: TextLines
  private let header: Header
  private var layout: PathList.Layout { header.layout }
  private let hasValue: Bool

  /// The paths one after another, and where each one and its figure stands.
  private var paths = ByteWriter(capacity: 4096)
  private var entries: [(path: Range<Int>, value: Range<Int>)] = []
  private var folders: [Range<Int>] = []

  /// A path may be long only by its folders; what is read may not grow without bound.
  private static let mostBytes = 1 << 28

  init(_ lines: TextLines, _ header: Header) {
    self.lines = lines
    self.header = header
    hasValue = header.layout.hasValue
  }

  mutating func text() -> [UInt8]? {
    let bytes = lines.text
    let isRead = bytes.withUnsafeBufferPointer { text in
      for line in 0..<lines.count {
        guard read(lines[line], text), paths.count < PathListReader.mostBytes else { return false }
      }
      return true
    }
    guard isRead else { return nil }
    guard entries.count == header.count else { return nil }
    if case .tree(let style) = layout { return style.text(paths.view, entries.map(\.path)) }
    let view = paths.view
    if header.isSorted { entries.sort { ListingName.isBefore(view, $0.path, $1.path) } }
    var out = ByteWriter(capacity: paths.count + entries.count * 12)
    for (i, entry) in entries.enumerated() {
      if i > 0 { out.append(UInt8(ascii: "\n")) }
      guard write(entry, view, &out) else { return nil }
    }
    return out.bytes
  }

  // MARK: Lines

  private mutating func read(_ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var p = range.lowerBound
    while p < range.upperBound, text[p] == 0x20 { p += 1 }
    let depth = p - range.lowerBound
    guard depth <= folders.count, p < range.upperBound else { return false }
    folders.removeLast(folders.count - depth)
    var prefix = 0..<0
    var suffix = 0..<0
    var isStart = true
    while p < range.upperBound {
      if !isStart {
        guard text[p] == 0x20 else { return false }
        p += 1
      }
      guard let (word, isQuoted) = ListingName.range(text, &p, end: range.upperBound) else { return false }
      let last = word.isEmpty ? 0 : text[word.upperBound - 1]
      if isStart, isQuoted ? p < range.upperBound && text[p] == UInt8(ascii: "/") : last == UInt8(ascii: "/") {
        if isQuoted { p += 1 }
        open(word, text, isQuoted: isQuoted)
        isStart = false
        continue
      }
      isStart = false
      if !isQuoted, last == UInt8(ascii: ":"), let star = text[word].firstIndex(of: UInt8(ascii: "*")) {
        prefix = word.lowerBound..<star
        suffix = star + 1..<word.upperBound - 1
        continue
      }
      guard add(prefix, word, suffix, text, isQuoted: isQuoted, &p, end: range.upperBound) else { return false }
    }
    return true
  }

  private mutating func open(_ name: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, isQuoted: Bool) {
    let start = paths.count
    if let top = folders.last { paths.append(again: top) }
    ListingName.append(text, name, isQuoted: isQuoted, to: &paths)
    if isQuoted { paths.append(UInt8(ascii: "/")) }
    folders.append(start..<paths.count)
    if header.hasFolders { entries.append((start..<paths.count - 1, 0..<0)) }
  }

  private mutating func add(
    _ prefix: Range<Int>, _ word: Range<Int>, _ suffix: Range<Int>, _ text: UnsafeBufferPointer<UInt8>,
    isQuoted: Bool, _ p: inout Int, end: Int
  ) -> Bool {
    var name = word
    var value = 0..<0
    if hasValue {
      if isQuoted {
        guard p < end, text[p] == UInt8(ascii: ":") else { return false }
        p += 1
        let start = p
        while p < end, text[p] != 0x20 { p += 1 }
        value = start..<p
      } else {
        guard let colon = text[word].firstIndex(of: UInt8(ascii: ":")) else { return false }
        name = word.lowerBound..<colon
        value = colon + 1..<word.upperBound
      }
    }
    let start = paths.count
    if let top = folders.last { paths.append(again: top) }
    paths.append(UnsafeBufferPointer(rebasing: text[prefix]))
    ListingName.append(text, name, isQuoted: isQuoted, to: &paths)
    paths.append(UnsafeBufferPointer(rebasing: text[suffix]))
    let valueStart = paths.count
    paths.append(UnsafeBufferPointer(rebasing: text[value]))
    entries.append((start..<valueStart, valueStart..<paths.count))
    return true
  }

  // MARK: The tool's lines

  private func write(
    _ entry: (path: Range<Int>, value: Range<Int>), _ view: UnsafeBufferPointer<UInt8>, _ out: inout ByteWriter
  ) -> Bool {
    let path = UnsafeBufferPointer(rebasing: view[entry.path])
    let value = UnsafeBufferPointer(rebasing: view[entry.value])
    switch layout {
    case .path, .tree: out.append(path)
    case .count:
      out.append(path)
      out.append(UInt8(ascii: ":"))
      out.append(value)
    case .words(let width):
      out.append(repeating: 0x20, count: max(0, width - value.count))
      out.append(value)
      out.append(0x20)
      out.append(path)
    case .size:
      out.append(value)
      out.append(0x09)
      out.append(path)
    case .object(let mode, let hasSize):
      let parts = value.split(separator: UInt8(ascii: ":"))
      let own = hasSize ? 2 : 1
      guard parts.count == own || parts.count == own + 1 else { return false }
      out.append(parts.count > own ? parts[own].map { $0 == UInt8(ascii: "/") ? 0x20 : $0 } : mode)
      out.append(0x20)
      out.append(UnsafeBufferPointer(rebasing: parts[0]))
      if hasSize {
        out.append(repeating: 0x20, count: 1 + max(0, 7 - parts[1].count))
        out.append(UnsafeBufferPointer(rebasing: parts[1]))
      }
      out.append(0x09)
      out.append(path)
    }
    return true
  }
}
