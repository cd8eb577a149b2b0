/// JSON to print: members in the order given.
enum JSONText {
  case null
  case string(String)
  case integer(Int)
  case decimal(Double)
  case boolean(Bool)
  case array([JSONText])
  case object([(name: String, value: JSONText)])

  /// On several lines: each member of the outermost object on its own, each element of its arrays too.
  var lines: String {
    guard case .object(let members) = self else { return line + "\n" }
    let rendered = members.map { name, value in
      if case .array(let elements) = value, !elements.isEmpty {
        return "  \(JSONText.quoted(name)): [\n" + elements.map { "    " + $0.line }.joined(separator: ",\n") + "\n  ]"
      }
      return "  \(JSONText.quoted(name)): \(value.line)"
    }
    return "{\n" + rendered.joined(separator: ",\n") + "\n}\n"
  }

  /// On one line.
  var line: String {
    switch self {
    case .null: "null"
    case .string(let text): JSONText.quoted(text)
    case .integer(let number): "\(number)"
    case .decimal(let number): "\(number)"
    case .boolean(let value): "\(value)"
    case .array(let elements): "[" + elements.map(\.line).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\(JSONText.quoted($0.name)):\($0.value.line)" }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
