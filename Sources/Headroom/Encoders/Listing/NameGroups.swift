/// Names of one folder that begin or end alike, to be written behind a pattern: `*_test.go: chunk index`.
struct NameGroups {
  struct Group {
    var prefix: Range<Int>
    var suffix: Range<Int>
    /// Which of the names, in their order.
    var members: [Int]
  }

  private(set) var all: [Group] = []
  /// The names in no group.
  private(set) var plain: [Int] = []

  /// What a pattern costs, about, in names that must be shorter for it by a token.
  private static let least = 5
  private static let mostCuts = 3
  /// More patterns than this are not tried in one folder, so that the time is in proportion to the names.
  private static let mostPatterns = 16

  mutating func assign(_ names: [Range<Int>], in text: UnsafeBufferPointer<UInt8>) {
    all = []
    plain = Array(names.indices)
    guard names.count >= NameGroups.least, let base = text.baseAddress else { return }
    var index = ByteIndex(capacity: 32)
    var counts: [Int] = []
    var parts: [Int] = []
    for name in names {
      NameGroups.ends(of: name, in: base) { n, cut in
        let (number, isNew) = index.add(cut..<name.upperBound, in: base)
        if isNew {
          counts.append(0)
          parts.append(n)
        }
        counts[number] += 1
      }
    }
    // Longer endings first, where they save more than a pattern costs over the shorter ones.
    let chosen = counts.indices.filter { counts[$0] * max(1, parts[$0] - 1) >= NameGroups.least }
      .sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(NameGroups.mostPatterns)
      .sorted { (parts[$1], $0) < (parts[$0], $1) }
    for number in chosen {
      let suffix = index.ranges[number]
      let key = UnsafeBufferPointer(rebasing: text[suffix])
      func isMember(_ i: Int) -> Bool {
        names[i].count > key.count && text.has(key, at: names[i].upperBound - key.count)
          && !ListingName.needsQuotes(UnsafeBufferPointer(rebasing: text[names[i]]))
      }
      var members: [Int] = []
      var others: [Int] = []
      for i in plain {
        if isMember(i) { members.append(i) } else { others.append(i) }
      }
      guard members.count * max(1, parts[number] - 1) >= NameGroups.least else { continue }
      plain = others
      all.append(
        contentsOf: split(
          Group(prefix: suffix.lowerBound..<suffix.lowerBound, suffix: suffix, members: members), names, text))
    }
  }

  /// Takes names out of a group that begin alike.
  private func split(_ group: Group, _ names: [Range<Int>], _ text: UnsafeBufferPointer<UInt8>) -> [Group] {
    guard let base = text.baseAddress else { return [group] }
    var index = ByteIndex(capacity: 32)
    var counts: [Int] = []
    for i in group.members {
      guard let cut = NameGroups.start(of: names[i], in: text), cut < names[i].upperBound - group.suffix.count else {
        continue
      }
      let (number, isNew) = index.add(names[i].lowerBound..<cut, in: base)
      if isNew { counts.append(0) }
      counts[number] += 1
    }
    var rest = group
    var result: [Group] = []
    for number in counts.indices.filter({ counts[$0] >= NameGroups.least * 2 }).prefix(NameGroups.mostPatterns) {
      let prefix = index.ranges[number]
      let key = UnsafeBufferPointer(rebasing: text[prefix])
      func isMember(_ i: Int) -> Bool {
        names[i].count > key.count + group.suffix.count && text.has(key, at: names[i].lowerBound)
      }
      result.append(Group(prefix: prefix, suffix: group.suffix, members: rest.members.filter(isMember)))
      rest.members.removeAll(where: isMember)
    }
    return rest.members.isEmpty ? result : [rest] + result
  }

  /// Calls `body` with the number of each ending of a name, from 1, and where it begins, the shortest first.
  @inline(__always)
  private static func ends(of name: Range<Int>, in base: UnsafePointer<UInt8>, _ body: (Int, Int) -> Void) {
    var count = 0
    var i = name.upperBound - 2
    while i > name.lowerBound, count < mostCuts {
      let byte = base[i]
      if byte == UInt8(ascii: ".") || count > 0 && (byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")) {
        count += 1
        body(count, i)
      }
      i -= 1
    }
  }

  /// Where the first word of a name ends.
  private static func start(of name: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Int? {
    var i = name.lowerBound + 1
    while i < name.upperBound - 1 {
      if text[i] == UInt8(ascii: "_") || text[i] == UInt8(ascii: "-") || text[i] == UInt8(ascii: ".") { return i + 1 }
      i += 1
    }
    return nil
  }
}
