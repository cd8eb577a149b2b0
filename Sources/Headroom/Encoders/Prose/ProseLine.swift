/// What a line is to a reader of text: the structure of markdown, or words.
enum ProseLine: Equatable {
  case blank
  /// `# Title`, or a line of `===` under one.
  case heading
  /// `- `, `* `, `1. `, with the text behind it.
  case item
  case table
  /// The start or end of a code block.
  case fence
  /// `---`, and the like.
  case rule
  case text

  static func of(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> ProseLine {
    var start = line.lowerBound
    while start < line.upperBound, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") {
      start += 1
    }
    var end = line.upperBound
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    guard start < end else { return .blank }
    let cursor = FieldCursor(bytes, start..<end)
    switch cursor.next {
    case UInt8(ascii: "#"):
      var level = start
      while level < end, bytes[level] == UInt8(ascii: "#") { level += 1 }
      return level - start <= 6 && level < end && bytes[level] == UInt8(ascii: " ") ? .heading : .text
    case UInt8(ascii: "`"): return cursor.has("```") ? .fence : .text
    case UInt8(ascii: "~"): return cursor.has("~~~") ? .fence : .text
    case UInt8(ascii: "|"): return end - start > 1 ? .table : .text
    case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "+"):
      if start + 1 < end, bytes[start + 1] == UInt8(ascii: " "), cursor.next != UInt8(ascii: "="),
        cursor.next != UInt8(ascii: "_")
      {
        return .item
      }
      return end - start >= 3 && bytes[start..<end].allSatisfy({ $0 == bytes[start] }) ? .rule : .text
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      var digits = start
      while digits < end, bytes[digits] &- 0x30 < 10, digits - start < 4 { digits += 1 }
      guard digits + 1 < end, bytes[digits] == UInt8(ascii: ".") || bytes[digits] == UInt8(ascii: ")"),
        bytes[digits + 1] == UInt8(ascii: " ")
      else { return .text }
      return .item
    case 0xE2: return cursor.has("•") ? .item : .text
    default: return .text
    }
  }
}

/// What tells words from code, logs and tables: how much of a text is letters, and how it is divided.
struct ProseMeasure {
  private(set) var letters = 0
  private(set) var capitals = 0
  /// Of the letters, the bytes that are not ASCII.
  private(set) var wide = 0
  private(set) var spaces = 0
  private(set) var digits = 0
  /// What is in sentences: `. , ; : ' " ( ) - ? !`
  private(set) var punctuation = 0
  private(set) var others = 0
  /// Marks behind which a sentence ends.
  private(set) var ends = 0

  var count: Int { letters + spaces + digits + punctuation + others }

  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    var counts = (0, 0, 0, 0, 0, 0, 0, 0)
    var last: UInt8 = 0
    proseClasses.withUnsafeBufferPointer { classes in
      for i in range {
        let byte = bytes[i]
        switch classes[Int(byte)] {
        case 0: counts.0 += 1
        case 1: counts.1 += 1
        case 2:
          counts.2 += 1
          if last == UInt8(ascii: ".") || last == UInt8(ascii: "?") || last == UInt8(ascii: "!") { counts.6 += 1 }
        case 3: counts.3 += 1
        case 4: counts.4 += 1
        case 5: counts.5 += 1
        default:
          counts.7 += 1
          // The full stop of Chinese and Japanese ends like this.
          if byte == 0x82, last == 0x80 { counts.6 += 1 }
        }
        last = byte
      }
    }
    letters += counts.0 + counts.1 + counts.7
    wide += counts.7
    capitals += counts.1
    spaces += counts.2
    digits += counts.3
    punctuation += counts.4
    others += counts.5
    ends += counts.6
    if last == UInt8(ascii: ".") || last == UInt8(ascii: "?") || last == UInt8(ascii: "!") { ends += 1 }
  }

  /// Whether this is running text: words of letters with spaces between, and sentences that end.
  var isProse: Bool {
    count >= 80 && (letters + spaces) * 100 >= count * 86 && digits * 100 <= count * 9 && others * 100 <= count * 4
      && capitals * 100 <= letters * 25 && spaces * 100 <= count * 30
      && (spaces * 100 >= count * 9 || isIdeographic) && ends * 600 >= count
  }

  /// Text of a script without spaces.
  private var isIdeographic: Bool { wide * 3 >= count * 2 }
}

/// 0 lower-case letters, 1 capitals, 2 white space, 3 digits, 4 punctuation of sentences, 5 anything else, 6 what is not ASCII.
private let proseClasses: [UInt8] = (0..<256).map { byte in
  switch UInt8(byte) {
  case UInt8(ascii: "a")...UInt8(ascii: "z"): 0
  case 0x80...0xFF: 6
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): 1
  case UInt8(ascii: " "), UInt8(ascii: "\n"): 2
  case UInt8(ascii: "0")...UInt8(ascii: "9"): 3
  case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "'"),
    UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: "!"),
    UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "/"), UInt8(ascii: "%"):
    4
  default: 5
  }
}
