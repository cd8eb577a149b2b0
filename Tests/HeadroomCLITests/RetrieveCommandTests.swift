import Foundation
import Headroom
import HeadroomStore
import Testing

@Suite struct RetrieveCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  /// Stores an original and returns its id.
  private func store(_ original: [UInt8]) throws -> String {
    try Stores.open(program.storeURL).originals.put(original).name
  }

  private func retrieve(_ id: String, _ options: [String] = []) throws -> Program.Outcome {
    try program.run(["retrieve", id, "--store", program.storeURL] + options)
  }

  @Test func originalsAreExactBytes() throws {
    let originals: [[UInt8]] = [
      [], [0, 0xFF, 0x0A, 0x0D, 0x80], Array("no line end".utf8), Array("one\r\ntwo\n".utf8),
    ]
    for original in originals {
      let outcome = try retrieve(try store(original))
      #expect(outcome.status == 0)
      #expect(outcome.output == original)
      #expect(outcome.errors.isEmpty)
    }
  }

  @Test func handlesAreTakenAsPeopleWriteThem() throws {
    let id = try store(Array("text".utf8))
    for spelling in ["#" + id, id.uppercased()] { #expect(try retrieve(spelling).text == "text") }
  }

  @Test func selectionsNarrow() throws {
    let rows = (1...40).map { #"{"n":\#($0),"state":"\#($0 % 10 == 0 ? "failed" : "fine")"}"# }
    let json = try store(Array(#"{"items":[\#(rows.joined(separator: ","))]}"#.utf8))
    #expect(try retrieve(json, ["--rows", "3-4"]).text == rows[2...3].joined(separator: ","))
    #expect(try retrieve(json, ["--path", "items[9].state"]).text == #""failed""#)
    #expect(
      try retrieve(json, ["--grep", "fail(ed|ure)"]).text
        == [10, 20, 30, 40].map { "\($0):\(rows[$0 - 1])" }.joined(separator: "\n"))
    #expect(try retrieve(json, ["--query", "failed", "--rows", "5-12"]).text.contains("10:"))
    let text = try store(Array("a\nb\nc\nd\n".utf8))
    #expect(try retrieve(text, ["--lines", "2-3"]).text == "b\nc\n")
    #expect(try retrieve(text, ["--lines", "-1"]).text == "a\n")
    #expect(try retrieve(text, ["--lines", "3-"]).text == "c\nd\n")
  }

  @Test func nothingFoundIsAnErrorThatSaysSo() throws {
    let id = try store(Array("a\nb\n".utf8))
    for options in [["--grep", "zebra"], ["--lines", "7"], ["--path", "items[3]"]] {
      let outcome = try retrieve(id, options)
      #expect(outcome.status == 1)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("headroom: "))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
  }

  @Test func readingMakesNoStore() throws {
    let outcome = try program.run(["retrieve", "k3m9qz"])
    #expect(outcome.status == 1)
    #expect(!FileManager.default.fileExists(atPath: program.home.path))
    let missing = try program.run(["expand", "--store", "sqlite:none.db"], input: Array("text".utf8))
    #expect(missing.status == 1)
    #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("none.db").path))
  }
}
