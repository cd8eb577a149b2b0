import Headroom
import TestSupport

/// Requests to work on.
enum Samples {
  /// Log entries as a search tool returns them, with one error.
  static func logEntries(_ count: Int, seed: UInt64 = 9) -> String {
    var generator = SeededGenerator(seed: seed)
    let entries = (0..<count).map { row -> String in
      let isError = row == count / 2
      let number = Int.random(in: 10_000..<90_000, using: &generator)
      let service = ["api-gateway", "auth", "billing"].randomElement(using: &generator) ?? ""
      let message = isError ? "Connection pool exhausted: PG-5523" : "Request \(number) took \(number % 97) ms"
      return
        #"{"ts":"2026-03-01T10:00:\#(row % 50 + 10)Z","level":"\#(isError ? "ERROR" : "INFO")","service":"\#(service)","message":"\#(message)"}"#
    }
    return "[\(entries.joined(separator: ","))]"
  }

  /// A JSON value of any shape, with spellings that a parser would lose.
  static func value(using generator: inout SeededGenerator, depth: Int = 0) -> String {
    let scalars = [
      "null", "true", "1", "1.0", "-0", "1e3", "12345678901234567890", #""""#, #""\u00e9é\n\"""#, #""a, b""#,
    ]
    guard depth < 4 else { return scalars.randomElement(using: &generator) ?? "0" }
    let children = (0..<Int.random(in: 0...6, using: &generator)).map { _ in value(using: &generator, depth: depth + 1)
    }
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return "[\(children.joined(separator: ", "))]"
    case 1: return "{" + children.enumerated().map { #""k\#($0)": \#($1)"# }.joined(separator: ",") + "}"
    case 2:
      let rows = (0..<Int.random(in: 3...30, using: &generator)).map {
        #"{"id":\#($0),"v":\#(children.first ?? "0"),"w":"x\#($0 % 4)"}"#
      }
      return "[\(rows.joined(separator: ","))]"
    default: return scalars.randomElement(using: &generator) ?? "0"
    }
  }

  static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }

  /// A body of OpenAI's Chat Completions with one result a text, and spellings that only survive when nobody touches them.
  static func chat(_ results: [String], question: String = "What is wrong?", tool: String = "search_logs") -> [UInt8] {
    var messages = [#"{"role":"user","content":\#(quoted(question))}"#]
    for (index, result) in results.enumerated() {
      messages.append(
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"c\#(index)","type":"function","function":{"name":"\#(tool)","arguments":"{}"}}]}"#
      )
      messages.append(#"{"role":"tool","tool_call_id":"c\#(index)","content":\#(quoted(result))}"#)
    }
    return Array(
      #"{"model":"gpt-4o","temperature":1.0, "x":1,"x":2,"messages":[\#(messages.joined(separator: ",\n "))]}"#.utf8)
  }

  /// A body of Anthropic Messages with one result.
  static func anthropic(_ result: String, tool: String = "search_logs", input: String = "{}") -> [UInt8] {
    Array(
      """
      {"model":"claude-sonnet-4-5","max_tokens":10,"messages":[{"role":"user","content":"What is wrong?"},
       {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"\(tool)","input":\(input)}]},
       {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":\(quoted(result)),"cache_control":{"type":"ephemeral"}}]}]}
      """.utf8)
  }
}
