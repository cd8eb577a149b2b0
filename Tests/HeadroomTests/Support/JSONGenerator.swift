/// JSON text of every shape: odd keys, number spellings, escapes, white space, deep and wide values.
enum JSONGenerator {
  static func text<G: RandomNumberGenerator>(using generator: inout G) -> [UInt8] {
    var out: [UInt8] = []
    value(depth: Int.random(in: 0...5, using: &generator), &out, &generator)
    return out
  }

  private static let numbers = [
    "0", "-0", "1", "-1", "1.0", "1.50", "1e5", "1E-5", "-2.5e+3", "100", "999999999999", "0.1",
  ]
  private static let strings = [
    "", "a", "name", "null", "true", "-", "~", "1", "1.0", " x", "x ", "a,b", "a|b", "a;b", "a\\tb", "a.b", "[x]",
    "{y}", "\\\"q\\\"",
    "\\n", "line\\nline", "é", "\\u00e9", "日本語", "😀", "\\ud83d\\ude00", "@1", "^2", "<<3", "&1", "*1", "=", "a=b",
    "x: y", "#k3m9qz",
    "[2 of 3 rows stored #k3m9qz]", "\\/", "\\\\", "https://example.com/a/1", "2026-01-02T03:04:05Z", "\\u0000", "key",
    "rows",
    "same in all rows: a=1",
  ]

  private static func space<G: RandomNumberGenerator>(_ out: inout [UInt8], _ generator: inout G) {
    if Int.random(in: 0..<6, using: &generator) == 0 {
      out += [" ", "\n", "\t", "\r\n", "  "].randomElement(using: &generator)!.utf8
    }
  }

  private static func string<G: RandomNumberGenerator>(_ out: inout [UInt8], _ generator: inout G) {
    out += "\"\(strings.randomElement(using: &generator)!)\"".utf8
  }

  private static func value<G: RandomNumberGenerator>(depth: Int, _ out: inout [UInt8], _ generator: inout G) {
    space(&out, &generator)
    switch Int.random(in: 0..<(depth > 0 ? 12 : 7), using: &generator) {
    case 0, 1: out += numbers.randomElement(using: &generator)!.utf8
    case 2, 3, 4: string(&out, &generator)
    case 5: out += ["true", "false"].randomElement(using: &generator)!.utf8
    case 6: out += "null".utf8
    case 7, 8: records(depth: depth - 1, &out, &generator)
    case 9:
      out += "[".utf8
      for i in 0..<Int.random(in: 0...6, using: &generator) {
        if i > 0 { out += ",".utf8 }
        value(depth: depth - 1, &out, &generator)
      }
      out += "]".utf8
    default: object(keys: Int.random(in: 0...5, using: &generator), depth: depth - 1, &out, &generator)
    }
    space(&out, &generator)
  }

  private static func object<G: RandomNumberGenerator>(
    keys count: Int, depth: Int, _ out: inout [UInt8], _ generator: inout G
  ) {
    var keys: [String] = []
    while keys.count < count {
      let key = strings.randomElement(using: &generator)!
      // Two spellings of one key would be one key twice, which Foundation and we read differently.
      if !keys.contains(key), key != "\\u00e9", key != "\\ud83d\\ude00", key != "\\/" { keys.append(key) }
    }
    members(keys, depth: depth, &out, &generator)
  }

  private static func members<G: RandomNumberGenerator>(
    _ keys: [String], depth: Int, _ out: inout [UInt8], _ generator: inout G
  ) {
    out += "{".utf8
    for (i, key) in keys.enumerated() {
      if i > 0 { out += ",".utf8 }
      space(&out, &generator)
      out += "\"\(key)\"".utf8
      space(&out, &generator)
      out += ":".utf8
      value(depth: depth, &out, &generator)
    }
    space(&out, &generator)
    out += "}".utf8
  }

  /// An array of objects that share most of their keys, as tools return.
  private static func records<G: RandomNumberGenerator>(depth: Int, _ out: inout [UInt8], _ generator: inout G) {
    let keys = Array(
      Set((0..<Int.random(in: 1...6, using: &generator)).map { _ in strings.randomElement(using: &generator)! })
    )
    .sorted().filter { $0 != "\\u00e9" && $0 != "\\ud83d\\ude00" && $0 != "\\/" }
    out += "[".utf8
    for i in 0..<Int.random(in: 1...12, using: &generator) {
      if i > 0 { out += ",".utf8 }
      space(&out, &generator)
      var own = keys
      if Bool.random(using: &generator), !own.isEmpty { own.remove(at: Int.random(in: own.indices, using: &generator)) }
      if Int.random(in: 0..<5, using: &generator) == 0 { own.reverse() }
      members(own, depth: min(depth, 1), &out, &generator)
    }
    out += "]".utf8
  }
}
