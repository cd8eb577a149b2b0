import Testing

@testable import Headroom

@Suite struct ExplanationTests {
  private let rows =
    "[" + (0..<80).map { "{\"id\":\($0),\"name\":\"row \($0)\",\"state\":\"open\"}" }.joined(separator: ",\n") + "]"

  @Test func saysWhichLinesAreWhatAndWhatWasTried() throws {
    let text = "Found 80 rows in the table:\n\(rows)\nThat was all of them, in the order of their numbers.\n"
    let result = compress(text, options: Options(level: .lossless, explains: true))
    let segments = result.blocks[0].segments
    #expect(segments.map(\.kind) == ["text", "json", "text"])
    #expect(segments.map(\.lines) == [1...1, 2...81, 82...82])
    let json = segments[1]
    #expect(json.candidates.count(where: { $0.verdict == .taken }) == 1)
    let taken = try #require(json.candidates.first { $0.verdict == .taken })
    #expect(taken.encoder == result.blocks[0].encoder)
    #expect(json.candidates.allSatisfy { $0.tokens >= taken.tokens })
    #expect(segments[0].candidates.allSatisfy { $0.verdict != .taken })
  }

  @Test func saysWhatWasCut() {
    let many =
      "["
      + (0..<900).map { "{\"id\":\($0 * 7),\"name\":\"row \($0 * 31 % 577)\",\"size\":\($0 * 977 % 1013)}" }
      .joined(separator: ",") + "]"
    let result = compress(many, options: Options(store: MemoryStore(), explains: true))
    #expect(result.blocks[0].fidelity == .lossy)
    #expect(result.blocks[0].segments[0].candidates.last?.fidelity == .lossy)
    #expect(result.blocks[0].segments[0].candidates.last?.verdict == .taken)
  }

  @Test func isAskedForAndChangesNothing() {
    let plain = compress(rows)
    #expect(plain.blocks[0].segments.isEmpty)
    #expect(compress(rows, options: Options(explains: true)).body == plain.body)
    #expect(compress("ok", options: Options(explains: true)).blocks[0].segments.isEmpty)
  }
}
