/// A list of paths with some out of view: folders that hold what others wrote or programs made, and of folders with many names all but the
/// first ones and those that are asked for.
///
///     src/ acl.c ae.c
///     [lines 3-120: 118 more in src/: *.c 100, *.h 18]
///     [lines 121-9000: node_modules/ with 8880 paths]
struct PathListCut {
  private let list: PathList
  private let lines: TextLines
  private let text: UnsafeBufferPointer<UInt8>
  private let request: CutRequest

  /// Paths that follow each other and are of one folder, or of one that is left out as a whole.
  private struct Run {
    var entries: Range<Int>
    var folder: Range<Int>
    var isNoise: Bool
  }

  private static let noise: [StaticString] = [
    "node_modules", ".git", "target", "__pycache__", ".build", ".venv", "venv", ".tox", ".mypy_cache", ".pytest_cache",
    ".gradle", ".next", ".cache", "DerivedData", "site-packages",
  ]

  init(_ list: PathList, _ lines: TextLines, in text: UnsafeBufferPointer<UInt8>, _ request: CutRequest) {
    self.list = list
    self.lines = lines
    self.text = text
    self.request = request
  }

  func candidate() -> Candidate? {
    let runs = runs()
    let isRelevant = relevant()
    let depths = runs.map { run in text[run.folder].count { $0 == UInt8(ascii: "/") } }
    let prices = Prices(list, runs, isRelevant)
    // Deep folders go first, and in those that stay the names beyond the first ones.
    var shown = [Int](repeating: 0, count: runs.count)
    search: for depth in stride(from: min(depths.max() ?? 0, 12), through: -1, by: -1) {
      for most in depth < 0 ? [0] : PathListCut.mostNames {
        for (i, run) in runs.enumerated() {
          // A gap costs what some names do.
          let own = run.entries.count
          let isShown = !run.isNoise && (depths[i] <= depth || depth == 12)
          shown[i] = isShown ? (own <= most + 3 ? own : min(most, own)) : 0
        }
        if cost(runs, shown, isRelevant, prices) <= request.budget { break search }
      }
    }
    var kept = isRelevant
    for (run, count) in zip(runs, shown) {
      for i in run.entries.prefix(count) { kept[i] = true }
    }
    return write(runs, kept)
  }

  private static let mostNames = [1 << 30, 64, 24, 8]

  // MARK: What there is

  private func folder(of path: Range<Int>) -> Range<Int> {
    var i = path.upperBound - 1
    while i > path.lowerBound, text[i - 1] != UInt8(ascii: "/") { i -= 1 }
    return path.lowerBound..<max(i, path.lowerBound)
  }

  private func same(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    UnsafeBufferPointer(rebasing: text[a]).isEqual(to: UnsafeBufferPointer(rebasing: text[b]))
  }

  private func runs() -> [Run] {
    var runs: [Run] = []
    for (i, entry) in list.entries.enumerated() {
      let noise = noiseFolder(entry.path)
      let folder = noise ?? folder(of: entry.path)
      if let last = runs.last, last.isNoise == (noise != nil), same(last.folder, folder) {
        runs[runs.count - 1].entries = last.entries.lowerBound..<i + 1
      } else {
        runs.append(Run(entries: i..<i + 1, folder: folder, isNoise: noise != nil))
      }
    }
    return runs
  }

  /// The outermost folder of a path that only programs look into, with its slash.
  private func noiseFolder(_ path: Range<Int>) -> Range<Int>? {
    var start = path.lowerBound
    for i in path where text[i] == UInt8(ascii: "/") {
      if PathListCut.mayBeNoise(text[start], i - start) {
        let part = UnsafeBufferPointer(rebasing: text[start..<i])
        for word in PathListCut.noise
        where part.isEqual(to: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)) {
          return path.lowerBound..<i + 1
        }
      }
      start = i + 1
    }
    return nil
  }

  /// Whether a folder of this first byte and length may be among ``noise``.
  @inline(__always)
  private static func mayBeNoise(_ first: UInt8, _ count: Int) -> Bool {
    guard count >= 4, count <= 13 else { return false }
    switch first {
    case UInt8(ascii: "n"), UInt8(ascii: "."), UInt8(ascii: "t"), UInt8(ascii: "_"), UInt8(ascii: "v"),
      UInt8(ascii: "D"), UInt8(ascii: "s"):
      return true
    default: return false
    }
  }

  private func relevant() -> [Bool] {
    let relevance = Relevance(of: Segments(list.entries.map(\.path)), in: text, to: request.query)
    return relevance.relevant
  }

  // MARK: What it costs

  /// What names cost, and in which runs some are asked for.
  private struct Prices {
    /// What the names before each entry cost together.
    var before: [Int] = [0]
    var hasRelevant: [Bool] = []

    init(_ list: PathList, _ runs: [Run], _ isRelevant: [Bool]) {
      before.reserveCapacity(list.entries.count + 1)
      hasRelevant.reserveCapacity(runs.count)
      var sum = 0
      for run in runs {
        var found = false
        for i in run.entries {
          sum += (list.entries[i].path.count - run.folder.count + list.entries[i].value.count) / 4 + 1
          before.append(sum)
          if isRelevant[i] { found = true }
        }
        hasRelevant.append(found)
      }
    }
  }

  /// - Parameter shown: how many of the first names of each run stay.
  private func cost(_ runs: [Run], _ shown: [Int], _ isRelevant: [Bool], _ prices: Prices) -> Int {
    var cost = 0
    var isOpen = false
    for (n, run) in runs.enumerated() {
      let first = run.entries.lowerBound
      var names = prices.before[first + shown[n]] - prices.before[first]
      if shown[n] > 0 { isOpen = false }
      if prices.hasRelevant[n] {
        for i in run.entries.dropFirst(shown[n]) {
          if isRelevant[i] {
            names += prices.before[i + 1] - prices.before[i]
            isOpen = false
          } else if !isOpen {
            cost += 18
            isOpen = true
          }
        }
      } else if shown[n] < run.entries.count, !isOpen {
        cost += 18
        isOpen = true
      }
      cost += names > 0 ? names + 5 : 0
    }
    return cost
  }

  // MARK: Writing

  private func write(_ runs: [Run], _ kept: [Bool]) -> Candidate? {
    var out = CutText(lines)
    var start = 0
    while start < list.entries.count {
      var end = start + 1
      while end < list.entries.count, kept[end] == kept[start] { end += 1 }
      if kept[start] {
        var part = list
        part.entries = Array(list.entries[start..<end])
        if let form = PathListWriter(part, in: text).form() {
          out.append(form.body)
        } else if case .tree = list.layout {
          out.keep(start..<end)
        } else {
          return nil
        }
      } else {
        out.gap(start..<end, note: note(start..<end, runs))
      }
      start = end
    }
    return out.candidate(PathListForms.name)
  }

  /// What is left out: where, and by which endings.
  private func note(_ hidden: Range<Int>, _ runs: [Run]) -> String {
    // Runs are in the order of their entries: the first one that ends behind the start of what is hidden.
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].entries.upperBound <= hidden.lowerBound { low = middle + 1 } else { high = middle }
    }
    let inside = runs[low...].prefix { $0.entries.lowerBound < hidden.upperBound }
    guard let first = inside.first else { return "" }
    if inside.count == 1, first.isNoise { return "\(string(first.folder)) with \(hidden.count) paths" }
    var note = "\(hidden.count) more"
    if inside.count == 1 {
      note += first.folder.isEmpty ? "" : " in \(string(first.folder))"
      let endings = endings(hidden)
      if !endings.isEmpty { note += ": " + endings.joined(separator: ", ") }
    } else {
      var shared = first.folder
      for run in inside { shared = common(shared, run.folder) }
      note += " in \(inside.count) folders\(shared.isEmpty ? "" : " of " + string(shared))"
      let parts = parts(hidden, of: shared)
      if !parts.isEmpty { note += ": " + parts.joined(separator: ", ") }
    }
    return note
  }

  /// The folder that both are in.
  private func common(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
    var end = a.lowerBound
    var i = 0
    while i < a.count, i < b.count, text[a.lowerBound + i] == text[b.lowerBound + i] {
      i += 1
      if text[a.lowerBound + i - 1] == UInt8(ascii: "/") { end = a.lowerBound + i }
    }
    return a.lowerBound..<end
  }

  /// The folders right below `shared` that most of what is left out is in.
  private func parts(_ hidden: Range<Int>, of shared: Range<Int>) -> [String] {
    guard let base = text.baseAddress else { return [] }
    var index = ByteIndex()
    var counts: [Int] = []
    for i in hidden {
      let path = list.entries[i].path
      let start = min(path.lowerBound + shared.count, path.upperBound)
      guard let slash = text[start..<path.upperBound].firstIndex(of: UInt8(ascii: "/")) else { continue }
      let (number, isNew) = index.add(start..<slash + 1, in: base)
      if isNew { counts.append(0) }
      counts[number] += 1
    }
    let most = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(PathListCut.mostParts).sorted()
    let rest = counts.count - most.count
    return most.map { "\(string(index.ranges[$0])) \(counts[$0])" } + (rest > 0 ? ["\(rest) others"] : [])
  }

  private static let mostParts = 24

  private func endings(_ hidden: Range<Int>) -> [String] {
    guard let base = text.baseAddress else { return [] }
    var index = ByteIndex()
    var counts: [Int] = []
    for i in hidden {
      let path = list.entries[i].path
      let name = folder(of: path).upperBound..<path.upperBound
      let dot = text[name].lastIndex(of: UInt8(ascii: ".")) ?? name.upperBound
      guard dot > name.lowerBound, dot < name.upperBound else { continue }
      let (number, isNew) = index.add(dot..<name.upperBound, in: base)
      if isNew { counts.append(0) }
      counts[number] += 1
    }
    let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(3)
    return order.filter { counts[$0] > 1 }.map { "*\(string(index.ranges[$0])) \(counts[$0])" }
  }

  private func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
