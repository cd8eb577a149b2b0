import TestSupport
import Testing

@testable import Headroom

/// An array of objects as a table, with all that a selection of rows needs.
struct SampleTable {
  let pool: ValuePool
  let columns: [TableColumn]
  let rows: [Int]
  let rowCosts: [Int]

  /// Nil when the array at `node` is no table.
  init?(_ document: JSONDocument, at node: Int, _ counter: TokenCounter) {
    guard document.nodes[node].kind == .array else { return nil }
    let rows = JSONValue(document: document, index: node).elements
    guard !rows.isEmpty, rows.allSatisfy({ $0.kind == .object && !$0.members.isEmpty }) else { return nil }
    pool = ValuePool(document, counter: counter)
    self.rows = rows.map(\.index)
    guard let columns = TableFlattener.columns(of: self.rows, pool: pool) else { return nil }
    self.columns = columns
    let options = TablePlanner.Options(allowsRowNumbers: false)
    let table = RenderedTable(
      TablePlanner.plan(columns, rowCount: rows.count, pool: pool, options: options), pool)
    rowCosts = rows.indices.map { counter.count(table.body, in: table.range(ofRows: $0..<$0 + 1)) }
  }

  /// The table of an array, or of the first table below.
  init?(_ text: some Collection<UInt8>, _ counter: TokenCounter) {
    guard let table = SampleTable.all(in: text, fewestRows: 1, counter).first else { return nil }
    self = table
  }

  /// The outermost tables of a document.
  static func all(in text: some Collection<UInt8>, fewestRows: Int, _ counter: TokenCounter) -> [SampleTable] {
    guard let document = try? JSONDocument(Array(text)).minified() else { return [] }
    var tables: [SampleTable] = []
    var node = 0
    while node < document.nodes.count {
      if let table = SampleTable(document, at: node, counter), table.rows.count >= fewestRows {
        tables.append(table)
        node = document.nodes[node].next
      } else {
        node += 1
      }
    }
    return tables
  }

  var totalCost: Int { rowCosts.reduce(0, +) }

  func request(budget: Int, query: String? = nil) -> RowSelection.Request {
    RowSelection.Request(
      columns: columns, rowCount: rows.count, rowCosts: rowCosts, budget: budget,
      query: query.map { Query(Array($0.utf8)) }
    )
  }

  /// The rows that stay when `share` percent of the tokens may; nil when all must.
  func select(_ share: Int, query: String? = nil) -> RowSelection? {
    RowSelection.select(request(budget: totalCost * share / 100, query: query), pool: pool)
  }
}

@Suite struct RowSelectionTests {
  private let tokenizer = Tokenizer(vocabulary: .o200k)

  private func array(_ rows: [String]) -> String { "[\(rows.joined(separator: ","))]" }

  private func table(_ rows: [String], _ counter: TokenCounter) throws -> SampleTable {
    try #require(SampleTable(array(rows).utf8, counter))
  }

  /// Ordinary rows: numbers around a level, a few categories, a message or two.
  private func ordinaryRows(_ count: Int, using generator: inout SeededGenerator) -> [[String]] {
    (0..<count).map { row in
      [
        #""id":\#(1_000 + row)"#, #""region":"\#(["eu", "us", "ap"].randomElement(using: &generator)!)""#,
        #""latency_ms":\#(Int.random(in: 40...60, using: &generator))"#,
        #""message":"Handled request \#(Int.random(in: 0..<9_999, using: &generator)) of the day""#,
      ]
    }
  }

  private func objects(_ rows: [[String]]) -> [String] { rows.map { "{\($0.joined(separator: ","))}" } }

  // MARK: Errors

  /// Each way of saying that a row failed, and of saying that it did not.
  private static let failures: [(failed: String, fine: String)] = [
    (#""level":"ERROR""#, #""level":"INFO""#), (#""severity":"critical""#, #""severity":"low""#),
    (#""status":503"#, #""status":200"#), (#""status":"404 Not Found""#, #""status":"200 OK""#),
    (#""conclusion":"timed_out""#, #""conclusion":"success""#), (#""exit_code":137"#, #""exit_code":0"#),
    (#""error":{"message":"no such table"}"#, #""error":null"#), (#""stderr":"cannot stat""#, #""stderr":"""#),
    (#""success":false"#, #""success":true"#), (#""timed_out":true"#, #""timed_out":false"#),
    (#""level":50"#, #""level":30"#),
    (#""line":"12:00:01 ERROR disk is full""#, #""line":"12:00:01 INFO all is well""#),
    (
      #""containers":[{"name":"app","state":{"reason":"CrashLoopBackOff"}}]"#,
      #""containers":[{"name":"app","state":{"reason":"Completed"}},{"name":"log","state":{"reason":"Completed"}}]"#
    ),
  ]

  @Test func everyErrorStaysWhateverTheBudget() throws {
    try tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 21)
      for (failed, fine) in RowSelectionTests.failures {
        for share in [0, 3, 25] {
          var rows = ordinaryRows(80, using: &generator)
          let errors = Set(
            (0..<Int.random(in: 1...20, using: &generator)).map { _ in Int.random(in: 0..<80, using: &generator) })
          for row in rows.indices { rows[row].append(errors.contains(row) ? failed : fine) }
          let selection = try table(objects(rows), counter).select(share)
          let kept = try #require(selection, "\(failed) at \(share) %").kept
          #expect(errors.isSubset(of: kept), "\(failed) at \(share) %")
        }
      }
    }
  }

  @Test func whatNeverFailedKeepsNothing() throws {
    try tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 22)
      for (_, fine) in RowSelectionTests.failures {
        var rows = ordinaryRows(80, using: &generator)
        for row in rows.indices { rows[row].append(row % 2 == 0 ? fine : #""note":"none""#) }
        let selection = try #require(try table(objects(rows), counter).select(0), "\(fine)")
        #expect(selection.kept.isEmpty, "\(fine)")
      }
    }
  }

  @Test func errorsThatAreTheNormAreNoSignal() throws {
    try tokenizer.withCounter { counter in
      let rows = (0..<100).map { row in
        #"{"code":"E\#(row % 9)","severity":"\#(row % 3 == 0 ? "warning" : "error")","line":\#(row * 7 % 31)}"#
      }
      let findings = try table(rows, counter)
      let selection = try #require(findings.select(20))
      let cost = selection.kept.reduce(0) { $0 + findings.rowCosts[$1] }
      #expect(cost <= findings.totalCost / 5)

      // The rare worse one still is.
      var worse = rows
      worse[57] = #"{"code":"E1","severity":"fatal","line":3}"#
      let kept = try #require(try table(worse, counter).select(0)).kept
      #expect(kept == [57])
    }
  }

  @Test func tablesFullOfErrorsAreNotCut() throws {
    try tokenizer.withCounter { counter in
      // Two columns that fail in other halves: each is a signal, and together they fill the table.
      let rows = (0..<40).map { row in
        #"{"id":\#(row),"ok":\#(row % 5 > 1),"error":\#(row % 5 > 2 ? #""refused""# : "null")}"#
      }
      let table = try table(rows, counter)
      #expect(table.select(20) == nil)
    }
  }

  // MARK: Planted rows

  @Test func plantedRowsStay() throws {
    try tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 23)
      for round in 0..<40 {
        var rows = ordinaryRows(Int.random(in: 60...300, using: &generator), using: &generator)
        var positions = Array(rows.indices.dropFirst(2).dropLast()).shuffled(using: &generator)
        let high = positions.removeLast()
        let low = positions.removeLast()
        let rare = positions.removeLast()
        let message = positions.removeLast()
        let asked = positions.removeLast()
        rows[high][2] = #""latency_ms":9120.5"#
        rows[low][2] = #""latency_ms":-3e2"#
        rows[rare][1] = #""region":"moon""#
        rows[message][3] = #""message":"Connection pool exhausted after \#(round) tries""#
        rows[asked][3] = #""message":"Handled request 17 of customer zanzibar""#
        let table = try table(objects(rows), counter)
        let selection = try #require(table.select(15, query: "what happened to customer Zanzibar?"))
        for (name, row) in [("high", high), ("low", low), ("rare", rare), ("message", message), ("asked", asked)] {
          #expect(selection.kept.contains(row), "\(name), round \(round)")
        }
        #expect(selection.kept.starts(with: [0, 1]) && selection.kept.last == rows.count - 1)
      }
    }
  }

  @Test func bothSidesOfAChangeStay() throws {
    try tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 24)
      for count in [40, 300, 3_000] {
        let change = count * 2 / 3
        let rows = (0..<count).map { row in
          #"{"step":\#(row),"load":0.\#((row < change ? 200 : 700) + Int.random(in: 0..<60, using: &generator))}"#
        }
        let kept = try #require(try table(rows, counter).select(25)).kept
        #expect(kept.contains(change - 1) && kept.contains(change), "\(count) rows")
      }
    }
  }

  @Test func theFirstOfEachMessageStays() throws {
    try tokenizer.withCounter { counter in
      let messages = ["Cache miss for key", "Session opened by user", "Job finished in ms", "Retry scheduled for task"]
      let rows = (0..<200).map { row in #"{"n":\#(row),"text":"\#(messages[row * row % 13 % 4]) \#(row * 31)"}"# }
      let kept = try #require(try table(rows, counter).select(10)).kept
      for message in messages {
        let first = try #require(rows.firstIndex { $0.contains(message) })
        #expect(kept.contains(first), "\(message)")
      }
    }
  }

  @Test func aQueryThatNamesAColumnKeepsItsExtremes() throws {
    try tokenizer.withCounter { counter in
      // Evenly spread: no value stands out by itself.
      let rows = (0..<120).map { row in #"{"invoice":"i\#(row)","total":\#((row * 37) % 120 + 10)}"# }
      let largest = try #require(rows.firstIndex { $0.contains(#""total":129}"#) })
      let smallest = try #require(rows.firstIndex { $0.contains(#""total":10}"#) })
      let table = try table(rows, counter)
      let kept = try #require(table.select(10, query: "which invoice has the highest total")).kept
      #expect(kept.contains(largest) && kept.contains(smallest))
    }
  }

  @Test func eachPartOfAQuestionFindsItsRow() throws {
    try tokenizer.withCounter { counter in
      var rows = (0..<100).map { #"{"id":\#($0),"title":"Ordinary entry number \#($0) in the list"}"# }
      rows[31] = #"{"id":31,"title":"The Antarctic expedition and the Antarctic winter of the antarctic crew"}"#
      rows[64] = #"{"id":64,"title":"Porcelain"}"#
      let kept = try #require(
        try table(rows, counter).select(
          10, query: "Who led the Antarctic expedition crew in winter, and where is porcelain from?")
      ).kept
      #expect(kept.contains(31) && kept.contains(64))
    }
  }

  @Test func allRowsOfARareWordStay() throws {
    try tokenizer.withCounter { counter in
      let answers = [17, 48, 71, 102]
      let rows = (0..<120).map { row in
        // The longer the row, the less its one word counts.
        let text = String(repeating: "some ordinary words of this entry ", count: answers.contains(row) ? row / 20 : 2)
        return #"{"id":\#(row),"body":"\#(text)\#(answers.contains(row) ? "android" : "desktop")"}"#
      }
      let selection = try #require(try table(rows, counter).select(15, query: "which reports concern Android devices"))
      #expect(Set(answers).isSubset(of: selection.kept))
    }
  }

  @Test func everyCategoryIsShownWhereTheBudgetAllows() throws {
    try tokenizer.withCounter { counter in
      let rows = (0..<300).map { row in
        #"{"id":\#(row),"city":"c\#(row % 12)","kind":"k\#(row * row % 11)","plan":"p\#(row / 60)"}"#
      }
      let table = try table(rows, counter)
      let kept = try #require(table.select(25)).kept
      for column in table.columns.dropFirst() {
        #expect(Set(kept.map { column.ids[$0] }) == Set(column.ids))
      }
    }
  }

  // MARK: Laws

  /// Rows ascend, and cost no more than the budget unless they are errors; the same request gives the same rows.
  private func check(_ table: SampleTable, budget: Int, query: String?) {
    let request = table.request(budget: budget, query: query)
    guard let selection = RowSelection.select(request, pool: table.pool) else { return }
    let kept = selection.kept
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 })
    #expect(kept.allSatisfy { table.rows.indices.contains($0) })
    let cost = kept.reduce(0) { $0 + table.rowCosts[$1] }
    let errors = RowSelection.select(table.request(budget: 0), pool: table.pool)?.kept ?? []
    #expect(cost <= max(budget, errors.reduce(0) { $0 + table.rowCosts[$1] }))
    #expect(Set(errors).isSubset(of: kept))
    #expect(cost * 10 <= table.totalCost * 7)
    #expect(table.pool.counter.count(selection.summary) <= 60)
    let again = RowSelection.select(request, pool: table.pool)
    #expect(again?.kept == kept && again?.summary == selection.summary)
  }

  @Test func generatedTablesObeyTheLaws() {
    tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 25)
      for _ in 0..<1_500 {
        guard let table = SampleTable(RecordGenerator.text(using: &generator), counter) else { continue }
        let query = Bool.random(using: &generator) ? "octocat child-2 of it-17, status null?" : nil
        check(table, budget: Int.random(in: 0...max(table.totalCost, 1), using: &generator), query: query)
      }
    }
  }

  /// Rows of anything: whatever the values, nothing crashes.
  @Test func oddTablesObeyTheLaws() {
    tokenizer.withCounter { counter in
      var generator = SeededGenerator(seed: 26)
      let values = [
        "1e999", "-1e999", "0", "-0", "0.0e5", "123456789012345678901234567890", "1e-400", "9223372036854775807",
        "5e-324",
        "null", "true", #""""#, #"" ""#, #""\ud800""#, #""ERROR""#, #""0x1F""#, "[]", "{}", #"[{"error":[{}]}]"#,
        #"{"status":{"status":"failed"}}"#, #""\u0000\n\t""#, #""日本語の長い文章です""#, "[[[[1]]]]", #""1.5""#, #""-""#,
      ]
      let names = ["status", "level", "error", "id", "ok", "\\u00e9", "", "exit_code", "a b", "timeout"]
      for _ in 0..<400 {
        let count = Int.random(in: 8...70, using: &generator)
        let palette = (0..<names.count).map { _ in
          (0..<Int.random(in: 1...4, using: &generator)).map { _ in values.randomElement(using: &generator)! }
        }
        let rows = (0..<count).map { row in
          let members = names.indices.compactMap { name in
            Int.random(in: 0..<4, using: &generator) == 0
              ? nil : "\"\(names[name])\":\(palette[name].randomElement(using: &generator)!)"
          }
          return "{\((members + ["\"n\":\(row)"]).joined(separator: ","))}"
        }
        guard let table = SampleTable(array(rows).utf8, counter) else { continue }
        check(
          table, budget: table.totalCost * Int.random(in: 0...60, using: &generator) / 100,
          query: "status failed 1.5 日本語")
      }
    }
  }

  @Test func aTableOfFiveHundredColumnsIsChosenFrom() throws {
    try tokenizer.withCounter { counter in
      let rows = (0..<60).map { row in
        "{\((0..<500).map { "\"c\($0)\":\($0 % 3 == 0 ? "\"w\(row * $0 % 17) text\"" : "\(row * $0 % 101)")" }.joined(separator: ","))}"
      }
      let table = try table(rows, counter)
      check(table, budget: table.totalCost / 5, query: "w3 text")
      let selection = try #require(table.select(20))
      #expect(selection.kept.count > 3)
    }
  }

  // MARK: When not to cut

  @Test func smallTablesAreShownWhole() throws {
    try tokenizer.withCounter { counter in
      let rows = (0..<9).map { #"{"id":\#($0),"name":"some name \#($0)"}"# }
      let table = try table(rows, counter)
      #expect(table.select(20) == nil)
    }
  }

  @Test func nothingIsCutThatFitsOrHardlySaves() throws {
    try tokenizer.withCounter { counter in
      let rows = (0..<40).map { #"{"id":\#($0),"name":"c\#($0 % 5)"}"# }
      let table = try table(rows, counter)
      #expect(table.select(100) == nil)
      // One row is nearly all of the table, and it is an error.
      let long = String(repeating: "many words ", count: 400)
      let heavy = try self.table(rows + [#"{"id":41,"error":"\#(long)"}"#], counter)
      #expect(heavy.select(20) == nil)
    }
  }

  @Test func requestsThatDoNotFitTogetherAreRefused() throws {
    try tokenizer.withCounter { counter in
      let table = try table((0..<20).map { #"{"id":\#($0),"name":"c\#($0 % 5)"}"# }, counter)
      var request = table.request(budget: 10)
      request.rowCosts.removeLast()
      #expect(RowSelection.select(request, pool: table.pool) == nil)
      request = table.request(budget: 10)
      request.rowCount += 1
      #expect(RowSelection.select(request, pool: table.pool) == nil)
      request = table.request(budget: -1)
      #expect(RowSelection.select(request, pool: table.pool) == nil)
    }
  }

  // MARK: Summary

  @Test func theSummaryCountsAllRows() throws {
    try tokenizer.withCounter { counter in
      let rows = (0..<200).map { row in
        let status = row % 50 == 7 ? "failed" : row % 4 == 0 ? "queued" : "ok"
        return #"{"id":\#(row),"latency_ms":\#(row == 99 ? 9120 : 3 + row * 7 % 80),"status":"\#(status)"}"#
      }
      let selection = try #require(try table(rows, counter).select(20))
      #expect(
        String(decoding: selection.summary, as: UTF8.self) == """
          status: ok 146, queued 50, failed 4
          latency_ms: 3-9120, median 41
          """)
    }
  }

  @Test func theSummaryIsEmptyWhereThereIsNothingToSay() throws {
    try tokenizer.withCounter { counter in
      let rows = (0..<50).map { #"{"id":\#($0),"sha":"\#(String(($0 + 7) * 48_271 % 65_537, radix: 16))f00d"}"# }
      let selection = try #require(try table(rows, counter).select(20))
      #expect(selection.summary.isEmpty)
    }
  }
}
