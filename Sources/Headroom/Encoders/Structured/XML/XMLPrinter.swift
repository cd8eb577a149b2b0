/// Prints what ``XMLText`` makes of XML.
struct XMLPrinter: ~Copyable {
  private let document: JSONDocument
  private let layout: XMLLayout
  private var out: ByteWriter

  static func text(of document: JSONDocument, _ layout: XMLLayout) -> [UInt8]? {
    var printer = XMLPrinter(document, layout)
    let nodes = document.nodes
    guard nodes[0].kind == .object, nodes.count > 2, nodes[2].next == nodes[0].next,
      let name = printer.elementName(1), printer.printElement(name, 2, level: 0)
    else { return nil }
    return printer.out.bytes
  }

  private init(_ document: JSONDocument, _ layout: XMLLayout) {
    self.document = document
    self.layout = layout
    out = ByteWriter(capacity: document.bytes.count * 2)
  }

  /// The name of the element that a key stands for; nil for attributes and text.
  private func elementName(_ key: Int) -> Range<Int>? {
    let range = document.nodes[key].range
    guard range.count > 3, document.bytes[range.lowerBound + 1] == UInt8(ascii: "/") else { return nil }
    return range.lowerBound + 2..<range.upperBound - 1
  }

  private mutating func append(_ range: Range<Int>) {
    document.bytes.withUnsafeBufferPointer { out.append(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  private mutating func appendText(_ node: Int) -> Bool {
    guard !document.nodes[node].kind.isContainer else { return false }
    if document.nodes[node].kind == .string {
      guard let text = document.text(of: node) else { return false }
      out.append(text)
    } else {
      append(document.nodes[node].range)
    }
    return true
  }

  private mutating func newLine(_ level: Int) {
    guard let indent = layout.indent else { return }
    out.append(UInt8(ascii: "\n"))
    out.append(repeating: layout.usesTabs ? UInt8(ascii: "\t") : UInt8(ascii: " "), count: indent * level)
  }

  private mutating func close(_ name: Range<Int>) {
    out.append("</")
    append(name)
    out.append(">")
  }

  private mutating func printElement(_ name: Range<Int>, _ value: Int, level: Int) -> Bool {
    let node = document.nodes[value]
    out.append("<")
    append(name)
    if node.kind == .null {
      out.append(layout.isSpaced ? " />" : "/>")
      return true
    }
    guard node.kind.isContainer else {
      out.append(">")
      guard appendText(value) else { return false }
      close(name)
      return true
    }
    guard node.kind == .object, level < 64 else { return false }
    var hasText = false
    var hasElements = false
    var key = value + 1
    while key < node.next {
      let range = document.nodes[key].range
      if let child = elementName(key) {
        guard !hasText else { return false }
        if !hasElements { out.append(">") }
        hasElements = true
        guard printElements(child, key + 1, level: level + 1) else { return false }
      } else {
        guard !hasElements, !hasText, range.count > 2 else { return false }
        if document.bytes[range.lowerBound + 1] == UInt8(ascii: "$") {
          hasText = true
          out.append(">")
          guard appendText(key + 1) else { return false }
        } else {
          out.append(" ")
          append(range.lowerBound + 1..<range.upperBound - 1)
          out.append(layout.usesSingle ? "='" : "=\"")
          guard appendText(key + 1) else { return false }
          out.append(layout.usesSingle ? "'" : "\"")
        }
      }
      key = document.nodes[key + 1].next
    }
    if hasElements {
      newLine(level)
      close(name)
    } else if hasText {
      close(name)
    } else {
      out.append(layout.isSpaced ? " />" : "/>")
    }
    return true
  }

  /// One element, or one for each of an array.
  private mutating func printElements(_ name: Range<Int>, _ value: Int, level: Int) -> Bool {
    let node = document.nodes[value]
    guard node.kind == .array else {
      newLine(level)
      return printElement(name, value, level: level)
    }
    var item = value + 1
    while item < node.next {
      newLine(level)
      guard printElement(name, item, level: level) else { return false }
      item = document.nodes[item].next
    }
    return true
  }
}
