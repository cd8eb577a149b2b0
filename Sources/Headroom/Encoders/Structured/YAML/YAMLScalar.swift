/// How a string is written in YAML.
enum YAMLStyle: Int, CaseIterable {
  case plain, single, double, block

  var word: String {
    switch self {
    case .plain: "plain"
    case .single: "single"
    case .double: "double"
    case .block: "block"
    }
  }
}

/// What a string looks like, which is what printers choose its style by.
enum YAMLClass: Int, CaseIterable {
  /// Nothing else than a string.
  case text
  case number, time, word, empty
  /// It would read as YAML.
  case special
  case multiline

  var name: String {
    switch self {
    case .text: "text"
    case .number: "number"
    case .time: "time"
    case .word: "word"
    case .empty: "empty"
    case .special: "special"
    case .multiline: "lines"
    }
  }

  /// The style of the printer that `kubectl` and `helm` have.
  var usual: YAMLStyle {
    switch self {
    case .text: .plain
    case .number, .time, .word, .empty: .double
    case .special: .single
    case .multiline: .block
    }
  }

  private static let words: [StaticString] = [
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~",
  ]

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self = YAMLClass.of(text)
  }

  private static func of(_ text: UnsafeBufferPointer<UInt8>) -> YAMLClass {
    guard let first = text.first else { return .empty }
    var isNumeric = true
    var hasDigit = false
    var hasPoint = false
    var isTimed = false
    var previous = UInt8(ascii: "\n")
    var isSpecial = isIndicator(first) || first == UInt8(ascii: " ")
    if text.count == 1 || text[1] == UInt8(ascii: " ") {
      isSpecial =
        isSpecial || first == UInt8(ascii: "-") || first == UInt8(ascii: "?") || first == UInt8(ascii: ":")
    }
    for byte in text {
      switch byte {
      case UInt8(ascii: "\n"): return .multiline
      case 0..<0x20, 0x7f: isSpecial = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
      case UInt8(ascii: "."):
        if hasPoint { isNumeric = false }
        hasPoint = true
      case UInt8(ascii: "_"), UInt8(ascii: "e"), UInt8(ascii: "E"):
        if !hasDigit { isNumeric = false }
      case UInt8(ascii: "+"), UInt8(ascii: "-"):
        if previous != UInt8(ascii: "\n"), previous | 0x20 != UInt8(ascii: "e") { isTimed = true }
      case UInt8(ascii: ":"), UInt8(ascii: "T"), UInt8(ascii: "Z"): isTimed = true
      case UInt8(ascii: " "):
        if previous == UInt8(ascii: ":") { isSpecial = true }
        isTimed = true
      case UInt8(ascii: "#"):
        if previous == UInt8(ascii: " ") { isSpecial = true }
        isNumeric = false
      default: isNumeric = false
      }
      previous = byte
    }
    if isSpecial || previous == UInt8(ascii: ":") || previous == UInt8(ascii: " ") { return .special }
    if isNumeric, hasDigit, first &- 0x30 < 10 || !isTimed { return isTimed ? .time : .number }
    return isWord(text) ? .word : .text
  }

  private static func isWord(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count <= 5 else { return false }
    switch text[0] | 0x20 {
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "y"), UInt8(ascii: "n"), UInt8(ascii: "o"),
      UInt8(ascii: "~"):
      break
    default: return false
    }
    return words.contains { word in
      guard word.utf8CodeUnitCount == text.count else { return false }
      for i in 0..<text.count {
        let byte = text[i]
        let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
        if lower != word.utf8Start[i] { return false }
      }
      return true
    }
  }

  /// Whether a plain scalar cannot begin so.
  private static func isIndicator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "#"),
      UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: "|"), UInt8(ascii: ">"),
      UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"),
      UInt8(ascii: ","):
      true
    default: false
    }
  }
}

/// How a document of YAML is laid out.
struct YAMLLayout {
  /// Spaces a level of objects.
  var indent = 2
  /// Spaces by which lists stand deeper than the key they belong to.
  var listIndent = 0
  /// Whether the value is a list of documents.
  var hasDocuments = false
  /// Whether the first document has a `---` before it.
  var startsWithRule = false
  /// Whether null is written as nothing.
  var hidesNull = false
  private var styles = YAMLClass.allCases.map(\.usual)
  private var keyStyles = YAMLClass.allCases.map(\.usual)

  init() {}

  subscript(_ kind: YAMLClass, isKey isKey: Bool) -> YAMLStyle {
    get { isKey ? keyStyles[kind.rawValue] : styles[kind.rawValue] }
    set {
      if isKey { keyStyles[kind.rawValue] = newValue } else { styles[kind.rawValue] = newValue }
    }
  }

  var words: [[UInt8]] {
    var words: [String] = []
    if hasDocuments { words.append("documents") }
    if startsWithRule { words.append("--- first") }
    if indent != 2 { words.append("indent \(indent)") }
    if listIndent != 0 { words.append("list indent \(listIndent)") }
    if hidesNull { words.append("null empty") }
    for isKey in [false, true] {
      for kind in YAMLClass.allCases where self[kind, isKey: isKey] != kind.usual {
        words.append("\(isKey ? "key " : "")\(kind.name) \(self[kind, isKey: isKey].word)")
      }
    }
    return words.map { Array($0.utf8) }
  }

  init?(_ words: [ArraySlice<UInt8>]) {
    for word in words {
      switch String(decoding: word, as: UTF8.self) {
      case "documents": hasDocuments = true
      case "--- first": startsWithRule = true
      case "null empty": hidesNull = true
      case let text:
        if let numbers = word.numbers(after: "indent "), numbers.count == 1, 1...16 ~= numbers[0] {
          indent = numbers[0]
        } else if let numbers = word.numbers(after: "list indent "), numbers.count == 1, numbers[0] <= 16 {
          listIndent = numbers[0]
        } else {
          var parts = text.split(separator: " ")
          let isKey = parts.first == "key"
          if isKey { parts.removeFirst() }
          guard parts.count == 2, let kind = YAMLClass.allCases.first(where: { $0.name == parts[0] }),
            let style = YAMLStyle.allCases.first(where: { $0.word == parts[1] })
          else { return nil }
          self[kind, isKey: isKey] = style
        }
      }
    }
  }
}
