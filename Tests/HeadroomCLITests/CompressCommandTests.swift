import Foundation
import Headroom
import HeadroomStore
import TestSupport
import Testing

@Suite struct CompressCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  // MARK: Input and output

  @Test func fileStandardInputAndDashAreTheSame() throws {
    let body = Samples.chat([Samples.logEntries(60)])
    try program.file("request.json", body)
    let options = ["--level", "lossless"]
    let file = try program.run(["compress", "request.json"] + options)
    #expect(file.status == 0)
    #expect(file.errors.isEmpty)
    #expect(file.output.count < body.count)
    #expect(try program.run(["compress"] + options, input: body).output == file.output)
    #expect(try program.run(["compress", "-"] + options, input: body).output == file.output)
  }

  @Test func outputGoesToTheFileAndNothingToStandardOutput() throws {
    let body = Samples.chat([Samples.logEntries(60)])
    let piped = try program.run(["compress", "--level", "lossless"], input: body)
    let filed = try program.run(["compress", "--level", "lossless", "--output", "smaller.json"], input: body)
    #expect(filed.output.isEmpty)
    #expect(try program.bytes("smaller.json") == piped.output)
    #expect(try program.run(["compress", "--level", "lossless", "--output", "-"], input: body).output == piped.output)
  }

  @Test func aFileCanBeReplacedByItsShorterForm() throws {
    let body = Samples.chat([Samples.logEntries(60)])
    let file = try program.file("request.json", body)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
    try FileManager.default.createSymbolicLink(
      at: program.folder.appendingPathComponent("link.json"), withDestinationURL: file)
    let outcome = try program.run(["compress", "link.json", "--output", "link.json", "--level", "lossless"])
    #expect(outcome.status == 0)
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(attributes[.type] as? FileAttributeType == .typeRegular)
    #expect(try program.bytes("request.json").count < body.count)
    let link = program.folder.appendingPathComponent("link.json").path
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file.path)
  }

  @Test func whatIsNotUnderstoodComesOutAsItCame() throws {
    let texts: [[UInt8]] = [
      [], [0], [0xFF, 0xFE, 0x00, 0x0A], Array("no JSON at all\r\n\u{1b}[31mred\u{1b}[0m".utf8),
      Samples.chat(["short"]), Array(#"{"model":"gpt-4o","messages":[]}"#.utf8), Array("[[[[".utf8),
    ]
    for text in texts {
      let outcome = try program.run(["compress"], input: text)
      #expect(outcome.status == 0)
      #expect(outcome.output == text)
    }
    #expect(!FileManager.default.fileExists(atPath: program.home.path), "nothing was cut, so nothing is stored")
  }

  // MARK: Report

  @Test func theReportHasTheFieldsOfTheContract() throws {
    let body = Samples.chat([Samples.logEntries(200), Samples.logEntries(20), "done"])
    let report = try program.compress(body)
    #expect(report.model == "gpt-4o")
    #expect(report.level == "balanced")
    #expect(report.elapsedMs > 0)
    #expect(report.blocks.map(\.path) == ["messages[2].content", "messages[4].content", "messages[6].content"])
    #expect(report.blocks.map(\.kind) == ["json", "json", "text"])
    #expect(report.blocks.map(\.fidelity).first == "lossy")
    #expect(report.blocks.allSatisfy { ($0.id != nil) == ($0.fidelity == "lossy") })
    #expect(report.blocks.allSatisfy { ($0.encoder == "none") == ($0.tokensBefore == $0.tokensAfter) })
    #expect(report.tokensBefore == report.blocks.reduce(0) { $0 + $1.tokensBefore })
    #expect(report.tokensAfter == report.blocks.reduce(0) { $0 + $1.tokensAfter })
    let id = try #require(report.blocks[0].id)
    #expect(Handle(id)?.name == id, "an id is a handle without its sign")

    let object = try #require(
      JSONSerialization.jsonObject(with: Data(program.bytes("smaller.report"))) as? [String: Any])
    #expect(
      Set(object.keys) == ["model", "level", "tokens_before", "tokens_after", "elapsed_ms", "blocks"])
    let block = try #require((object["blocks"] as? [[String: Any]])?.first)
    #expect(
      Set(block.keys) == ["path", "kind", "encoder", "fidelity", "tokens_before", "tokens_after", "id"])
  }

  @Test func theReportTakesThePlaceOfTheBodyOnStandardOutput() throws {
    let body = Samples.chat([Samples.logEntries(40)])
    for options in [["--report", "-"], ["--json"]] {
      let outcome = try program.run(["compress", "--mode", "simulate"] + options, input: body)
      #expect(try program.report(outcome.output).blocks.count == 1)
      let both = try program.run(
        ["compress", "--mode", "simulate", "--output", "smaller.json"] + options, input: body)
      #expect(try program.report(both.output).blocks.count == 1)
      #expect(try program.bytes("smaller.json").count < body.count)
    }
  }

  @Test func anExplanationShowsWhatWasTried() throws {
    let body = Samples.chat([Samples.logEntries(60)])
    let shown = try program.run(
      ["compress", "--explain", "--level", "lossless", "--output", "smaller.json"], input: body)
    #expect(shown.text.contains("taken"))
    #expect(try program.bytes("smaller.json").count < body.count)
    let report = try program.run(["compress", "--explain", "--json", "--level", "lossless"], input: body)
    #expect(report.text.contains(#""verdict":"taken""#))
  }

  @Test func theReportCountsWhatIsWritten() throws {
    let report = try program.compress(Samples.chat([Samples.logEntries(80)]), ["--level", "lossless"])
    let request = try #require(RequestBody(program.bytes("smaller")))
    let payload = try #require(request.payload(of: 0))
    #expect(Tokenizer(model: "gpt-4o").count(payload) == report.tokensAfter)
  }

  // MARK: Going back

  @Test func generatedRequestsComeBack() throws {
    var generator = SeededGenerator(seed: 4)
    for round in 0..<4 {
      let results = (0..<20).map { _ in Samples.value(using: &generator) }
      let body = Samples.chat(results)
      let report = try program.compress(body, ["--level", "lossless"], into: "r\(round)")
      #expect(report.tokensAfter < report.tokensBefore)
      let expanded = try program.run(["expand", "r\(round)"])
      #expect(sayTheSame(expanded.output, body), "round \(round)")
    }
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func recordedRequestsComeBack() throws {
    for file in RecordedData.files(below: "workloads", extensions: ["json"])
    where !file.lastPathComponent.contains("needles") {
      let body = [UInt8](try Data(contentsOf: file))
      let name = file.lastPathComponent
      try program.compress(body, ["--level", "lossless"], into: name)
      #expect(sayTheSame(try program.run(["expand", name]).output, body), "\(name)")
    }
  }

  @Test func originalsOfWhatWasCutComeBackByteForByte() throws {
    let results = [Samples.logEntries(300), "{\"hits\": " + Samples.logEntries(200, seed: 2) + "}\n", "small"]
    let body = Samples.chat(results)
    let report = try program.compress(body)
    let ids = report.blocks.compactMap(\.id)
    #expect(ids.count == 2)
    for (id, original) in zip(ids, results) {
      let outcome = try program.run(["retrieve", id, "--store", program.storeURL])
      #expect(outcome.text == original)
      #expect(try program.text("smaller").contains(" stored #\(id): headroom retrieve \(id) --rows A-B]"))
    }
    #expect(try program.run(["expand", "smaller", "--store", program.storeURL]).output == body)
    let visible = try program.run(["expand", "smaller"])
    #expect(visible.text.contains(" stored #\(ids[0])"))
    #expect(visible.text.contains("PG-5523"))
  }

  @Test func twoRunsGiveTheSameBytes() throws {
    let body = Samples.chat((0..<8).map { Samples.logEntries(40 + 20 * $0, seed: UInt64($0)) })
    let first = try program.compress(body, into: "a")
    let second = try program.compress(body, into: "b")
    let elsewhere = try program.run(["compress", "--store", "sqlite:other.db"], input: body)
    #expect(try program.bytes("a") == program.bytes("b"))
    #expect(try elsewhere.output == program.bytes("a"))
    #expect(first.blocks.map(\.tokensAfter) == second.blocks.map(\.tokensAfter))
  }

  // MARK: The store

  @Test func namesMayBeOneLetter() throws {
    try program.file("r", Samples.chat([Samples.logEntries(300)]))
    #expect(try program.run(["compress", "r", "--output", "o", "--report", "p", "--store", "sqlite:s"]).status == 0)
    let id = try #require(program.report(program.bytes("p")).blocks[0].id)
    #expect(try program.run(["retrieve", id, "--store", "sqlite:s"]).text == Samples.logEntries(300))
  }

  @Test func theUsersStoreIsMadeWhenSomethingIsCut() throws {
    let body = Samples.chat([Samples.logEntries(300)])
    #expect(try program.run(["compress", "--level", "lossless"], input: body).status == 0)
    #expect(try program.run(["compress", "--mode", "audit"], input: body).status == 0)
    #expect(try program.run(["compress", "--mode", "simulate"], input: body).status == 0)
    #expect(!FileManager.default.fileExists(atPath: program.home.path))
    #expect(try program.run(["compress"], input: body).status == 0)
    let file = program.home.appendingPathComponent("headroom.db").path
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func withoutAWorkingStoreOfTheUserNothingIsCut() throws {
    try program.file("home", "not a folder")
    let body = Samples.chat([Samples.logEntries(300)])
    let outcome = try program.run(["compress"], input: body)
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasPrefix("headroom: nothing was cut"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.output == (try program.run(["compress", "--level", "lossless"], input: body)).output)
  }

  @Test func originalsInMemoryAreGoneAndItSaysSo() throws {
    let body = Samples.chat([Samples.logEntries(300)])
    let outcome = try program.run(["compress", "--store", "memory:"], input: body)
    #expect(outcome.text.contains(" rows stored #"))
    #expect(outcome.errors.contains("in memory"))
  }
}
