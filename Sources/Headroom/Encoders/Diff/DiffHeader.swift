/// The header of one file in `git diff`, in one line. What the other lines repeat is put together again from it.
///
///     diff --git a/src/acl.c b/src/acl.c      === src/acl.c 6d698427f..699a3808a 100644
///     index 6d698427f..699a3808a 100644
///     --- a/src/acl.c
///     +++ b/src/acl.c
///
///     === new.c 000000000..699a3808a new 100644
///     === b.c 6d698427f..699a3808a 100644 renamed from a.c 95%
struct DiffHeader {
  enum Change: String, CaseIterable {
    case modified = ""
    case new, deleted, combined, renamed, copied
  }
  enum Content: String, CaseIterable {
    case text = ""
    case binary, empty
  }

  var path: [UInt8]
  var change = Change.modified
  /// `6d698427f..699a3808a`; empty when nothing but the name changed.
  var index: [UInt8] = []
  var mode: [UInt8] = []
  /// The former path, and how similar the files are: `95%`.
  var from: [UInt8] = []
  var similarity: [UInt8] = []
  var content = Content.text

  static let mark: StaticString = "=== "

  // MARK: From the lines of git

  /// Reads a header; nil unless ``lines`` gives the very lines back.
  init?(_ text: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
    guard !text.isEmpty else { return nil }
    func array(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }
    var first = FieldCursor(bytes, text[0])
    if first.skip("diff --cc ") {
      path = array(first.rest)
      change = .combined
    } else {
      guard first.skip("diff --git a/") else { return nil }
      // Both names are equal but for renames, and those say their names once more.
      path = array(first.rest.lowerBound..<first.rest.lowerBound + max(0, first.rest.count - 3) / 2)
    }
    content = .empty
    for line in 1..<max(1, text.count) {
      var cursor = FieldCursor(bytes, text[line])
      if cursor.skip("index ") {
        index = array(cursor.field())
        if cursor.skip(" ") { mode = array(cursor.rest) }
      } else if cursor.skip("new file mode ") {
        change = .new
        mode = array(cursor.rest)
      } else if cursor.skip("deleted file mode ") {
        change = .deleted
        mode = array(cursor.rest)
      } else if cursor.skip("similarity index ") {
        similarity = array(cursor.rest)
      } else if cursor.skip("rename from ") {
        change = .renamed
        from = array(cursor.rest)
      } else if cursor.skip("copy from ") {
        change = .copied
        from = array(cursor.rest)
      } else if cursor.skip("rename to ") || cursor.skip("copy to ") {
        path = array(cursor.rest)
      } else if cursor.has("+++ ") {
        content = .text
      } else if cursor.has("Binary files ") {
        content = .binary
      }
    }
    guard isWritable else { return nil }
    var given: [UInt8] = []
    for line in 0..<text.count { given += bytes[text[line]] + [UInt8(ascii: "\n")] }
    guard given == lines, let again = DiffHeader(line), again.lines == given else { return nil }
  }

  /// Whether the one line can be taken apart again: nothing in it has spaces.
  private var isWritable: Bool {
    !path.isEmpty && ![path, from, index, mode, similarity].contains { $0.contains(UInt8(ascii: " ")) }
  }

  /// The lines as git prints them, each with its newline.
  var lines: [UInt8] {
    let from = from.isEmpty ? path : from
    var out: [UInt8] = []
    func line(_ parts: [UInt8]...) {
      for part in parts { out += part }
      out.append(UInt8(ascii: "\n"))
    }
    func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }
    if change == .combined {
      line(ascii("diff --cc "), path)
    } else {
      line(ascii("diff --git a/"), from, ascii(" b/"), path)
    }
    switch change {
    case .new: line(ascii("new file mode "), mode)
    case .deleted: line(ascii("deleted file mode "), mode)
    case .renamed, .copied:
      let word = change == .renamed ? "rename" : "copy"
      line(ascii("similarity index "), similarity)
      line(ascii("\(word) from "), from)
      line(ascii("\(word) to "), path)
    case .modified, .combined: break
    }
    if !index.isEmpty {
      let isModeSaid = change == .new || change == .deleted || mode.isEmpty
      line(ascii("index "), index, isModeSaid ? [] : [UInt8(ascii: " ")] + mode)
    }
    let none = ascii("/dev/null")
    let old = change == .new ? none : ascii("a/") + from
    let new = change == .deleted ? none : ascii("b/") + path
    switch content {
    case .text:
      line(ascii("--- "), old)
      line(ascii("+++ "), new)
    case .binary: line(ascii("Binary files "), old, ascii(" and "), new, ascii(" differ"))
    case .empty: break
    }
    return out
  }

  // MARK: In one line

  /// All of it in one line.
  var line: [UInt8] { line(hasIndex: true) }

  /// What a reader wants to know: not the names of the contents.
  var shortLine: [UInt8] { line(hasIndex: false) }

  private func line(hasIndex: Bool) -> [UInt8] {
    var out = Array("=== ".utf8) + path
    func add(_ word: [UInt8]) { if !word.isEmpty { out += [UInt8(ascii: " ")] + word } }
    if hasIndex { add(index) }
    if change != .renamed, change != .copied { add(Array(change.rawValue.utf8)) }
    if hasIndex || change == .new { add(mode) }
    if change == .renamed || change == .copied {
      add(Array("\(change.rawValue) from ".utf8) + from + [0x20] + similarity)
    }
    add(Array(content.rawValue.utf8))
    return out
  }

  /// Reads the one line.
  init?(_ line: [UInt8]) {
    let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map(Array.init)
    guard fields.count >= 2, fields[0] == Array("===".utf8) else { return nil }
    path = fields[1]
    var rest = fields[2...]
    func word(_ text: String) -> Bool {
      guard let first = rest.first, first == Array(text.utf8) else { return false }
      rest = rest.dropFirst()
      return true
    }
    if let first = rest.first, first.contains(UInt8(ascii: ".")), first.first.map(FieldCursor.isHexadecimal) == true {
      index = first
      rest = rest.dropFirst()
    }
    for change in [Change.new, .deleted, .combined] where word(change.rawValue) { self.change = change }
    if let first = rest.first, first.count == 6, first.allSatisfy({ $0 &- 0x30 < 8 }) {
      mode = first
      rest = rest.dropFirst()
    }
    for change in [Change.renamed, .copied] where word(change.rawValue) {
      guard word("from"), rest.count >= 2 else { return nil }
      self.change = change
      from = rest[rest.startIndex]
      similarity = rest[rest.startIndex + 1]
      rest = rest.dropFirst(2)
    }
    for content in [Content.binary, .empty] where word(content.rawValue) { self.content = content }
    guard rest.isEmpty else { return nil }
  }
}
