import TestSupport
import Testing

@testable import Headroom

/// Damaged requests: never a crash, and whatever is accepted comes back as it was.
@Suite struct RequestFuzzTests {
  @Test func damagedBytes() {
    var generator = SeededGenerator(seed: 21)
    for body in WireBody.allCases {
      let bytes = body.bytes
      for _ in 0..<300 {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !damaged.isEmpty {
          let at = Int.random(in: damaged.indices, using: &generator)
          let end = min(damaged.count, at + Int.random(in: 1...80, using: &generator))
          switch Int.random(in: 0..<5, using: &generator) {
          case 0: damaged[at] = UInt8.random(in: 0...255, using: &generator)
          case 1: damaged.removeSubrange(at..<end)
          case 2: damaged.insert(contentsOf: damaged[at..<end], at: at)
          case 3: damaged.insert(UInt8(ascii: "\\"), at: at)
          default: if at % 8 == 0 { damaged.removeSubrange(at...) }
          }
        }
        check(damaged, body)
      }
    }
  }

  /// Values put where others were: all of it is JSON, and none of it what a request says it should be.
  @Test func valuesOfTheWrongKind() throws {
    let values = [
      "null", "true", "0", "\"\"", "\"user\"", "\"assistant\"", "\"tool_result\"", "\"\\ud800\"", "[]", "{}", "[[]]",
      "[\"a\"]",
      #"{"type":"text","text":"t"}"#, #"[{"type":"text","text":"t"}]"#, #"{"role":"tool","content":"c"}"#,
      #"{"a":1,"a":2}"#,
    ]
    var generator = SeededGenerator(seed: 22)
    var accepted = 0
    for body in WireBody.allCases {
      let document = try JSONDocument(body.bytes)
      for _ in 0..<500 {
        let at = Int.random(in: 1..<document.nodes.count, using: &generator)
        let value = Array(values.randomElement(using: &generator)!.utf8)
        let changed = document.bytes.applying([Splice(range: document.nodes[at].range, replacement: value)])
        if check(changed, body) { accepted += 1 }
      }
    }
    #expect(accepted > 1_000)
  }

  @discardableResult
  private func check(_ bytes: [UInt8], _ name: WireBody) -> Bool {
    guard let body = RequestBody(bytes) else { return false }
    let isIdentical = body.replacing([:]) == bytes
    #expect(isIdentical, "\(name)")
    var end = 0
    var replacements: [Int: [UInt8]] = [:]
    for (index, block) in body.blocks.enumerated() {
      #expect(block.range.lowerBound >= end && block.range.upperBound <= bytes.count, "\(name) \(block.path)")
      end = block.range.upperBound
      _ = body.hint(of: index)
      if body.payload(of: index) != nil { replacements[index] = Array("\(index)\n".utf8) }
    }
    let forwarded = try? JSONDocument(body.replacing(replacements))
    #expect(forwarded?.nodes.count == body.document.nodes.count, "\(name)")
    return true
  }
}
