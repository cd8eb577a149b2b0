import TestSupport
import Testing

@testable import Headroom

/// A table with rows out of view must still say exactly what the rows in view are, and account for all others.
@Suite struct CutTableTests {
  @Test func rowsInViewAndGapsMakeUpTheTable() throws {
    var cuts = 0
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      var generator = SeededGenerator(seed: 21)
      for _ in 0..<1_200 {
        let text = RecordGenerator.text(using: &generator)
        let source = try JSONDocument(text)
        guard source.root.kind == .array else { continue }
        let forms = JSONForms(source, in: text, range: text.indices, counter: counter)
        let request = CutRequest(
          budget: Int.random(in: 20...400, using: &generator), query: Query(), handle: Handle(of: text),
          retrieval: .shell, level: .balanced)
        guard let candidate = forms.cut(request) else { continue }
        cuts += 1
        let (json, end) = try #require(JSONNotation.decode(candidate.bytes, at: 0))
        #expect(end == candidate.bytes.count)
        try check(JSONDocument(json).minified(), against: source.minified())
        #expect(JSONNotation.handles(candidate.bytes, in: candidate.bytes.indices) == [request.handle])
      }
    }
    #expect(cuts > 50)
  }

  /// Elements are a marker, then rows and, as strings, gaps such as `[rows 3-40]`.
  private func check(_ view: JSONDocument, against source: JSONDocument) throws {
    let rows = source.root.elements
    var row = 0
    var cut = 0
    for element in view.root.elements.dropFirst() {
      guard element.kind == .string else {
        guard row < rows.count else {
          Issue.record("more rows in view than there are")
          return
        }
        let isSame = try JSONDocument(Array(element.lexeme)).isEqual(to: JSONDocument(Array(rows[row].lexeme)))
        #expect(isSame, "row \(row + 1)")
        row += 1
        continue
      }
      let numbers = (element.text ?? []).split { !(0x30...0x39 ~= $0) }.compactMap {
        Int(String(decoding: $0, as: UTF8.self))
      }
      #expect(numbers.first == row + 1)
      cut += (numbers.last ?? 0) - row
      row = numbers.last ?? row
    }
    #expect(row == rows.count)
    let marker = String(decoding: view.root.elements.first?.text ?? [], as: UTF8.self)
    #expect(marker.hasPrefix("[\(cut) of \(rows.count) rows stored #"))
  }
}
