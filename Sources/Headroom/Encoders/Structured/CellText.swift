/// How the text of a table's cell stands in JSON, and the way back. A number or a JSON literal keeps its lexeme, anything else becomes a
/// string, so the text of a cell comes back character for character.
enum CellText {
  /// Appends the value that `text` says.
  @inline(__always)
  static func write(_ text: UnsafeBufferPointer<UInt8>, into out: inout ByteWriter) {
    if let first = text.first, Cell.mayBeLiteral(first), isLiteral(text) {
      out.append(text)
    } else {
      JSONString.quote(text, into: &out)
    }
  }

  private static func isLiteral(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    Cell.isLiteral(text) && !(text.count == 1 && text[0] == UInt8(ascii: "-"))
  }

  /// What stands in a row of a table.
  enum Row {
    case names, cells
    /// A line in the place of rows out of view.
    case standIn
  }

  /// The rows of a document that is an array of objects of the same members in the same order, as the texts of their cells; the first row
  /// has the names. False for other documents, and when `body` says so.
  static func rows(_ document: JSONDocument, _ body: (Row, _ cells: [UnsafeBufferPointer<UInt8>]) -> Bool) -> Bool {
    let nodes = document.nodes
    guard let root = nodes.first, root.kind == .array, root.next > 1 else { return false }
    var names: [Range<Int>] = []
    var texts = ByteWriter()
    return document.bytes.withUnsafeBufferPointer { bytes in
      func text(_ node: JSONDocument.Node, _ texts: inout ByteWriter) -> Bool {
        guard node.kind == .string else {
          texts.append(UnsafeBufferPointer(rebasing: bytes[node.range]))
          return true
        }
        let content = UnsafeBufferPointer(rebasing: bytes[node.range.lowerBound + 1..<node.range.upperBound - 1])
        if node.isEscaped { return texts.append(most: content.count) { JSONString.unescape(content, to: $0) } }
        texts.append(content)
        return true
      }
      var cells: [UnsafeBufferPointer<UInt8>] = []
      var ends: [Int] = []
      /// The collected texts as cells.
      func pass(_ row: Row, _ texts: borrowing ByteWriter) -> Bool {
        cells.removeAll(keepingCapacity: true)
        var start = 0
        for end in ends {
          cells.append(UnsafeBufferPointer(rebasing: texts.view[start..<end]))
          start = end
        }
        return body(row, cells)
      }
      var row = 1
      while row < root.next {
        if nodes[row].kind == .string {
          texts.truncate(to: 0)
          guard text(nodes[row], &texts) else { return false }
          ends = [texts.count]
          guard pass(.standIn, texts) else { return false }
          row = nodes[row].next
          continue
        }
        guard nodes[row].kind == .object, nodes[row].next > row + 1 else { return false }
        let isFirst = names.isEmpty
        if isFirst {
          ends.removeAll(keepingCapacity: true)
          texts.truncate(to: 0)
          var key = row + 1
          while key < nodes[row].next {
            names.append(nodes[key].range)
            guard text(nodes[key], &texts) else { return false }
            ends.append(texts.count)
            key = nodes[key + 1].next
          }
          guard pass(.names, texts) else { return false }
        }
        ends.removeAll(keepingCapacity: true)
        texts.truncate(to: 0)
        var key = row + 1
        var column = 0
        while key < nodes[row].next {
          let value = nodes[key + 1]
          guard column < names.count, !value.kind.isContainer,
            UnsafeBufferPointer(rebasing: bytes[nodes[key].range]).isEqual(
              to: UnsafeBufferPointer(rebasing: bytes[names[column]])), text(value, &texts)
          else { return false }
          ends.append(texts.count)
          column += 1
          key = value.next
        }
        guard column == names.count, pass(.cells, texts) else { return false }
        row = nodes[row].next
      }
      return true
    }
  }
}
