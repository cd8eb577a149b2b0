import TestSupport
import Testing

@testable import Headroom

@Suite struct RetrievalTests {
  private let text = "one\ntwo\r\n\nfour\nfive"
  private let pods = """
    {"kind":"List","items":[{"name":"api","ok":true}, {"name":"db","ok":false},
     {"name":"web\\n","ok":true}],"tags":["a","b"]}
    """

  @Test func nothingSelectedIsTheWholeOriginal() throws {
    #expect(try part(text, Selection()) == text)
  }

  @Test(arguments: [
    ("1-2", "one\ntwo\r\n"), ("2", "two\r\n"), ("4-", "four\nfive"), ("-1", "one\n"), ("3-3", "\n"), ("5-99", "five"),
    ("1-", "one\ntwo\r\n\nfour\nfive"),
  ])
  func linesComeWithTheirEnds(range: String, expected: String) throws {
    #expect(try part(text, Selection(lines: NumberRange(range))) == expected)
  }

  @Test func anyRangeOfLinesIsASliceAndTheSlicesMakeTheWhole() throws {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<300 {
      let bytes: [UInt8] = (0..<Int.random(in: 1...60, using: &generator)).map { _ in
        [0x0A, 0x0D, 0x61, 0xC3, 0xFF, 0x00].randomElement(using: &generator)!
      }
      let count = Units.lines(of: bytes).ranges.count
      let cut = Int.random(in: 1...count, using: &generator)
      let first = try Retrieval.part(of: bytes, Selection(lines: NumberRange("-\(cut)")))
      let rest = cut < count ? try Retrieval.part(of: bytes, Selection(lines: NumberRange("\(cut + 1)-"))) : []
      #expect(first + rest == bytes)
    }
  }

  @Test(arguments: ["", "-", "0", "0-3", "5-2", "a", "1-b", "1-2-3", "+1", " 1", "99999999999999999999"])
  func refusesWhatIsNoRange(text: String) {
    #expect { try NumberRange(text) } throws: { ($0 as? SelectionError)?.code == .invalidRange }
  }

  @Test func saysHowManyLinesThereAre() {
    #expect { try part(text, Selection(lines: NumberRange("6-"))) } throws: { "\($0)" == "the original has 5 lines" }
    #expect { try part("[]", Selection(rows: NumberRange("1"))) } throws: { "\($0)" == "the original has 0 rows" }
  }

  @Test func rowsAreTheElementsOfTheArrayOfObjects() throws {
    #expect(try part(pods, Selection(rows: NumberRange("2"))) == #"{"name":"db","ok":false}"#)
    #expect(
      try part(pods, Selection(rows: NumberRange("1-2"))) == #"{"name":"api","ok":true}, {"name":"db","ok":false}"#)
    #expect(try part(#"[1, [2, 3] ,"x"]"#, Selection(rows: NumberRange("2-"))) == #"[2, 3] ,"x""#)
    let nested = #"{"data":{"few":[{"a":1}],"many":[{"b":[{},{},{},{}]},{"c":2}]},"none":[]}"#
    #expect(try part(nested, Selection(rows: NumberRange("2"))) == #"{"c":2}"#)
  }

  @Test func rowsOfTextAreItsLines() throws {
    #expect(try part("id name\n1 a\n2 b\n", Selection(rows: NumberRange("2"))) == "1 a\n")
    #expect(try part("{\"a\":1}\n{\"a\":2}\n", Selection(rows: NumberRange("2"))) == "{\"a\":2}\n")
  }

  @Test(arguments: [
    ("kind", "\"List\""), ("items[1].name", "\"db\""), ("$.items[-1].ok", "true"), (".tags", #"["a","b"]"#),
    ("[\"items\"][0]", #"{"name":"api","ok":true}"#), ("items[2].name", "\"web\\n\""),
  ])
  func aPathGivesTheExactBytesOfItsValue(path: String, expected: String) throws {
    #expect(try part(pods, Selection(path: path)) == expected)
  }

  @Test func aPathKeepsNumbersAsWrittenAndTakesTheLastOfTwoMembers() throws {
    let document = #"{"a.b":1.0e+02,"x":1,"x":{"q\u0022":12345678901234567890}}"#
    #expect(try part(document, Selection(path: "[\"a.b\"]")) == "1.0e+02")
    #expect(try part(document, Selection(path: #"x["q\""]"#)) == "12345678901234567890")
    #expect(try part(document, Selection(path: "$")) == document)
  }

  @Test(arguments: ["a..b", "a[", "a[x]", "a[\"b", "a[1", "a[\"b\"x]"])
  func refusesWhatIsNoPath(path: String) {
    #expect { try part("{}", Selection(path: path)) } throws: { ($0 as? SelectionError)?.code == .invalidPath }
  }

  @Test func saysWhatIsThereInsteadOfAPath() {
    for (path, message) in [
      ("items[7]", "no element [7]: items is an array of 3"), ("kind.x", "no member x: kind is a string"),
      ("item", "no member item in the document, which has: kind, items, tags"),
    ] {
      #expect { try part(pods, Selection(path: path)) } throws: { "\($0)" == message }
    }
    #expect { try part("plain", Selection(path: "a")) } throws: { ($0 as? SelectionError)?.code == .notFound }
  }

  @Test func grepNumbersTheLinesThatMatch() throws {
    #expect(try part(text, Selection(grep: "o$")) == "2:two")
    #expect(try part(text, Selection(grep: "^f|^$")) == "3:\n4:four\n5:five")
    #expect(try part(text, Selection(grep: "x")) == "")
  }

  @Test func grepNumbersTheRowsOfDenseJSON() throws {
    #expect(
      try part(pods, Selection(grep: "true")) == "1:{\"name\":\"api\",\"ok\":true}\n3:{\"name\":\"web\\n\",\"ok\":true}"
    )
    let spread = "[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": 2\n  }\n]"
    #expect(try part(spread, Selection(grep: "2")) == "6:    \"a\": 2")
    #expect(try part(spread, Selection(rows: NumberRange("1-"), grep: "2")) == "2:{\n    \"a\": 2\n  }")
  }

  @Test func selectionsNarrowOneAnother() throws {
    let document = #"{"log":"start\nerror: disk\nok\nerror: net\n","rows":[{"a":1},{"a":2},{"a":12}]}"#
    #expect(try part(document, Selection(path: "log", grep: "error")) == "2:error: disk\n4:error: net")
    #expect(try part(document, Selection(path: "log", lines: NumberRange("3-"), grep: "error")) == "4:error: net")
    #expect(try part(document, Selection(path: "rows", rows: NumberRange("2-3"))) == #"{"a":2},{"a":12}"#)
    #expect(try part(document, Selection(path: "log", grep: "error", query: "net")) == "4:error: net")
    #expect { try part(text, Selection(rows: NumberRange("1"), lines: NumberRange("1"))) } throws: {
      ($0 as? SelectionError)?.code == .conflict
    }
  }

  @Test func aQueryFindsTheLineWithItsNeighbors() throws {
    var lines = (1...200).map { "step \($0) done" }
    lines[99] = "connection to database refused"
    let found = try part(lines.joined(separator: "\n"), Selection(query: "why was the database connection refused"))
    #expect(
      found
        == "98:step 98 done\n99:step 99 done\n100:connection to database refused\n101:step 101 done\n102:step 102 done")
    let inRange = try part(lines.joined(separator: "\n"), Selection(lines: NumberRange("100-101"), query: "database"))
    #expect(inRange == "100:connection to database refused\n101:step 101 done")
  }

  @Test func aQueryFindsRowsAndParagraphsWhole() throws {
    let rows = (1...60).map { #"{"id":\#($0),"name":"user \#($0)"}"# }
    #expect(
      try part("[" + rows.joined(separator: ",") + "]", Selection(query: "17")) == #"17:{"id":17,"name":"user 17"}"#)
    let prose = (1...30).map { "Chapter \($0) opens.\nIt is about topic\($0)x and more." }.joined(separator: "\n\n")
    #expect(try part(prose, Selection(query: "topic9x")) == "25:Chapter 9 opens.\n26:It is about topic9x and more.")
  }

  @Test func aQueryGivesAtMostSoManySegmentsInTheirOrder() throws {
    let rows = (1...60).map { #"{"id":\#($0),"kind":"\#($0 % 3 == 0 ? "apple" : "pear")"}"# }
    let document = "[" + rows.joined(separator: ",") + "]"
    let lines = try part(document, Selection(query: "apple", segments: 5)).split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != ":" } } == ["3", "6", "9", "12", "15"])
    #expect(try part(document, Selection(query: "apple")).split(separator: "\n").count == 8)
    #expect(try part(document, Selection(query: "banana")) == "")
    // What has next to nothing of the query is no result.
    #expect(try part(document, Selection(query: "pear 17")) == #"17:{"id":17,"kind":"pear"}"#)
  }

  @Test func theLimitLeavesOutWholeUnitsAndSaysSo() throws {
    let text = (1...50).map { "line \($0)" }.joined(separator: "\n")
    let bytes = Array(text.utf8)
    let lines = try Retrieval.excerpt(of: bytes, Selection(lines: NumberRange("1-"), byteLimit: 20))
    #expect(String(decoding: lines.bytes, as: UTF8.self) == "line 1\nline 2\n")
    #expect((lines.shown, lines.found, lines.total) == (2, 50, 50) && !lines.isComplete && lines.unit == .line)
    let matches = try Retrieval.excerpt(of: bytes, Selection(grep: "4", byteLimit: 20))
    #expect(String(decoding: matches.bytes, as: UTF8.self) == "4:line 4\n14:line 14")
    #expect((matches.shown, matches.found, matches.total) == (2, 14, 50))
    let whole = try Retrieval.excerpt(of: Array("aé".utf8), Selection(byteLimit: 2))
    #expect(whole.bytes == Array("a".utf8) && !whole.isComplete)
  }

  @Test func aLineLongerThanTheLimitIsCut() throws {
    let bytes = Array(String(repeating: "long é ", count: 100).utf8)
    for selection in [
      Selection(lines: try NumberRange("1"), byteLimit: 40), Selection(grep: "long", byteLimit: 40),
      Selection(query: "long", byteLimit: 40),
    ] {
      let excerpt = try Retrieval.excerpt(of: bytes, selection)
      #expect(excerpt.bytes.count > 30 && excerpt.bytes.count <= 44 && !excerpt.isComplete)
      #expect(String(validating: excerpt.bytes, as: UTF8.self) != nil)
    }
  }

  @Test func noSelectionCrashesOnAnything() throws {
    var generator = SeededGenerator(seed: 31)
    let pieces = ["[", "]", "{", "}", "\"a\"", ":", ",", "1", "\n", "\r", " ", "x", "é", "\"b\":[{\"a\":1}]"]
    let originals = (0..<2_000).map { _ in
      (0..<Int.random(in: 0...12, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }.joined()
    }
    for original in originals {
      for selection in [
        Selection(rows: try NumberRange("1-2")), Selection(lines: try NumberRange("2-")), Selection(path: "a[0].b"),
        Selection(grep: "a|1"),
        Selection(query: "a x 1", byteLimit: 3), Selection(path: "b", grep: ".", query: "x"),
      ] { _ = try? Retrieval.excerpt(of: Array(original.utf8) + [0xFF], selection) }
    }
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func findsTheNeedleInRecordedLogs() throws {
    let log = try RecordedData.bytes("logs/loghub/OpenSSH_2k.log")
    let found = try Retrieval.part(of: log, Selection(query: "break-in attempt from 5.36.59.76"))
    #expect(String(decoding: found, as: UTF8.self).contains("5.36.59.76"))
    #expect(found.count < log.count / 20)
  }

  private func part(_ text: String, _ selection: Selection) throws -> String {
    String(decoding: try Retrieval.part(of: Array(text.utf8), selection), as: UTF8.self)
  }
}
