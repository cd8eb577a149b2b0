/// Arrays of objects with the regularities that tools' output has: constants, series, texts made of other columns, values that belong
/// together, codes, affixes, gaps, nested arrays, long texts. Each with a grain of irregularity.
enum RecordGenerator {
  static func text<G: RandomNumberGenerator>(using generator: inout G) -> [UInt8] {
    let count = Int.random(in: 2...40, using: &generator)
    let columns = (0..<Int.random(in: 1...7, using: &generator)).map { ("c\($0)", Shape.random(using: &generator)) }
    let people = ["octocat", "hubot", "ana-maria", "x, y", "élan"]
    var rows: [String] = []
    for row in 0..<count {
      var members: [String] = [#""id":\#(row * 3 + 100)"#]
      for (name, shape) in columns {
        if let value = shape.value(row, people, &generator) { members.append("\"\(name)\":\(value)") }
      }
      if Int.random(in: 0..<12, using: &generator) == 0 { members.shuffle(using: &generator) }
      rows.append("{\(members.joined(separator: ","))}")
    }
    let array = "[\(rows.joined(separator: ","))]"
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: return Array(array.utf8)
    case 1: return Array(#"{"total":\#(count),"items":\#(array),"next":null}"#.utf8)
    default:
      let members = rows.enumerated().map { "\"k-\($0)\":\($1)" }
      return Array("{\(members.joined(separator: ","))}".utf8)
    }
  }

  private enum Shape: CaseIterable {
    case constant, series, time, computed, basename, person, code, affix, rare, optional, mixed, tags, children, text,
      float, json

    static func random<G: RandomNumberGenerator>(using generator: inout G) -> Shape {
      allCases.randomElement(using: &generator)!
    }

    func value<G: RandomNumberGenerator>(_ row: Int, _ people: [String], _ generator: inout G) -> String? {
      let noise = Int.random(in: 0..<400, using: &generator) == 0
      if noise {
        return ["null", "\"\"", "[]", "{}", "{\"a\":1}", "\"odd\\nline\"", "1.0"].randomElement(using: &generator)!
      }
      let person = people.randomElement(using: &generator)!
      switch self {
      case .constant: return #""the same""#
      case .series: return "\(row * -2 + 7)"
      case .time:
        let minutes = String(row % 60)
        return #""2026-03-01T10:\#(minutes.count < 2 ? "0" : "")\#(minutes):00Z""#
      case .computed: return #""https://example.com/api/items/\#(row * 3 + 100)/detail""#
      case .basename: return #"{"path":"src/lib/file\#(row).go","name":"file\#(row).go"}"#
      case .person: return #"{"login":"\#(person)","id":\#(person.utf8.count),"url":"https://example.com/\#(person)"}"#
      case .code: return #""a longer phrase of kind \#(Int.random(in: 0..<3, using: &generator)) that repeats""#
      case .affix: return #""prefix-of/it-\#(Int.random(in: 0..<5_000, using: &generator)).suffix""#
      case .rare: return Int.random(in: 0..<20, using: &generator) == 0 ? "true" : "false"
      case .optional: return Bool.random(using: &generator) ? "\(row)" : nil
      case .mixed:
        return ["1", "1.0", "\"1\"", "null", "\"null\"", "-0", "\"-\"", "true", "\"~\""].randomElement(
          using: &generator)!
      case .tags: return ["[]", #"["a"]"#, #"["a","b, c"]"#].randomElement(using: &generator)!
      case .children:
        let children = (0..<Int.random(in: 0...4, using: &generator)).map {
          #"{"name":"child-\#($0)","size":\#($0 * row),"ok":true}"#
        }
        return "[\(children.joined(separator: ","))]"
      case .text: return #""First line of \#(row)\n\n  second line, indented\r\nlast\n""#
      case .float: return "0.\(Int.random(in: 0..<100_000, using: &generator))"
      case .json:
        return #""{\"a\": \#(row), \"b\": [1, 2, 3], \"c\": \"some text that is long enough to matter here\"}""#
      }
    }
  }
}
