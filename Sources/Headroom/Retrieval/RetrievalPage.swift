/// As much of an original as a budget of tokens allows.
///
/// What is shown are its exact bytes. Where they are not all that was asked for, a line in brackets above them says how much there is and how
/// to get the rest:
///
///     [rows 1-31 of 1000; choose others by rows, grep, query or path]
struct RetrievalPage {
  let text: [UInt8]

  /// - Throws: `SelectionError`.
  init(of original: [UInt8], _ call: RetrievalCall, tokenizer: Tokenizer, budget: Int) throws(SelectionError) {
    let selection = call.selection
    if selection == Selection() {
      text = try RetrievalPage.whole(original, call.handle, tokenizer, budget)
      return
    }
    let isSearch = selection.grep != nil || selection.query != nil
    // A place alone has no units to count; its first bytes say what it is.
    let fitting = try RetrievalPage.fitting(original, selection, tokenizer, budget)
    if isSearch, fitting.found == 0 {
      text = Array("nothing in the \(fitting.total) \(fitting.unit)s of \(call.handle) matches".utf8)
    } else if fitting.isComplete {
      text = fitting.bytes
    } else {
      text = Array((isSearch ? fitting.searchNote : fitting.rangeNote(from: selection.first)).utf8) + fitting.bytes
    }
  }

  /// All of a small original; of a larger one what it holds, and its first rows or lines.
  private static func whole(
    _ original: [UInt8], _ handle: Handle, _ tokenizer: Tokenizer, _ budget: Int
  ) throws(SelectionError) -> [UInt8] {
    let most = budget < RetrievalTool.budget ? budget : max(budget, RetrievalTool.smallOriginal)
    if original.count <= most || original.count <= most * 16 && tokenizer.count(original) <= most { return original }
    let contents = contents(of: original)
    var lines: [UInt8] = []
    let share = budget / 4
    for line in contents {
      let more = lines + line + [UInt8(ascii: "\n")]
      guard tokenizer.count(more) <= share else { break }
      lines = more
    }
    var selection = Selection()
    let all = try? NumberRange("1-")
    if (try? JSONDocument(original)) != nil { selection.rows = all } else { selection.lines = all }
    let page = try fitting(original, selection, tokenizer, budget - tokenizer.count(lines))
    guard !page.isComplete else { return original }
    return Array(page.rangeNote(from: 1).utf8) + lines + page.bytes
  }

  /// The excerpt, as large as its tokens allow.
  private static func fitting(
    _ original: [UInt8], _ selection: Selection, _ tokenizer: Tokenizer, _ budget: Int
  ) throws(SelectionError) -> Excerpt {
    var selection = selection
    // Text has three to four bytes a token mostly; more than eight is rare.
    var limit = max(budget, 1) * 8
    while true {
      selection.byteLimit = limit
      let excerpt = try Retrieval.excerpt(of: original, selection)
      let tokens = tokenizer.count(excerpt.bytes)
      if tokens <= budget || limit <= 1 { return excerpt }
      limit = max(1, min(excerpt.bytes.count, limit) * budget / tokens * 31 / 32)
    }
  }

  /// What a large original holds, line by line: the members of an object; the declarations of source code with their lines.
  private static func contents(of original: [UInt8]) -> [[UInt8]] {
    if let document = try? JSONDocument(original) {
      return document.root.members.map { Array($0.key.lexeme) + ": \($0.value.summary)".utf8 }
    }
    guard let language = SourceDetection.language(of: TextLines(original), hint: Hint()),
      let outline = outline(original, language: language)
    else { return [] }
    return outline.items.filter { $0.depth < 2 && !$0.name.isEmpty }.map {
      Array("\($0.lines.lowerBound)-\($0.lines.upperBound) ".utf8) + $0.name
    }
  }
}

extension Selection {
  /// The number that the selected rows or lines start with.
  fileprivate var first: Int { (rows ?? lines)?.first ?? 1 }
}

extension Excerpt {
  fileprivate func rangeNote(from first: Int) -> String {
    switch unit {
    case .byte: "[\(shown) of \(total) bytes; choose rows, lines, grep or query]\n"
    case .line, .row:
      shown == 0
        ? "[the beginning of \(unit) \(first) of \(total); choose a part by grep, query or path]\n"
        : "[\(unit)s \(first)-\(first + shown - 1) of \(total); choose others by \(unit)s, grep, query or path]\n"
    }
  }

  fileprivate var searchNote: String {
    shown == 0
      ? "[the beginning of 1 of \(found) \(unit)s found of \(total); choose \(unit)s, or another pattern or query]\n"
      : "[\(shown) of \(found) \(unit)s found of \(total); choose \(unit)s, or a narrower pattern or query]\n"
  }
}

extension JSONValue {
  /// What a value is, in a word or two.
  fileprivate var summary: String {
    switch kind {
    case .object: "an object of \(members.count)"
    case .array: "an array of \(elements.count)"
    case .string: range.count > 60 ? "a string of \(range.count - 2) bytes" : String(decoding: lexeme, as: UTF8.self)
    default: String(decoding: lexeme, as: UTF8.self)
    }
  }
}
