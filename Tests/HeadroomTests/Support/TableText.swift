/// Generated tables in the formats that tools print.
enum TableText {
  private static let values = [
    "", "a", "open", "closed", "12", "-3", "0.50", "1e5", "007", "true", "null", "~", "-", "x y", "2026-01-02",
    "03:04:05", "<none>", "@1", "é", "日本語", "10.0.0.1", "[x]", "{y}", "=", "*", "100%", "a.b/c", "it's",
  ]
  private static let hard = [
    "a,b", "say \"hi\"", "two\nlines", "a;b", "a|b", "tab\there", " lead", "trail ", "\"", "#x",
  ]
  private static let names = ["id", "name", "state", "size", "owner", "created_at", "Local Address", "USED%", "PID"]

  private static func columns<G: RandomNumberGenerator>(using generator: inout G) -> [String] {
    Array(names.shuffled(using: &generator).prefix(Int.random(in: 2...6, using: &generator)))
  }

  private static func cells<G: RandomNumberGenerator>(
    _ columns: Int, hard hardShare: Int, using generator: inout G
  ) -> [[String]] {
    let kinds = (0..<columns).map { _ in Int.random(in: 0..<4, using: &generator) }
    let constant = values.randomElement(using: &generator)!
    return (0..<Int.random(in: 3...25, using: &generator)).map { row in
      kinds.map { kind in
        if Int.random(in: 0..<100, using: &generator) < hardShare { return hard.randomElement(using: &generator)! }
        switch kind {
        case 0: return "\(row * 3 + 1)"
        case 1: return constant
        case 2: return String(values.randomElement(using: &generator)!)
        default: return "item-\(Int.random(in: 0..<50, using: &generator))"
        }
      }
    }
  }

  static func delimited<G: RandomNumberGenerator>(using generator: inout G) -> [UInt8] {
    let delimiter = [",", ",", ";", "\t", "|"].randomElement(using: &generator)!
    let end = ["\n", "\n", "\r\n"].randomElement(using: &generator)!
    let columns = columns(using: &generator)
    let isTabs = delimiter == "\t"
    let rows = [columns] + cells(columns.count, hard: isTabs ? 0 : 10, using: &generator)
    let quotes = Int.random(in: 0..<4, using: &generator)
    let quoted = Int.random(in: 0..<columns.count, using: &generator)
    var text = ""
    for (number, row) in rows.enumerated() {
      let cells = row.enumerated().map { column, cell -> String in
        let needs = cell.contains { "\"\n\r".contains($0) } || cell.contains(delimiter)
        let isQuoted = !isTabs && (needs || quotes == 0 || (quotes == 1 && column == quoted && number > 0))
        return isQuoted ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
      }
      text += cells.joined(separator: delimiter) + end
    }
    return Array(text.utf8)
  }

  private static func pad(_ text: String, _ width: Int, isRight: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
    return isRight ? blanks + text : text + blanks
  }

  static func aligned<G: RandomNumberGenerator>(using generator: inout G) -> [UInt8] {
    let columns = columns(using: &generator)
    let gap = Int.random(in: 2...4, using: &generator)
    let right = columns.map { _ in Int.random(in: 0..<4, using: &generator) == 0 }
    var rows = [columns] + cells(columns.count, hard: 0, using: &generator)
    if Int.random(in: 0..<2, using: &generator) == 0 { rows = rows.map { $0.map { $0.isEmpty ? "-" : $0 } } }
    let widths = columns.indices.map { column in rows.map { $0[column].unicodeScalars.count }.max() ?? 0 }
    var text = ""
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        if column > 0 { line += String(repeating: " ", count: gap) }
        let isLast = column + 1 == row.count
        line += isLast && !right[column] ? cell : pad(cell, widths[column], isRight: right[column])
      }
      text += line + "\n"
    }
    return Array(text.utf8)
  }

  static func ruled<G: RandomNumberGenerator>(using generator: inout G) -> [UInt8] {
    let columns = columns(using: &generator)
    let right = columns.map { _ in Int.random(in: 0..<3, using: &generator) == 0 }
    let rows = cells(columns.count, hard: 0, using: &generator)
    let widths = columns.indices.map { column in
      max(3, ([columns] + rows).map { $0[column].unicodeScalars.count }.max() ?? 0)
    }
    func line(_ cells: [String], _ pad: (String, Int) -> String) -> String {
      cells.indices.map { pad(cells[$0], $0) }.joined(separator: " | ")
    }
    var text = ""
    switch Int.random(in: 0..<4, using: &generator) {
    case 0:
      text += "| " + line(columns) { cell, _ in cell } + " |\n|" + columns.map { _ in "---|" }.joined() + "\n"
      for row in rows { text += "| " + line(row) { cell, _ in cell } + " |\n" }
    case 1:
      text += "| " + line(columns) { pad($0, widths[$1]) } + " |\n| "
      text += widths.map { String(repeating: "-", count: $0) }.joined(separator: " | ") + " |\n"
      for row in rows { text += "| " + line(row) { pad($0, widths[$1]) } + " |\n" }
    case 2:
      let rule = "+" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "+") + "+\n"
      text += rule + "| " + line(columns) { pad($0, widths[$1]) } + " |\n" + rule
      for row in rows { text += "| " + line(row) { pad($0, widths[$1], isRight: right[$1]) } + " |\n" }
      text += rule
    default:
      func center(_ text: String, _ width: Int) -> String {
        let blanks = width - text.unicodeScalars.count
        return String(repeating: " ", count: blanks / 2) + pad(text, width - blanks / 2)
      }
      text += " " + line(columns) { center($0, widths[$1]) } + " \n"
      text += widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "+") + "\n"
      for row in rows {
        text += " "
        text += line(row) {
          $1 + 1 == row.count && !right[$1] ? $0 : pad($0, widths[$1], isRight: right[$1])
        }
        text += "\n"
      }
    }
    return Array(text.utf8)
  }

  static func yaml<G: RandomNumberGenerator>(using generator: inout G) -> [UInt8] {
    let indent = [2, 2, 4].randomElement(using: &generator)!
    let listIndent = [0, 0, indent].randomElement(using: &generator)!
    let quote = ["\"", "\"", "'"].randomElement(using: &generator)!
    var text = ""
    func scalar(_ column: Int) -> String {
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: return "\(Int.random(in: 0..<500, using: &generator))"
      case 1: return "true"
      case 2: return "null"
      case 3: return "\(quote)\(Int.random(in: 0..<500, using: &generator))\(quote)"
      case 4: return "\(quote)2026-01-02T03:04:05Z\(quote)"
      case 5: return ["{}", "[]"].randomElement(using: &generator)!
      case 6:
        let blanks = String(repeating: " ", count: column + indent)
        return "|\n\(blanks)one: two\n\n\(blanks)  three"
      case 7:
        return "|-\n" + String(repeating: " ", count: column + indent) + "a\n"
          + String(repeating: " ", count: column + indent) + "b"
      case 8: return "'a: b'"
      case 9: return "10.0.0.\(Int.random(in: 0..<9, using: &generator))"
      default: return ["web", "a b", "image:1.2", "--flag", "x/y", "64Mi"].randomElement(using: &generator)!
      }
    }
    func mapping(_ column: Int, _ depth: Int, isOpen: Bool) {
      for i in 0..<Int.random(in: 1...4, using: &generator) {
        if i > 0 || !isOpen { text += String(repeating: " ", count: column) }
        text += ["name", "kind", "app.io/x", "spec", "on2"][i] + ":"
        value(column, depth)
      }
    }
    func value(_ column: Int, _ depth: Int) {
      switch Int.random(in: 0..<(depth > 0 ? 5 : 3), using: &generator) {
      case 3:
        text += "\n"
        mapping(column + indent, depth - 1, isOpen: false)
      case 4:
        text += "\n"
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          text += String(repeating: " ", count: column + listIndent) + "-"
          if Bool.random(using: &generator) {
            text += " "
            mapping(column + listIndent + 2, depth - 1, isOpen: true)
          } else {
            text += " " + scalar(column + listIndent) + "\n"
          }
        }
      default: text += " " + scalar(column) + "\n"
      }
    }
    if Bool.random(using: &generator) { text += "---\n" }
    for document in 0..<Int.random(in: 1...3, using: &generator) {
      if document > 0 { text += "---\n" }
      text += "apiVersion: v1\nmetadata:\n" + String(repeating: " ", count: indent) + "uid: u\(document)\n"
      mapping(0, 3, isOpen: false)
    }
    return Array(text.utf8)
  }

  static func xml<G: RandomNumberGenerator>(using generator: inout G) -> [UInt8] {
    let indent = ["  ", "    ", "\t", ""].randomElement(using: &generator)!
    let isOneLine = Int.random(in: 0..<5, using: &generator) == 0
    let quote = ["\"", "\"", "'"].randomElement(using: &generator)!
    let close = ["/>", " />"].randomElement(using: &generator)!
    let texts = ["", "1", "true", "null", "two\nlines", "a &amp; b", "<![CDATA[x < y]]>", " ", "text", "007"]
    let names = ["item", "case", "failure", "ns:a", "b-c", "d"]
    var text = ""
    func line(_ level: Int) {
      if !isOneLine { text += "\n" + String(repeating: indent, count: level) }
    }
    func element(_ name: String, _ level: Int) {
      text += "<" + name
      for key in ["id", "name", "time"] where Int.random(in: 0..<3, using: &generator) > 0 {
        let value = ["1", "0.50", "web", "", "null", "a b"].randomElement(using: &generator)!
        text += " \(key)=\(quote)\(value)\(quote)"
      }
      let kind = Int.random(in: 0..<4, using: &generator)
      if kind == 0, level > 0 {
        text += close
      } else if kind == 1, level > 0 {
        text += ">" + texts.randomElement(using: &generator)! + "</\(name)>"
      } else {
        text += ">"
        for (number, child) in names.shuffled(using: &generator).prefix(level > 3 ? 0 : 3).enumerated() {
          for _ in 0..<Int.random(in: number == 0 ? 3...6 : 0...4, using: &generator) {
            line(level + 1)
            if level < 2 {
              element(child, level + 1)
            } else {
              text += "<\(child) id=\(quote)\(level)\(quote)\(close)"
            }
          }
        }
        line(level)
        text += "</\(name)>"
      }
    }
    element("root", 0)
    return Array(text.utf8)
  }

  /// The same with a few bytes changed, taken out, doubled or moved.
  static func damage<G: RandomNumberGenerator>(_ text: [UInt8], using generator: inout G) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !text.isEmpty {
      let place = Int.random(in: 0..<text.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: text[place] = Array("\n,|\" -:[]0a\t\r\u{1}".utf8).randomElement(using: &generator)!
      case 1: text.remove(at: place)
      case 2: text.insert(Array("\n ,|\"-9[".utf8).randomElement(using: &generator)!, at: place)
      default:
        let end = min(text.count, place + Int.random(in: 1...40, using: &generator))
        text.insert(contentsOf: text[place..<end], at: Int.random(in: 0...text.count, using: &generator))
      }
    }
    return text
  }
}
