/// Writes paths as a tree of folders: one line for a folder, and behind it the names in it.
///
///     src/acl.c             src/ main.py *.c: acl ae
///     src/ae.c         →     unit/ test.tcl
///     src/main.py
///     src/unit/test.tcl
struct PathListWriter: ~Copyable {
  private let text: UnsafeBufferPointer<UInt8>
  private let list: PathList
  private var out: ByteWriter
  /// The folders above the next line, each with its slash.
  private var folders: [Range<Int>] = []
  private var groups = NameGroups()

  init(_ list: PathList, in text: UnsafeBufferPointer<UInt8>) {
    self.list = list
    self.text = text
    out = ByteWriter(capacity: 4096)
  }

  struct Form {
    var body: [UInt8]
    var isSorted: Bool
    /// Whether each folder that has something in it is itself among the paths.
    var hasFolders: Bool
  }

  consuming func form() -> Form? {
    let isSorted = isSorted()
    let hasFolders = list.layout.mayHaveFolders && announcesFolders(isSorted: isSorted)
    if case .tree = list.layout, !hasFolders { return nil }
    if isSorted {
      writeSorted(hasFolders: hasFolders)
    } else {
      writeInOrder(hasFolders: hasFolders)
    }
    guard out.count > 0 else { return nil }
    return Form(body: out.bytes, isSorted: isSorted, hasFolders: hasFolders)
  }

  // MARK: Facts

  private func isSorted() -> Bool {
    if case .tree = list.layout { return false }
    for i in 1..<max(1, list.entries.count) where !isBefore(list.entries[i - 1].path, list.entries[i].path) {
      return false
    }
    return true
  }

  private func isBefore(_ a: Range<Int>, _ b: Range<Int>) -> Bool { ListingName.isBefore(text, a, b) }

  /// The folder of a path, with its slash; a slash at the end belongs to the name.
  private func folder(of path: Range<Int>) -> Range<Int> {
    var i = path.upperBound - 1
    while i > path.lowerBound, text[i - 1] != UInt8(ascii: "/") { i -= 1 }
    return path.lowerBound..<max(i, path.lowerBound)
  }

  private func starts(_ path: Range<Int>, with folder: Range<Int>) -> Bool {
    path.count >= folder.count && text.has(UnsafeBufferPointer(rebasing: text[folder]), at: path.lowerBound)
  }

  /// Whether the next path lies in this one.
  private func isOpened(_ i: Int) -> Bool {
    guard i + 1 < list.entries.count else { return false }
    let (path, next) = (list.entries[i].path, list.entries[i + 1].path)
    return next.count > path.count + 1 && text[next.lowerBound + path.count] == UInt8(ascii: "/")
      && starts(next, with: path)
  }

  private func announcesFolders(isSorted: Bool) -> Bool {
    if isSorted {
      var last = 0..<0
      var found = false
      for entry in list.entries {
        let own = folder(of: entry.path)
        if own.isEmpty || own.count == last.count && starts(own, with: last) { continue }
        last = own
        found = true
        guard own.count > 1, isAmongSorted(own.lowerBound..<own.upperBound - 1) else { return false }
      }
      return found
    }
    var open: [Range<Int>] = []
    for (i, entry) in list.entries.enumerated() {
      let own = folder(of: entry.path)
      while let top = open.last, !(own.count >= top.count && starts(own, with: top)) { open.removeLast() }
      guard own.count == open.last?.count ?? 0 else { return false }
      if isOpened(i) {
        let next = list.entries[i + 1].path
        open.append(next.lowerBound..<next.lowerBound + entry.path.count + 1)
      }
    }
    return true
  }

  /// Whether a path is one of the list, which is sorted.
  private func isAmongSorted(_ path: Range<Int>) -> Bool {
    var low = 0
    var high = list.entries.count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(list.entries[middle].path, path) { low = middle + 1 } else { high = middle }
    }
    return low < list.entries.count && !isBefore(path, list.entries[low].path)
  }

  // MARK: In the order of the lines

  private mutating func writeInOrder(hasFolders: Bool) {
    var i = 0
    while i < list.entries.count {
      if hasFolders, isOpened(i) {
        let next = list.entries[i + 1].path
        openFolder(next.lowerBound..<next.lowerBound + list.entries[i].path.count + 1)
        i += 1
        continue
      }
      let own = folder(of: list.entries[i].path)
      var end = i + 1
      while end < list.entries.count, !(hasFolders && isOpened(end)) {
        let other = folder(of: list.entries[end].path)
        guard other.count == own.count, starts(other, with: own) else { break }
        end += 1
      }
      openFolder(own)
      names(i..<end)
      i = end
    }
  }

  /// Goes to a folder: behind it on its line, where that is the last, else on a line of its own.
  private mutating func openFolder(_ folder: Range<Int>) {
    var isLast = true
    while let top = folders.last, !(folder.count >= top.count && starts(folder, with: top)) {
      folders.removeLast()
      isLast = false
    }
    let shared = folders.last?.count ?? 0
    if shared == folder.count, isLast, out.count > 0 { return }
    if out.count > 0 { out.append(UInt8(ascii: "\n")) }
    out.append(repeating: UInt8(ascii: " "), count: folders.count)
    guard shared < folder.count else { return }
    let name = UnsafeBufferPointer(rebasing: text[folder.lowerBound + shared..<folder.upperBound - 1])
    ListingName.write(name, to: &out)
    out.append(UInt8(ascii: "/"))
    folders.append(folder)
  }

  // MARK: Sorted

  /// Each folder once, as sorting brings back the order.
  private mutating func writeSorted(hasFolders: Bool) {
    guard let base = text.baseAddress else { return }
    var index = ByteIndex(capacity: list.entries.count / 4 + 8)
    var members: [[Int]] = []
    for i in list.entries.indices {
      let (number, isNew) = index.add(folder(of: list.entries[i].path), in: base)
      if isNew { members.append([]) }
      members[number].append(i)
    }
    let folderRanges = index.ranges
    let order = folderRanges.indices.sorted { isBefore(folderRanges[$0], folderRanges[$1]) }
    for number in order {
      let folder = folderRanges[number]
      openFolder(folder)
      var own = members[number]
      if hasFolders {
        own.removeAll { i in
          // A folder with something in it is said by its own line.
          guard let found = index.number(ofFolder: list.entries[i].path, in: text) else { return false }
          return found >= 0
        }
      }
      groups.assign(own.map { name(of: $0, in: folder) }, in: text)
      for i in groups.plain { item(own[i], in: folder) }
      for group in groups.all {
        pattern(group)
        for i in group.members { item(own[i], in: folder, group) }
      }
    }
  }

  private func name(of i: Int, in folder: Range<Int>) -> Range<Int> {
    let path = list.entries[i].path
    return path.lowerBound + folder.count..<path.upperBound
  }

  // MARK: Names

  private mutating func names(_ run: Range<Int>) {
    let own = folder(of: list.entries[run.lowerBound].path)
    if run.count >= 4 {
      groups.assign(run.map { name(of: $0, in: own) }, in: text)
      if groups.plain.isEmpty, groups.all.count == 1, let group = groups.all.first {
        pattern(group)
        for i in run { item(i, in: own, group) }
        return
      }
    }
    for i in run { item(i, in: own) }
  }

  private mutating func separate() {
    guard out.count > 0 else { return }
    let last = out[out.count - 1]
    // At the start of a line, that is behind its indentation, nothing stands between.
    if last == UInt8(ascii: "\n") || last == UInt8(ascii: " ") { return }
    out.append(UInt8(ascii: " "))
  }

  private mutating func pattern(_ group: NameGroups.Group) {
    separate()
    out.append(UnsafeBufferPointer(rebasing: text[group.prefix]))
    out.append(UInt8(ascii: "*"))
    out.append(UnsafeBufferPointer(rebasing: text[group.suffix]))
    out.append(UInt8(ascii: ":"))
  }

  private mutating func item(_ i: Int, in folder: Range<Int>, _ group: NameGroups.Group? = nil) {
    separate()
    let entry = list.entries[i]
    var name = name(of: i, in: folder)
    if let group { name = name.lowerBound + group.prefix.count..<name.upperBound - group.suffix.count }
    let bytes = UnsafeBufferPointer(rebasing: text[name])
    if list.layout.hasValue, bytes.contains(UInt8(ascii: ":")) {
      ListingName.writeQuoted(bytes, to: &out)
    } else {
      ListingName.write(bytes, to: &out)
    }
    guard list.layout.hasValue else { return }
    out.append(UInt8(ascii: ":"))
    var isGap = false
    for j in entry.value {
      // The hash and the size of an object stand apart in the line.
      if text[j] == 0x20 {
        if !isGap { out.append(UInt8(ascii: ":")) }
        isGap = true
      } else {
        out.append(text[j])
      }
    }
    if !entry.mode.isEmpty {
      out.append(UInt8(ascii: ":"))
      for j in entry.mode { out.append(text[j] == 0x20 ? UInt8(ascii: "/") : text[j]) }
    }
  }
}

extension ByteIndex {
  /// The number of the folder that a path is, written with its slash. Paths and folders stand in the same text, so the slash is not there.
  fileprivate func number(ofFolder path: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = text.baseAddress else { return nil }
    let key = Array(text[path]) + [UInt8(ascii: "/")]
    return key.withUnsafeBufferPointer { number(of: $0, in: base) }
  }
}

extension PathList.Layout {
  var hasValue: Bool {
    switch self {
    case .path, .tree: false
    default: true
    }
  }

  var mayHaveFolders: Bool { !hasValue }
}
