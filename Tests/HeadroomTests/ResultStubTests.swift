import TestSupport
import Testing

@testable import Headroom

@Suite struct ResultStubTests {
  private let original = Array((0..<40).map { ProseGenerator.line($0) }.joined(separator: "\n").utf8)

  @Test(arguments: [RetrievalPath.none, .shell, .tool])
  func aStubIsReadBack(_ retrieval: RetrievalPath) throws {
    let handle = Handle(of: original)
    for about in [["cat a.txt", "exit 0", "fine"], ["a; b\n\tc", ""], ["[x] 3 of 4 lines stored #abcdef]"], []] {
      let stub = ResultStub(about.map { Array($0.utf8) }, lines: 40, handle: handle, retrieval: retrieval)
      let text = stub.text
      #expect(!text.contains(UInt8(ascii: "\n")))
      if about.isEmpty {
        #expect(CutMarker(text, text.indices)?.handle == handle)
      } else {
        let read = try #require(ResultStub(text), "\(String(decoding: text, as: UTF8.self))")
        #expect(read.about == stub.about)
        #expect(read.marker.handle == handle && read.marker.total == 40)
      }
    }
    let text = String(
      decoding: ResultStub([Array("cat a.txt".utf8)], lines: 40, handle: handle, retrieval: .shell).text, as: UTF8.self)
    #expect(
      text == "[cat a.txt; 40 of 40 lines stored \(handle): headroom retrieve \(handle.name) --lines A-B]")
  }

  @Test func expandGivesTheOriginalBack() throws {
    let store = MemoryStore()
    let handle = store.put(original)
    let stub = ResultStub([Array("cat a.txt".utf8)], lines: 40, handle: handle, retrieval: .shell).text
    #expect(expand(text: stub, store: store) == original)
    #expect(expand(text: stub) == stub)
    // A stub that is quoted in other text, and one that says another number of lines, stand for nothing.
    let quoted = stub + Array("\nmore".utf8)
    #expect(expand(text: quoted, store: store) == quoted)
    let other = ResultStub([Array("x".utf8)], lines: 39, handle: handle, retrieval: .none).text
    #expect(expand(text: other, store: store) == other)
  }

  @Test func longWordsAreCutAtACharacter() throws {
    let words = String(repeating: "ä", count: 200)
    let stub = ResultStub([Array(words.utf8)], lines: 1, handle: Handle(of: original), retrieval: .none)
    #expect(String(validating: stub.about, as: UTF8.self) != nil)
    #expect(stub.about.count < 110)
  }
}
