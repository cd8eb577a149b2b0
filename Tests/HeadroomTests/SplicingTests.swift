import Foundation
import TestSupport
import Testing

@testable import Headroom

/// Replacing payloads: any text into any subset of the blocks, all other bytes as they were.
@Suite struct SplicingTests {
  @Test func anyTextIntoAnyBlocks() throws {
    var generator = SeededGenerator(seed: 11)
    for body in WireBody.allCases {
      let request = try #require(RequestBody(body.bytes))
      for _ in 0..<200 { try check(request, "\(body)", &generator) }
    }
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func anyTextIntoRecordedRequests() throws {
    var generator = SeededGenerator(seed: 12)
    for file in RecordedData.files(below: "workloads", extensions: ["json"]) {
      guard let body = RequestBody([UInt8](try Data(contentsOf: file))), !body.blocks.isEmpty else { continue }
      try check(body, file.lastPathComponent, &generator)
    }
  }

  @Test func replacementsAreEscapedAsLittleAsJSONAllows() throws {
    let body = try #require(RequestBody(Array(#"[{"role":"tool","content":"caf\u00e9 \/"}]"#.utf8)))
    #expect(body.payload(of: 0) == Array("café /".utf8))
    let replaced = body.replacing([0: Array("é/\"\\\n\u{1}\u{7f}\u{feff}😀".utf8)])
    #expect(
      String(decoding: replaced, as: UTF8.self) == #"[{"role":"tool","content":"é/\"\\\n\u0001\#u{7f}\#u{feff}😀"}]"#)
  }

  @Test func whatIsNotUTF8IsNotSpliced() throws {
    let bytes = Array(#"[{"role":"tool","content":"one"},{"role":"tool","content":"two"}]"#.utf8)
    let body = try #require(RequestBody(bytes))
    #expect(body.replacing([0: [0xe2, 0x82]]) == bytes)
    let second = body.replacing([0: [0xff], 1: Array("2".utf8)])
    #expect(
      String(decoding: second, as: UTF8.self) == #"[{"role":"tool","content":"one"},{"role":"tool","content":"2"}]"#)
  }

  private func check(_ body: RequestBody, _ name: String, _ generator: inout SeededGenerator) throws {
    var replacements: [Int: [UInt8]] = [:]
    for index in body.blocks.indices where Bool.random(using: &generator) {
      replacements[index] = Self.text(&generator)
    }
    let client = body.document.bytes
    let forwarded = body.replacing(replacements)
    #expect(try JSONDocument(forwarded).nodes.count == body.document.nodes.count, "\(name)")

    // Walk both: outside the spans byte for byte, inside them what was asked for, as Foundation reads it.
    var sent = 0
    var read = 0
    for (index, block) in body.blocks.enumerated() {
      let before = client[sent..<block.range.lowerBound]
      try #require(forwarded.count >= read + before.count)
      let isIdentical = forwarded[read..<read + before.count] == before
      #expect(isIdentical, "\(name) before \(block.path)")
      read += before.count
      let end = try JSONDocument.prefix(of: forwarded, at: read).end
      let lexeme = forwarded[read..<end]
      if let text = replacements[index] {
        let value = try JSONSerialization.jsonObject(with: Data(lexeme), options: .fragmentsAllowed) as? String
        #expect(value.map { Array($0.utf8) } == text, "\(name) \(block.path)")
      } else {
        let isIdentical = lexeme == client[block.range]
        #expect(isIdentical, "\(name) \(block.path)")
      }
      sent = block.range.upperBound
      read = end
    }
    let isIdentical = forwarded[read...] == client[sent...]
    #expect(isIdentical, "\(name) at the end")
  }

  /// No byte order mark: Foundation loses it when it reads a string back.
  private static let pieces = [
    "\"", "\\", "/", "\n", "\r\n", "\t", "\u{0}", "\u{1f}", "\u{7f}", "\u{2028}", "é", "日本", "😀", "👩‍👩‍👧", "</script>",
    "\\u0041", "{}", "],",
    "a", "word ", "\u{fffd}", "[3 of 9 lines stored #k3m9qz]\n",
  ]

  private static func text(_ generator: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 0...12, using: &generator)).flatMap { _ in Array(pieces.randomElement(using: &generator)!.utf8)
    }
  }
}
