/// Prints JSON as block YAML.
struct YAMLPrinter: ~Copyable {
  private let document: JSONDocument
  private let layout: YAMLLayout
  private var out: ByteWriter
  private var text = ByteWriter()

  /// The text without a newline at its end. Nil when it is not a collection, or one of documents where the layout says so.
  static func text(of document: JSONDocument, _ layout: YAMLLayout) -> [UInt8]? {
    var printer = YAMLPrinter(document, layout)
    guard printer.printDocuments(), printer.out.count > 0 else { return nil }
    // A block that keeps its last blank lines ends in as many newlines as it has.
    printer.out.truncate(to: printer.out.count - 1)
    return printer.out.bytes
  }

  private init(_ document: JSONDocument, _ layout: YAMLLayout) {
    self.document = document
    self.layout = layout
    out = ByteWriter(capacity: document.bytes.count * 2)
  }

  private func isFilled(_ node: Int) -> Bool {
    document.nodes[node].kind.isContainer && document.nodes[node].next > node + 1
  }

  private mutating func printDocuments() -> Bool {
    if layout.startsWithRule { out.append("---\n") }
    guard layout.hasDocuments else { return printBlock(0, column: 0) }
    guard document.nodes[0].kind == .array else { return false }
    var node = 1
    while node < document.nodes[0].next {
      if node > 1 { out.append("---\n") }
      guard printBlock(node, column: 0) else { return false }
      node = document.nodes[node].next
    }
    return true
  }

  private mutating func printBlock(_ node: Int, column: Int) -> Bool {
    guard isFilled(node) else { return false }
    return document.nodes[node].kind == .object
      ? printMapping(node, column: column, isOpen: false) : printSequence(node, column: column, isOpen: false)
  }

  private mutating func indent(_ column: Int) {
    out.append(repeating: UInt8(ascii: " "), count: column)
  }

  /// `isOpen` says that the first entry goes on a line that has been begun.
  private mutating func printMapping(_ node: Int, column: Int, isOpen: Bool) -> Bool {
    var key = node + 1
    while key < document.nodes[node].next {
      if !isOpen || key > node + 1 { indent(column) }
      guard printString(key, isKey: true, column: column) else { return false }
      out.append(UInt8(ascii: ":"))
      let value = key + 1
      if isFilled(value) {
        out.append(UInt8(ascii: "\n"))
        let isObject = document.nodes[value].kind == .object
        guard printBlock(value, column: column + (isObject ? layout.indent : layout.listIndent)) else { return false }
      } else {
        guard printScalar(value, column: column) else { return false }
      }
      key = document.nodes[value].next
    }
    return true
  }

  private mutating func printSequence(_ node: Int, column: Int, isOpen: Bool) -> Bool {
    var item = node + 1
    while item < document.nodes[node].next {
      if !isOpen || item > node + 1 { indent(column) }
      out.append(UInt8(ascii: "-"))
      if isFilled(item) {
        out.append(UInt8(ascii: " "))
        let isPrinted =
          document.nodes[item].kind == .object
          ? printMapping(item, column: column + 2, isOpen: true) : printSequence(item, column: column + 2, isOpen: true)
        guard isPrinted else { return false }
      } else {
        guard printScalar(item, column: column) else { return false }
      }
      item = document.nodes[item].next
    }
    return true
  }

  /// Prints what stands behind a colon or dash, to the end of its line.
  private mutating func printScalar(_ node: Int, column: Int) -> Bool {
    let kind = document.nodes[node].kind
    if kind == .null, layout.hidesNull {
      out.append(UInt8(ascii: "\n"))
      return true
    }
    out.append(UInt8(ascii: " "))
    if kind == .string { return printString(node, isKey: false, column: column) && endLine() }
    document.bytes.withUnsafeBufferPointer { out.append(UnsafeBufferPointer(rebasing: $0[document.nodes[node].range])) }
    out.append(UInt8(ascii: "\n"))
    return true
  }

  private mutating func endLine() -> Bool {
    out.append(UInt8(ascii: "\n"))
    return true
  }

  private mutating func printString(_ node: Int, isKey: Bool, column: Int) -> Bool {
    text.truncate(to: 0)
    let range = document.nodes[node].range
    let isRead = document.bytes.withUnsafeBufferPointer { source in
      let content = UnsafeBufferPointer(rebasing: source[range.lowerBound + 1..<range.upperBound - 1])
      guard document.nodes[node].isEscaped else {
        text.append(content)
        return true
      }
      return text.append(most: content.count) { JSONString.unescape(content, to: $0) }
    }
    guard isRead else { return false }
    let bytes = text.view
    let kind = YAMLClass(bytes)
    switch layout[kind, isKey: isKey] {
    case .plain: out.append(bytes)
    case .single:
      out.append(UInt8(ascii: "'"))
      for byte in bytes {
        if byte == UInt8(ascii: "'") { out.append(byte) }
        out.append(byte)
      }
      out.append(UInt8(ascii: "'"))
    case .double:
      out.append(UInt8(ascii: "\""))
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "\""): out.append("\\\"")
        case UInt8(ascii: "\\"): out.append("\\\\")
        case 0x0a: out.append("\\n")
        case 0x09: out.append("\\t")
        case 0x0d: out.append("\\r")
        default: out.append(byte)
        }
      }
      out.append(UInt8(ascii: "\""))
    case .block: return printLiteral(bytes, column: column)
    }
    return true
  }

  private mutating func printLiteral(_ bytes: UnsafeBufferPointer<UInt8>, column: Int) -> Bool {
    guard let first = bytes.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\n") else { return false }
    var end = bytes.count
    while end > 0, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    let newlines = bytes.count - end
    out.append(newlines == 0 ? "|-" : newlines == 1 ? "|" : "|+")
    var start = 0
    while start < end {
      let stop = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
      out.append(UInt8(ascii: "\n"))
      if stop > start {
        indent(column + layout.indent)
        out.append(UnsafeBufferPointer(rebasing: bytes[start..<stop]))
      }
      start = stop + 1
    }
    // The line end of the last is written by whoever ends the line.
    if newlines > 1 { out.append(repeating: UInt8(ascii: "\n"), count: newlines - 1) }
    return true
  }
}
