import Foundation
import TestSupport
import Testing

@testable import Headroom

/// What stays of recorded tool results when a quarter or a tenth of the tokens may.
@Suite(.enabled(if: RecordedData.isPresent, "recorded data absent"))
struct RowSelectionWorkloadTests {
  private struct Needles: Decodable {
    var question: String
    var needles: [String]
  }

  /// The question of a workload, and the tables in its tool results with the needles that stand in them.
  private func tables(_ name: String, _ counter: TokenCounter) throws -> (
    question: String, tables: [(table: SampleTable, needles: [String])]
  ) {
    let needles = try JSONDecoder().decode(
      Needles.self, from: Data(RecordedData.bytes("workloads/\(name).needles.json")))
    let body = try JSONDocument(RecordedData.bytes("workloads/\(name).json"))
    var found: [(table: SampleTable, needles: [String])] = []
    for node in body.nodes.indices where body.nodes[node].kind == .string && body.nodes[node].range.count > 2_000 {
      for table in SampleTable.all(in: JSONValue(document: body, index: node).text ?? [], fewestRows: 10, counter) {
        found.append((table, needles.needles.filter { needle in table.rows.contains { holds(table, $0, needle) } }))
      }
    }
    return (needles.question, found)
  }

  private func holds(_ table: SampleTable, _ node: Int, _ needle: String) -> Bool {
    let document = table.pool.document
    return Data(document.bytes[document.nodes[node].range]).range(of: Data(needle.utf8)) != nil
  }

  /// The needles that no kept row has; nil when nothing is cut.
  private func lost(_ table: SampleTable, _ needles: [String], _ share: Int, _ query: String?) -> [String]? {
    guard let selection = table.select(share, query: query) else { return nil }
    return needles.filter { needle in !selection.kept.contains { holds(table, table.rows[$0], needle) } }
  }

  /// Error messages and anomalous values stay, whether the question is known or not.
  @Test(arguments: [
    "headline/sre_incident_debugging", "headline/needle_in_haystack_logs_100", "headline/codebase_exploration",
    "headline/github_issue_triage",
  ])
  func needlesStayWithAndWithoutTheQuestion(_ name: String) throws {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let (question, tables) = try tables(name, counter)
      #expect(!tables.isEmpty)
      for (table, needles) in tables {
        for share in [25, 10] {
          #expect(lost(table, needles, share, question) == [])
          #expect(lost(table, needles, share, nil) == [])
        }
      }
    }
  }

  /// What only the question tells apart stays when it is known.
  @Test(arguments: [
    ("headline/code_search_100", 25), ("code_search_100", 10), ("github_issue_triage", 25), ("lint_triage", 25),
    ("vulnerability_scan", 25),
  ])
  func needlesStayWithTheQuestion(_ name: String, _ share: Int) throws {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let (question, tables) = try tables(name, counter)
      #expect(!tables.isEmpty)
      for (table, needles) in tables { #expect(lost(table, needles, share, question) == []) }
    }
  }

  /// The largest totals stay; the e-mail addresses that belong to them stand in another table, where nothing marks them.
  @Test func theLargestInvoicesStay() throws {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let (question, tables) = try tables("db_rows_invoices", counter)
      let (invoices, needles) = try #require(tables.first)
      for share in [25, 10] {
        #expect(lost(invoices, needles, share, question) == [])
        #expect(lost(invoices, needles, share, nil) == [])
      }
    }
  }
}
