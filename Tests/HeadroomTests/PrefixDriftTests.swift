import TestSupport
import Testing

@testable import Headroom

/// What changes before a conversation, where, and what that costs.
@Suite struct PrefixDriftTests {
  private func body(_ system: String, tools: String = "[]", turns: Int = 1) -> [UInt8] {
    let quoted = GeneratedConversation.quoted(system)
    let more = (0..<turns - 1).map {
      #",{"role":"assistant","content":"a \#($0)"},{"role":"user","content":"b \#($0)"}"#
    }
    return Array(
      #"{"tools":\#(tools),"system":[{"type":"text","text":"Be exact."},{"type":"text","text":\#(quoted),"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"go"}\#(more.joined())]}"#
        .utf8)
  }

  private func drift(_ old: String, _ new: String) -> PrefixDrift? {
    PrefixDrift.compare(previous: body(old), current: body(new, turns: 2), model: "claude-opus-4-5")
  }

  @Test(arguments: [
    ("2025-11-28", "2025-11-29", VolatileKind.date), ("Friday, November 28, 2025", "Friday, November 29, 2025", .date),
    ("28 Nov 2025", "1 Dec 2025", .date), ("11/28/2025", "11/29/2025", .date),
    ("10:22:31", "10:22:35", .time), ("2025-11-28T10:22:31Z", "2025-11-28T10:23:00Z", .time),
    ("0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d", "1b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d", .uuid),
    ("sk7f3a9b2c4d1e", "sk8e2b1c9d4f7a", .token), ("/tmp/run-81/log", "/tmp/run-82/log", .path), ("17", "18", .number),
    ("main", "feature", .text),
  ])
  func aChangeIsFoundAndNamed(_ old: String, _ new: String, _ kind: VolatileKind) throws {
    let text = "You help. The value is VALUE.\nIt is \"quoted\" and näive.\nThe rest stays."
    let drift = try #require(self.drift(text.replacing("VALUE", with: old), text.replacing("VALUE", with: new)))
    let current = body(text.replacing("VALUE", with: new), turns: 2)
    for span in drift.spans {
      #expect(span.path == "system[1].text" && span.kind == kind, "\(span)")
      // The spans lie inside of the value.
      let value = try #require(
        String(decoding: current, as: UTF8.self).range(of: new).map {
          String(decoding: current, as: UTF8.self).utf8.distance(
            from: String(decoding: current, as: UTF8.self).startIndex, to: $0.lowerBound)
        })
      #expect(span.offset >= value && span.offset + span.newLength <= value + new.utf8.count)
    }
    #expect(drift.tokensRewritten > 0 && drift.cost == (drift.tokensRewritten * 575 + 50) / 100)
  }

  @Test func nothingChangedIsNoDrift() {
    #expect(drift("It is 10:22.", "It is 10:22.") == nil)
    #expect(PrefixDrift.compare(previous: Array("x".utf8), current: body("a"), model: "gpt-4o") == nil)
    // A line that the provider takes out itself.
    #expect(drift("x-anthropic-billing-header: cch=a1b2;", "x-anthropic-billing-header: cch=c3d4;") == nil)
  }

  @Test func severalChangesAreSeparate() throws {
    let spans = try #require(
      drift("At 10:22 on 2025-11-28, run 17 of main.", "At 10:23 on 2025-11-29, run 18 of main.")
    ).spans
    #expect(spans.map(\.kind) == [.time, .date, .number])
    #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.offset + $0.newLength < $1.offset })
    let grown = try #require(drift("Files: a.py, b.py. It is 10:22.", "Files: a.py, b.py, c.py, d.py. It is 10:23."))
      .spans
    #expect(grown.count == 2 && grown[0].oldLength < grown[0].newLength && grown[1].kind == .time)
  }

  @Test func toolsComeBeforeInstructions() throws {
    let tools = (1...2).map { #"[{"name":"f","description":"version \#($0)","input_schema":{}}]"# }
    let drift = try #require(
      PrefixDrift.compare(
        previous: body("It is 10:22.", tools: tools[0]), current: body("It is 10:23.", tools: tools[1]),
        model: "claude-opus-4-5"))
    #expect(drift.spans.map(\.kind) == [.tools, .time])
    let later = try #require(self.drift("It is 10:22.", "It is 10:23."))
    #expect(drift.tokensRewritten > later.tokensRewritten)
  }

  @Test func partsThatComeAndGo() throws {
    let two = Array(
      #"{"system":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"messages":[{"role":"user","content":"go"}]}"#
        .utf8)
    let one = Array(#"{"system":[{"type":"text","text":"a"}],"messages":[{"role":"user","content":"go"}]}"#.utf8)
    let gone = try #require(PrefixDrift.compare(previous: two, current: one, model: "claude-opus-4-5"))
    #expect(gone.spans.map(\.newLength) == [0] && gone.spans[0].oldLength == 1)
    let come = try #require(PrefixDrift.compare(previous: one, current: two, model: "claude-opus-4-5"))
    #expect(come.spans.map(\.oldLength) == [0])
    // Instructions as messages are instructions.
    let chat = ["10:22", "10:23"].map {
      Array(
        #"{"model":"gpt-4o","messages":[{"role":"system","content":"It is \#($0)."},{"role":"user","content":"go"}]}"#
          .utf8)
    }
    #expect(PrefixDrift.compare(previous: chat[0], current: chat[1], model: "gpt-4o")?.spans.map(\.kind) == [.time])
  }

  /// The parts between the changes are the same in both texts, whatever the texts are.
  @Test func changesAndWhatIsBetweenThemAreTheTexts() {
    var generator = SeededGenerator(seed: 7)
    let words = ["a", "b", "10:22", "x-y", " ", "  ", ", ", "\\n", "\\u00e9", "é", "/tmp/q", "2025-11-28", "\\"]
    func text() -> [UInt8] {
      (0..<Int.random(in: 0...14, using: &generator)).flatMap { _ in Array(words.randomElement(using: &generator)!.utf8)
      }
    }
    for _ in 0..<3_000 {
      let (old, new) = (text(), text())
      var (i, j) = (0, 0)
      for change in TextChanges.between(old, new, isText: true) {
        #expect(old[i..<change.old.lowerBound] == new[j..<change.new.lowerBound])
        (i, j) = (change.old.upperBound, change.new.upperBound)
      }
      #expect(old[i...].elementsEqual(new[j...]))
    }
  }

  @Test func wordsAreTheText() {
    for text in ["", "\\", "\\u00", "a\\nb", "2025-11-28T10:22:31+01:00.", "x--y", "…/tmp/a b", "ä ö"] {
      let words = VolatileText.words(Array(text.utf8)[...])
      #expect(words.map(\.range).reduce(0) { $1.lowerBound == $0 ? $1.upperBound : -1 } == text.utf8.count)
    }
  }
}

extension String {
  fileprivate func range(of part: String) -> Range<String.Index>? { firstRange(of: part) }
}
