import TestSupport
import Testing

@testable import Headroom

@Suite struct RepeatsTests {
  /// A conversation in which a tool has given these results.
  private func body(_ results: [String], isError: [Bool] = [], command: String = "cat app.txt") -> [UInt8] {
    func quoted(_ text: String) -> String { String(decoding: JSONString.quoted(Array(text.utf8)), as: UTF8.self) }
    let messages = results.enumerated().map { index, text in
      """
      {"role":"assistant","content":[{"type":"tool_use","id":"t\(index)","name":"bash","input":{"command":"\(command)"}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t\(index)",\
      "is_error":\(index < isError.count && isError[index]),"content":\(quoted(text))}]}
      """
    }
    return Array("{\"model\":\"gpt-4o\",\"messages\":[\(messages.joined(separator: ","))]}".utf8)
  }

  private func texts(_ body: [UInt8]) throws -> [String] {
    let request = try #require(RequestBody(body))
    return try request.blocks.indices.map { String(decoding: try #require(request.payload(of: $0)), as: UTF8.self) }
  }

  /// Lines that have nothing in common but that they are text.
  private func words(_ numbers: Range<Int>) -> String { numbers.map { ProseGenerator.line($0) + "\n" }.joined() }

  @Test func aResultThatRepeatsAnotherRefersToIt() throws {
    let first = words(0..<30)
    let second = "A line of its own that is new.\n" + words(4..<26) + "and an end\n"
    let source = body([first, second])
    let result = compress(source, options: Options(level: .lossless))
    #expect(
      try texts(result.body) == [
        first,
        "A line of its own that is new.\n[22 lines as in tool result 1, lines 5-26: bash cat app.txt]\nand an end\n",
      ])
    #expect(result.blocks[1].encoder == "repeats")
    #expect(result.blocks[1].fidelity == .identical)
    #expect(expand(result.body) == source)
  }

  @Test func linesWhoseNumbersMovedAreFound() throws {
    func numbered(_ lines: Range<Int>, from start: Int) -> String {
      let all = words(lines).split(separator: "\n")
      return zip(start..., all).map { number, line in
        String(repeating: " ", count: 6 - "\(number)".count) + "\(number)\t\(line)\n"
      }.joined()
    }
    let first = numbered(0..<40, from: 1)
    let second = numbered(100..<103, from: 1) + numbered(0..<40, from: 4)
    let source = body([first, second])
    let result = compress(source, options: Options(level: .lossless))
    #expect(
      try texts(result.body)[1].contains(
        "[40 lines as in tool result 1, lines 1-40, numbered from 4: bash cat app.txt]"))
    #expect(expand(result.body) == source)
  }

  @Test func errorsAndFewLinesAreWrittenOut() throws {
    let text = words(0..<30)
    let errors = body([text, text], isError: [false, true])
    #expect(compress(errors, options: Options(level: .lossless)).body == errors)
    let few = body([words(0..<30), words(3..<6) + words(50..<80)])
    #expect(compress(few, options: Options(level: .lossless)).body == few)
  }

  /// What is not in the request word for word is not referred to, but as a whole.
  @Test func aResultInAnotherFormIsReferredToAsAWhole() throws {
    let rows =
      "["
      + (0..<60).map { "{\"id\":\($0),\n\"name\":\"customer number \($0)\",\n\"ok\":true}" }.joined(separator: ",\n")
      + "]"
    let source = body([rows, rows, rows + "\n" + words(0..<20)])
    let result = compress(source, options: Options(level: .lossless))
    let sent = try texts(result.body)
    #expect(sent[1] == "[180 lines as in tool result 1, lines 1-180: bash cat app.txt]")
    #expect(sent[2].hasPrefix("[180 lines as in tool result 1") || !sent[2].contains("as in tool result"))
  }

  @Test func anyConversationComesBack() throws {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<60 {
      let results = (0..<Int.random(in: 2...6, using: &generator)).map { _ in
        (0..<Int.random(in: 1...4, using: &generator)).map { _ in
          let start = Int.random(in: 0...60, using: &generator)
          return words(start..<start + Int.random(in: 1...25, using: &generator))
        }.joined(separator: ["", "\n", "x\n\n"].randomElement(using: &generator)!)
      }
      let source = body(results)
      let result = compress(source, options: Options(level: .lossless))
      #expect(expand(result.body) == source)
      #expect(result.tokensAfter <= result.tokensBefore)
    }
  }

  @Test(.enabled(if: RecordedData.isPresent)) func aRecordedSessionComesBack() throws {
    let source = try RecordedData.bytes("workloads/claude_code_session.json")
    let result = compress(source, options: Options(level: .lossless))
    #expect(result.blocks.contains { $0.encoder == "repeats" })
    #expect(expand(result.body) == source)
  }

  @Test func aReferenceThatLeadsNowhereStays() throws {
    let source = body(["[20 lines as in tool result 7, lines 1-20]\n", "[9 lines as in tool result 1, lines 4-12: x]"])
    #expect(expand(source) == source)
  }
}
