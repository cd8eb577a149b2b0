/// A diff with less around the changes, and, where that is not enough, with fewer of them.
///
/// First goes what is not the change: the names of contents, the contents of lock files and generated ones, context lines but one. The
/// marker `[context 3→1]` says so once; the counts of the hunks are those of the lines in view. Then the hunks that matter least leave, but
/// for the lines that define something and those that the query names.
///
///     [context 3→1]
///     === src/acl.c
///     @@ -1068,3 +1068,3 @@ int ACLSetSelector(
///      flags |= ACL_WRITE_PERMISSION;
///     -} else if (op == '~') {
///     +} else if (op == '~' && flags) {
///     [lines 31-58: @@ +1204 void f: +14 -3]
struct DiffCut {
  private let forms: DiffForms
  private let request: CutRequest
  private let views: [[DiffHunkView]]
  /// Paths, as far as headers say them.
  private let headers: [DiffHeader?]
  private let bytes: UnsafeBufferPointer<UInt8>

  /// Changes are what a diff is read for: below so many tokens none is left out.
  private var budget: Int { max(request.budget, request.level == .balanced ? 4_000 : 1_500) }

  init(_ forms: DiffForms, _ request: CutRequest, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.forms = forms
    self.request = request
    self.bytes = bytes
    views = forms.files.map { $0.hunks.map { DiffHunkView($0, forms.lines, bytes) } }
    headers = forms.files.map { DiffHeader(forms.lines[$0.header], bytes) }
  }

  private enum FileKind { case source, test, prose, generated, lock }

  func candidate() -> Candidate? {
    let kinds = forms.files.indices.map { kind(of: path($0)) }
    let isKept = chosen(kinds)
    let shown = relevantLines(isKept)
    var text = CutText(forms.lines)
    var dropped = 0
    var context = 0
    var end = 0
    for (index, file) in forms.files.enumerated() {
      text.keep(end..<file.header.lowerBound)
      end = file.lines.upperBound
      dropped += write(headerOf: index, to: &text)
      if kinds[index] == .lock || kinds[index] == .generated {
        writeSummary(of: index, isLock: kinds[index] == .lock, to: &text)
        continue
      }
      if !file.binary.isEmpty { text.gap(file.binary, note: "binary") }
      context += write(views[index], isKept[index], shown, to: &text)
    }
    text.keep(end..<forms.lines.count)
    let cutLines = text.cutLines + dropped + context
    guard cutLines > 0 else { return nil }
    let mark = context > 0 ? Array("[context 3→1]\n".utf8) : []
    return Candidate(name: "diff cut", fidelity: .lossy, bytes: mark + text.bytes, cutLines: cutLines)
  }

  // MARK: Files

  private func path(_ index: Int) -> [UInt8] {
    if let header = headers[index] { return header.path }
    let file = forms.files[index]
    for line in file.header.reversed() {
      var cursor = FieldCursor(bytes, forms.lines[line])
      if cursor.skip("+++ b/") || cursor.skip("+++ ") || cursor.skip("diff --git a/") {
        let field = cursor.field(to: UInt8(ascii: "\t"))
        if !bytes[field].elementsEqual("/dev/null".utf8) { return Array(bytes[field]) }
      }
    }
    return []
  }

  private func kind(of path: [UInt8]) -> FileKind {
    path.withUnsafeBufferPointer { path in
      if GeneratedFile.isLock(path) { return .lock }
      if GeneratedFile.isGenerated(path) { return .generated }
      if GeneratedFile.isTest(path) { return .test }
      return GeneratedFile.isProse(path) ? .prose : .source
    }
  }

  /// The header in one line; returns how many lines of it are gone.
  private func write(headerOf index: Int, to text: inout CutText) -> Int {
    let file = forms.files[index]
    if let header = headers[index] {
      text.append(header.shortLine)
      return file.header.count - 1
    }
    var dropped = 0
    for line in file.header {
      if FieldCursor(bytes, forms.lines[line]).has("index ") { dropped += 1 } else { text.keep(line..<line + 1) }
    }
    return dropped
  }

  private func writeSummary(of index: Int, isLock: Bool, to text: inout CutText) {
    let file = forms.files[index]
    let body = file.header.upperBound..<file.lines.upperBound
    guard !body.isEmpty else { return }
    if isLock {
      var changes = LockChanges()
      for hunk in file.hunks {
        for line in hunk.body where !forms.lines[line].isEmpty {
          let range = forms.lines[line]
          changes.read(bytes, range.lowerBound + 1..<range.upperBound, sign: bytes[range.lowerBound])
        }
      }
      let summary = changes.lines
      if !summary.isEmpty { text.append(summary) }
    }
    let added = views[index].reduce(0) { $0 + $1.added }
    let removed = views[index].reduce(0) { $0 + $1.removed }
    text.gap(body, note: "\(isLock ? "lock file" : "generated"), +\(added) -\(removed)")
  }

  // MARK: Hunks

  /// The hunks of a file; returns how many lines are gone without a gap of their own.
  private func write(
    _ views: [DiffHunkView], _ isKept: [Bool], _ relevant: [Bool], to text: inout CutText
  ) -> Int {
    var dropped = 0
    var index = 0
    while index < views.count {
      var end = index
      while end < views.count, !isKept[end], isEmpty(views[end], relevant) { end += 1 }
      if end - index >= DiffCut.mostNamed {
        let added = views[index..<end].reduce(0) { $0 + $1.added }
        let removed = views[index..<end].reduce(0) { $0 + $1.removed }
        let part = views[index].hunk.header..<views[end - 1].hunk.body.upperBound
        text.gap(part, note: "\(end - index) hunks, +\(added) -\(removed)")
        index = end
      } else if isKept[index] {
        dropped += write(views[index], to: &text)
        index += 1
      } else {
        writeOutline(of: views[index], relevant, to: &text)
        index += 1
      }
    }
    return dropped
  }

  /// So many hunks in a row that are out of view are counted and no longer named.
  private static let mostNamed = 4

  /// Whether nothing of a hunk is to be seen when it does not stay.
  private func isEmpty(_ view: DiffHunkView, _ relevant: [Bool]) -> Bool {
    view.definitions.isEmpty && !relevant[view.hunk.body].contains(true)
  }

  /// The hunk with less context; returns how many lines are gone.
  private func write(_ view: DiffHunkView, to text: inout CutText) -> Int {
    var shown = 0
    for part in view.parts {
      text.append(view.header(of: part, bytes))
      text.keep(part)
      shown += part.count
    }
    return view.hunk.body.count - shown
  }

  /// Only the lines of the hunk that define something or that the query names, and how much there is else.
  private func writeOutline(of view: DiffHunkView, _ relevant: [Bool], to text: inout CutText) {
    let hunk = view.hunk
    var kept = view.definitions + hunk.body.filter { relevant[$0] }
    kept.sort()
    guard let first = kept.first else { return text.gap(hunk.lines, note: view.note(bytes)) }
    text.keep(hunk.header..<hunk.header + 1)
    var end = hunk.body.lowerBound
    // A line or two cost no more than the gap that would stand for them.
    for line in kept where line >= end {
      if line - end <= 2, line > first { text.keep(end..<line) } else { gap(end..<line, to: &text) }
      text.keep(line..<line + 1)
      end = line + 1
    }
    if hunk.body.upperBound - end <= 2 {
      text.keep(end..<hunk.body.upperBound)
    } else {
      gap(end..<hunk.body.upperBound, to: &text)
    }
  }

  private func gap(_ part: Range<Int>, to text: inout CutText) {
    var added = 0
    var removed = 0
    for line in part where !forms.lines[line].isEmpty {
      let sign = bytes[forms.lines[line].lowerBound]
      if sign == UInt8(ascii: "+") { added += 1 } else if sign == UInt8(ascii: "-") { removed += 1 }
    }
    let counts = [added > 0 ? "+\(added)" : "", removed > 0 ? "-\(removed)" : ""].filter { !$0.isEmpty }
    text.gap(part, note: counts.joined(separator: " "))
  }

  // MARK: Which hunks

  private struct Choice {
    var file: Int
    var hunk: Int
    var tokens: Int
    var worth: Int
  }

  /// Which hunks stay: all, when they fit; else those that are worth most for their tokens.
  private func chosen(_ kinds: [FileKind]) -> [[Bool]] {
    var choices: [Choice] = []
    var ranges: [Range<Int>] = []
    for (file, views) in views.enumerated() where kinds[file] != .lock && kinds[file] != .generated {
      for (index, view) in views.enumerated() {
        // A header, and three bytes a token, as code has them. To choose, that is near enough.
        let tokens = view.parts.reduce(0) { $0 + 16 + forms.lines[$1].range.count / 3 }
        choices.append(Choice(file: file, hunk: index, tokens: tokens, worth: worth(of: view, kinds[file])))
        ranges.append(forms.lines[view.hunk.lines].range)
      }
    }
    var isKept = views.map { [Bool](repeating: true, count: $0.count) }
    var left = budget - forms.files.count * 20
    guard choices.reduce(0, { $0 + $1.tokens }) > left else { return isKept }
    let scores = Relevance(of: Segments(ranges), in: bytes, to: request.query).scores
    for index in choices.indices {
      choices[index].worth = (choices[index].worth + 2 * scores[index]) * 1024 / (choices[index].tokens + 64)
      isKept[choices[index].file][choices[index].hunk] = false
    }
    // What is left of a hunk costs something too.
    left -= choices.reduce(0) { $0 + 24 + 16 * views[$1.file][$1.hunk].definitions.count }
    let order = choices.indices.sorted { (choices[$1].worth, $0) < (choices[$0].worth, $1) }
    for index in order where choices[index].tokens <= left {
      left -= choices[index].tokens
      isKept[choices[index].file][choices[index].hunk] = true
    }
    return isKept
  }

  private func worth(of view: DiffHunkView, _ kind: FileKind) -> Int {
    var worth =
      switch kind {
      case .source: 800
      case .prose: 400
      case .test: 300
      case .generated, .lock: 0
      }
    if !view.definitions.isEmpty { worth += 200 }
    return view.isWhitespace ? worth / 4 : worth
  }

  /// The changed lines of hunks that do not stay which the query asks for.
  private func relevantLines(_ isKept: [[Bool]]) -> [Bool] {
    var isRelevant = [Bool](repeating: false, count: forms.lines.count)
    var candidates: [Int] = []
    for (views, isKept) in zip(views, isKept) {
      for (view, isKept) in zip(views, isKept) where !isKept {
        candidates += view.hunk.body.filter { line in
          bytes[forms.lines[line]].first.map { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") } ?? false
        }
      }
    }
    guard !candidates.isEmpty, !request.query.isEmpty else { return isRelevant }
    let relevance = Relevance(of: Segments(candidates.map { forms.lines[$0] }), in: bytes, to: request.query)
    for (line, isOne) in zip(candidates, relevance.relevant) where isOne { isRelevant[line] = true }
    return isRelevant
  }
}

extension DiffForms {
  func cut(_ request: CutRequest) -> Candidate? {
    lines.text.withUnsafeBufferPointer { DiffCut(self, request, $0).candidate() }
  }
}
