import TestSupport
import Testing

@testable import Headroom

@Suite struct SegmenterTests {
  private func kinds(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return Segmenter.segments(bytes).map { "\($0.kind.rawValue): \(String(decoding: bytes[$0.range], as: UTF8.self))" }
  }

  @Test func segmentsCoverTheTextInOrder() {
    var generator = SeededGenerator(seed: 11)
    let pieces = ["{\"a\":1}\n", "[\n", "{\n", "}\n", "text\n", "\n", "[1,2,3]", " {\"b\":[]} ", "é\n", "]", "\"{\"\n"]
    for _ in 0..<3_000 {
      let count = Int.random(in: 0...9, using: &generator)
      let text = Array((0..<count).map { _ in pieces.randomElement(using: &generator)! }.joined().utf8)
      let segments = Segmenter.segments(text)
      #expect(segments.flatMap { text[$0.range] } == text)
      for segment in segments where segment.kind != .text { #expect(segment.document != nil) }
    }
  }

  @Test func aDocumentIsFoundWithoutTheSpaceAroundIt() {
    #expect(kinds(" {\"a\": 1}\n") == ["text:  ", "json: {\"a\": 1}", "text: \n"])
    #expect(kinds("{\"a\": 1} x") == ["text: {\"a\": 1} x"])
  }

  @Test func linesOfObjectsAreJSONLines() {
    #expect(kinds("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n") == ["json lines: {\"a\":1}\n{\"a\":2}\n{\"a\":3}", "text: \n"])
    // One line is no document, though all lines together would make an array of three.
    #expect(kinds("{\"a\":[{}\n{}]}\n{\"b\":1},{\"c\":2}").count == 1)
    #expect(kinds("{\"a\":1}\n{\"a\":2}")[0].hasPrefix("text"))
  }

  @Test func documentsBetweenLinesOfTextAreFound() {
    let rows = (0..<30).map { "{\"id\":\($0),\"name\":\"row \($0)\"}" }.joined(separator: ",\n")
    let found = kinds("Found 30 rows:\n[\(rows)]\nDone.")
    #expect(found.count == 3)
    #expect(found[0] == "text: Found 30 rows:\n")
    #expect(found[1].hasPrefix("json: ["))
    #expect(found[2] == "text: \nDone.")
  }

  @Test func manyDocumentsOfOneLineAmongOtherLinesAreALog() {
    let rows = (0..<9).map { "{\"id\":\($0),\"text\":\"\(String(repeating: "row ", count: 60))\"}" }
    #expect(kinds(rows.joined(separator: "\nGET /\n")).count == 1)
    #expect(kinds(rows.prefix(7).joined(separator: "\nGET /\n")).count == 13)
    // A document of several lines is one all the same.
    let document = "{\n\(rows.enumerated().map { "\"\($0.offset)\": \($0.element)" }.joined(separator: ",\n"))\n}"
    #expect(kinds(rows.joined(separator: "\nGET /\n") + "\nGET /\n" + document).count == 2)
  }
}
