import TestSupport
import Testing

@testable import Headroom

@Suite struct RelevanceTests {
  /// Twenty lines about nothing in particular, each different.
  private let filler = (0..<20).map { "level=info worker \($0) finished batch in \($0 * 7 % 13) seconds" }

  @Test func aRareWordOutranksACommonOne() {
    var rows = filler
    for index in 0..<5 { rows[index] += " retry" }
    rows[11] += " deadlock"
    let scores = scores(of: rows, to: "retry deadlock")
    #expect(scores[11] == Relevance.best)
    #expect((0..<5).allSatisfy { scores[$0] > 0 && scores[$0] < scores[11] })
    #expect(scores[7] == 0)
  }

  @Test func stopWordsMatchNothing() {
    let rows = filler + ["the value of this is what you get"]
    #expect(scores(of: rows, to: "what is the value of this").allSatisfy { $0 == 0 })
    #expect(Query(Array("what is the value of this?".utf8)).isEmpty)
  }

  @Test func aWordOfEveryRowSaysNothing() {
    #expect(scores(of: filler, to: "worker batch").allSatisfy { $0 == 0 })
    #expect(scores(of: filler, to: "worker batch", keepsCommonTerms: true).allSatisfy { $0 > 0 })
  }

  @Test(arguments: [
    ("userId", "lookup of user_id failed"), ("user_id", "lookup of userId failed"),
    ("USER_ID", "lookup of userid failed"),
    ("max-retries", "set maxRetries first"), ("connection refused", "Connections were refusing"),
    ("main.py", "at /srv/app/main.py:12 in run"),
    ("3f2a9bc", "commit 3f2a9bc1d04e55aa61be53f37a1dc8e3a2b7c9d0 broke it"),
    ("3f2a9bc1d04e55aa61be53f37a1dc8e3a2b7c9d0", "see 3f2a9bc1 for that"), ("4711", "order=4711 refused"),
    ("größe", "Die GRÖSSE heißt GRÖßE"), ("日本語", "これは日本語です"), ("v1.25.3", "image registry:1.25 and v1.25.3"),
  ])
  func spellingsOfOneThingMeet(query: String, row: String) {
    var rows = filler
    rows[13] = row
    let relevance = relevance(of: rows, to: query)
    #expect(relevance.scores[13] == Relevance.best)
    #expect(relevance.relevant.indices.filter { relevance.relevant[$0] } == [13])
  }

  @Test func theExactNameOutranksItsParts() {
    var rows = filler
    rows[3] = "pool of user stores, a user, another user and their pools"
    rows[9] = "UserPool exhausted"
    let scores = scores(of: rows, to: "why is UserPool exhausted?")
    #expect(scores[3] > 0 && scores[9] * 2 > scores[3] * 3)
  }

  @Test(arguments: [
    ("authentication", "could not authenticate root"), ("configuration", "bad config file"),
    ("exception", "request failed"),
    ("delete the database", "drop the db now"), ("timeouts", "deadline reached"),
  ])
  func similarWordsCountWhereTheWordIsMissing(query: String, row: String) {
    var rows = filler
    rows[4] = row
    let relevance = relevance(of: rows, to: query)
    #expect(relevance.scores.firstIndex(of: relevance.scores.max()!) == 4)
    #expect(relevance.relevant[4])
  }

  @Test func theWordItselfOutranksASimilarOne() {
    var rows = filler
    rows[4] = "could not authenticate root"
    rows[8] = "the authentication of root"
    let scores = scores(of: rows, to: "authentication")
    #expect(scores[8] == Relevance.best && scores[4] > 0 && scores[4] <= Relevance.best * 3 / 4)
  }

  @Test func unrelatedWordsAreNotSimilar() {
    let rows = filler + ["catalog of parts", "astronomy report", "imported goods"]
    #expect(relevance(of: rows, to: "dialog port export astro").relevant.allSatisfy { !$0 })
  }

  @Test func aQueryThatMatchesTooManyRowsSelectsNone() {
    var rows = filler
    for index in 0..<5 { rows[index * 4] += " refund" }
    #expect(relevance(of: rows, to: "refund").relevant.count(where: { $0 }) == 5)
    rows[1] += " refund"
    #expect(relevance(of: rows, to: "refund").relevant.allSatisfy { !$0 })
  }

  @Test func tinyTextsCanBeSearched() {
    #expect(scores(of: ["needle"], to: "needle") == [Relevance.best])
    #expect(relevance(of: ["one hay", "needle", "more hay"], to: "needle").relevant == [false, true, false])
    #expect(scores(of: [], to: "needle").isEmpty)
  }

  @Test func severalTextsAddUpToOneQuery() {
    var rows = filler
    rows[2] = "alpha particle"
    rows[5] = "omega particle"
    var query = Query(Array("alpha omega".utf8))
    query.add(Array("omega".utf8), weight: 2)
    let scores = relevance(of: rows, to: query).scores
    #expect(scores[5] > scores[2] && scores[2] > 0)
  }

  @Test func segmentsOfSeveralRangesAreReadAsOne() {
    let text = Array("needle|hay|hay needle|hay".utf8)
    var segments = Segments()
    segments.append([0..<6, 7..<10])
    segments.append([11..<14])
    segments.append([22..<25])
    let scores = text.withUnsafeBufferPointer {
      Relevance(of: segments, in: $0, to: Query(Array("needle".utf8))).scores
    }
    #expect(scores == [Relevance.best, 0, 0])
  }

  @Test func theSameBytesGiveTheSameScores() {
    var generator = SeededGenerator(seed: 23)
    let words = "alpha beta gamma delta error failed userId 4711 pool.swift timeout".split(separator: " ")
    let rows = (0..<500).map { _ in
      (0..<8).map { _ in
        String(words.randomElement(using: &generator)!) + String(UInt8.random(in: 0...40, using: &generator))
      }
      .joined(separator: " ")
    }
    let query = "why did userId7 fail with error12 in pool.swift3 after the timeout?"
    let first = scores(of: rows, to: query)
    #expect(first.contains { $0 > 0 })
    #expect(first == scores(of: rows, to: query))
    // A known sum, so that a change of the scores between releases or machines does not pass unnoticed.
    #expect(first.reduce(0, +) == 22526)
  }

  private func relevance(of rows: [String], to query: Query, keepsCommonTerms: Bool = false) -> Relevance {
    let text = Array(rows.joined(separator: "\n").utf8)
    var start = 0
    let ranges = rows.map { row in
      defer { start += row.utf8.count + 1 }
      return start..<start + row.utf8.count
    }
    return text.withUnsafeBufferPointer {
      Relevance(of: Segments(ranges), in: $0, to: query, keepsCommonTerms: keepsCommonTerms)
    }
  }

  private func relevance(of rows: [String], to query: String) -> Relevance {
    relevance(of: rows, to: Query(Array(query.utf8)))
  }

  private func scores(of rows: [String], to query: String, keepsCommonTerms: Bool = false) -> [Int] {
    relevance(of: rows, to: Query(Array(query.utf8)), keepsCommonTerms: keepsCommonTerms).scores
  }
}
