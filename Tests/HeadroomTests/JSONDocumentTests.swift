import Foundation
import TestSupport
import Testing

@testable import Headroom

@Suite struct JSONDocumentTests {
  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func acceptsAndRejectsAsJSONTestSuiteSays() throws {
    let files = RecordedData.files(below: "json/JSONTestSuite").filter { $0.pathExtension == "json" }
    #expect(files.count > 200)
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: file))
      let isJSON = (try? JSONDocument(bytes)) != nil
      switch file.lastPathComponent.prefix(2) {
      case "y_": #expect(isJSON, "\(file.lastPathComponent) must be accepted")
      case "n_": #expect(!isJSON, "\(file.lastPathComponent) must be rejected")
      default: break  // the suite leaves these open; they must only not crash
      }
    }
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func agreesWithFoundationOnRecordedFiles() throws {
    for file in RecordedData.files(below: "json", extensions: ["json"]) where !file.path.contains("JSONTestSuite") {
      let data = try Data(contentsOf: file)
      guard let expected = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) else { continue }
      let document = try JSONDocument([UInt8](data))
      let minified = document.minified().bytes
      let reread = try JSONSerialization.jsonObject(with: Data(minified), options: .fragmentsAllowed)
      #expect(same(expected, reread), "\(file.lastPathComponent)")
    }
  }

  @Test func agreesWithFoundationOnGeneratedValues() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<2_000 {
      let text = JSONGenerator.text(using: &generator)
      let document = try JSONDocument(text)
      let minified = document.minified()
      let expected = try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
      let actual = try JSONSerialization.jsonObject(with: Data(minified.bytes), options: .fragmentsAllowed)
      #expect(same(expected, actual), "\(String(decoding: text, as: UTF8.self))")
      // The spans of the minified document are those a fresh parse finds.
      let fresh = try JSONDocument(minified.bytes)
      #expect(fresh.nodes.count == minified.nodes.count)
      #expect(
        zip(fresh.nodes, minified.nodes).allSatisfy { $0.range == $1.range && $0.kind == $1.kind && $0.next == $1.next }
      )
      #expect(minified.isEqual(to: minified))
    }
  }

  @Test func neverCrashesOnDamagedText() {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<20_000 {
      var text = JSONGenerator.text(using: &generator)
      for _ in 0..<Int.random(in: 1...3, using: &generator) where !text.isEmpty {
        let at = Int.random(in: text.indices, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: text[at] = UInt8.random(in: 0...255, using: &generator)
        case 1: text.remove(at: at)
        default: text.removeSubrange(at...)
        }
      }
      // Foundation refuses a surrogate without its partner, which RFC 8259 allows.
      if (try? JSONDocument(text)) != nil, !String(decoding: text, as: UTF8.self).contains("\\u") {
        #expect((try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil)
      }
    }
  }

  @Test func spansCoverTheOriginalLexemes() throws {
    let text = Array(#" { "a" : [ 1.0 , -0e+2 , "\u00e9é" ] , "a" : 12345678901234567890 , "" : { } } "#.utf8)
    let document = try JSONDocument(text)
    let members = document.root.members
    #expect(members.map { Array($0.key.lexeme) } == ["\"a\"", "\"a\"", "\"\""].map { Array($0.utf8) })
    let array = members[0].value.elements.map { String(decoding: $0.lexeme, as: UTF8.self) }
    #expect(array == ["1.0", "-0e+2", #""\u00e9é""#])
    #expect(document.root["a"]?.kind == .number)
    #expect(members[0].value.elements[2].text == Array("éé".utf8))
  }

  @Test func depthAndSizeAreBounded() {
    let nested = [UInt8](repeating: UInt8(ascii: "["), count: 600) + [UInt8](repeating: UInt8(ascii: "]"), count: 600)
    #expect(throws: JSONError.self) { try JSONDocument(nested) }
    #expect((try? JSONDocument(nested, limits: .init(depth: 600))) != nil)
    #expect(throws: JSONError.self) { try JSONDocument(nested, limits: .init(depth: 600, size: 1_199)) }
    let endless = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONError.self) { try JSONDocument(endless, limits: .init(depth: .max)) }
  }

  @Test func aPrefixEndsWhereItsValueEnds() throws {
    let text = Array(#"found: {"a":"}"} and more"#.utf8)
    let (document, end) = try JSONDocument.prefix(of: text, at: 7)
    #expect(end == 16)
    #expect(document.root["a"]?.text == Array("}".utf8))
  }

  @Test func equalityIsByValueNotByOrder() throws {
    func document(_ text: String) throws -> JSONDocument { try JSONDocument(Array(text.utf8)).minified() }
    #expect(try document(#"{"a":1,"b":[2,{"c":3,"d":4}]}"#).isEqual(to: document(#"{"b":[2,{"d":4,"c":3}],"a":1}"#)))
    #expect(try document(#"["\u0041"]"#).isEqual(to: document(#"["A"]"#)))
    #expect(try !document("[1]").isEqual(to: document("[1.0]")))
    #expect(try !document("[1]").isEqual(to: document("[true]")))
    #expect(try !document("[1,2]").isEqual(to: document("[2,1]")))
    #expect(try !document(#"{"a":null}"#).isEqual(to: document("{}")))
    #expect(try !document(#"{"a":1,"a":2}"#).isEqual(to: document(#"{"a":2}"#)))
  }

  @Test func stylesReproduceTheirText() throws {
    let value = #"{"a":[1,[],{},[[2]]],"b":{"c":"d","e":[{"f":null},{"g":1}]}}"#
    let minified = try JSONDocument(Array(value.utf8))
    for style in [JSONStyle.compact, .spaced, .indented(1), .indented(2), .indented(4), .indented(-1)] {
      let text = style.render(minified)
      let document = try JSONDocument(text)
      #expect(JSONStyle(guessing: document) == style, "\(style)")
      #expect(document.minified().bytes == minified.bytes)
    }
    let nested = JSONStyle.indented(2).render(try JSONDocument(Array("[[],[1]]".utf8)))
    #expect(String(decoding: nested, as: UTF8.self) == "[\n  [],\n  [\n    1\n  ]\n]")
  }

  private func same(_ a: Any, _ b: Any) -> Bool { NSArray(object: a).isEqual(NSArray(object: b)) }
}
