import Foundation
import TestSupport
import Testing

@testable import Headroom

/// What a user of the library relies on, whatever encoders do.
@Suite struct CompressTests {
  // MARK: Requests to work on

  /// Log entries as a search tool returns them, one of them an error.
  private static func logEntries(_ count: Int, errorAt: Int) -> String {
    var generator = SeededGenerator(seed: 9)
    let services = ["api-gateway", "auth", "billing"]
    let entries = (0..<count).map { row -> String in
      let isError = row == errorAt
      let message =
        isError
        ? "Connection pool exhausted: PG-5523"
        : "Request \(Int.random(in: 0..<90_000, using: &generator)) took \(Int.random(in: 1..<99, using: &generator)) ms"
      return
        #"{"ts": "2026-03-01T10:00:\#(row % 50 + 10)Z", "level": "\#(isError ? "ERROR" : "INFO")", "service": "\#(services.randomElement(using: &generator)!)", "message": "\#(message)"}"#
    }
    return "[\(entries.joined(separator: ", "))]"
  }

  private static func quoted(_ text: String) -> String {
    String(decoding: JSONString.quoted(Array(text.utf8)), as: UTF8.self)
  }

  private static func chat(_ content: String, question: String = "What is wrong?") -> String {
    """
    {"model":"gpt-4o","temperature":1.0,"messages":[{"role":"user","content":\(quoted(question))},
     {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"search_logs","arguments":"{\\"q\\": \\"error\\"}"}}]},
     {"role":"tool","tool_call_id":"call_1","content":\(quoted(content))}]}
    """
  }

  private static func anthropic(
    _ content: String, isError: Bool = false, tool: String = "search_logs", input: String = "{}"
  ) -> String {
    """
    {"model":"claude-sonnet-4-5","max_tokens":10,"messages":[{"role":"user","content":"What is wrong?"},
     {"role":"assistant","content":[{"type":"thinking","thinking":"…","signature":"c2ln"},{"type":"tool_use","id":"t1","name":"\(tool)","input":\(input)}]},
     {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1",\(isError ? "\"is_error\":true," : "")"content":\(quoted(content)),"cache_control":{"type":"ephemeral"}}]}]}
    """
  }

  private func payload(_ body: [UInt8]) throws -> [UInt8] {
    let request = try #require(RequestBody(body))
    return try #require(request.payload(of: 0))
  }

  // MARK: The library

  /// The example of the README.
  @Test func twoLines() {
    let body = Self.chat(Self.logEntries(200, errorAt: 120))
    let result = compress(body, model: "gpt-4o")
    #expect(result.tokensAfter * 2 < result.tokensBefore)
    #expect(result.body.count < body.utf8.count)
    #expect(result.passedThrough == nil)
    #expect(result.blocks.map(\.path) == ["messages[2].content"])
    #expect(result.isExact == Tokenizer(model: "gpt-4o").isExact)
  }

  @Test func onlyThePayloadChanges() throws {
    let body = Array(Self.anthropic(Self.logEntries(100, errorAt: 3)).utf8)
    let result = compress(body)
    let before = try #require(RequestBody(body)?.blocks.first?.range)
    let after = try #require(RequestBody(result.body)?.blocks.first?.range)
    #expect(body[..<before.lowerBound] == result.body[..<after.lowerBound])
    #expect(Array(body[before.upperBound...]) == Array(result.body[after.upperBound...]))
    #expect(before.count > after.count)
  }

  @Test func expandGivesTheValuesBack() throws {
    for entries in [Self.logEntries(60, errorAt: 2), #"{"total": 3, "hits": \#(Self.logEntries(40, errorAt: 0))}"#] {
      for body in [Self.chat(entries), Self.anthropic(entries)] {
        let result = compress(body, options: Options(level: .lossless))
        #expect(result.passedThrough == nil)
        let back = try JSONDocument(payload(expand(result.body)))
        #expect(try back.minified().isEqual(to: JSONDocument(Array(entries.utf8)).minified()))
      }
    }
  }

  @Test func parallelAndSerialAgree() async {
    let results = (0..<12).map { index in
      #"{"role":"tool","tool_call_id":"c\#(index)","content":\#(Self.quoted(Self.logEntries(40 + index, errorAt: index)))}"#
    }
    let body = Array(
      #"{"model":"gpt-4o","messages":[{"role":"user","content":"x"},\#(results.joined(separator: ","))]}"#.utf8)
    let options = Options(store: MemoryStore())
    let serial = compressSerially(body, options)
    let parallel = await compress(body, options: options)
    #expect(serial.body == parallel.body)
    #expect(serial.blocks.count == 12)
  }

  /// Outside `async` code the call without `await` is the serial one.
  private func compressSerially(_ body: [UInt8], _ options: Options) -> CompressionResult {
    compress(body, options: options)
  }

  @Test func modesDifferInWhatTheySendAndStore() throws {
    let body = Array(Self.chat(Self.logEntries(400, errorAt: 120)).utf8)
    let store = MemoryStore()
    let audit = compress(body, options: Options(mode: .audit, store: store))
    #expect(audit.body == body)
    #expect(audit.passedThrough == .audit)
    let handle = try #require(audit.blocks[0].handle)
    #expect(throws: StoreError.self) { try store.original(handle) }

    let simulated = compress(body, options: Options(mode: .simulate, store: store))
    #expect(throws: StoreError.self) { try store.original(handle) }
    let optimized = compress(body, options: Options(store: store))
    #expect(try store.original(handle) == payload(body))
    #expect(simulated.body == optimized.body)
    #expect(audit.tokensAfter == optimized.tokensAfter)
  }

  @Test func theCountIsOfWhatIsSent() throws {
    let result = compress(Self.chat(Self.logEntries(200, errorAt: 120)), options: Options(store: MemoryStore()))
    #expect(try Tokenizer(model: "gpt-4o").count(payload(result.body)) == result.tokensAfter)
  }

  // MARK: Never worse, never changed without gain

  @Test(arguments: [
    "", "ok", "{}", "[]", "null", "not json at all", #"{"a": 1, "b": [2, 3]}"#, "[json table, 2 lines]\n1 rows: a\n1",
    "[942 of 1000 rows stored #k3m9qz]", "<<ccr:4602b7b73182 10_rows_offloaded>>", "\u{FEFF}{}", "a\r\nb\r\n",
    "<|endoftext|>", "\u{0}\u{1}", #"[{"a":"\ud800"}]"#,
  ])
  func whatGainsNothingStaysByteForByte(content: String) {
    for body in [Self.chat(content), Self.anthropic(content)] {
      let result = compress(body, options: Options(level: .aggressive, store: MemoryStore()))
      #expect(result.body == Array(body.utf8))
      #expect(result.passedThrough == .nothingSaved)
      #expect(result.tokensBefore == result.tokensAfter)
    }
    let text = compress(content)
    #expect(text.body == Array(content.utf8))
  }

  @Test func generatedResultsAreNeverLongerAndAlwaysComeBack() throws {
    let tokenizer = Tokenizer(model: "gpt-4o")
    var generator = SeededGenerator(seed: 10)
    var shortened = 0
    for _ in 0..<400 {
      let content = RecordGenerator.text(using: &generator)
      let result = compress(content, options: Options(level: .lossless))
      #expect(result.tokensAfter <= result.tokensBefore)
      #expect(result.tokensAfter == tokenizer.count(result.body))
      guard result.passedThrough == nil else { continue }
      shortened += 1
      let back = try JSONDocument(expand(result.body)).minified()
      #expect(try back.isEqual(to: JSONDocument(content).minified()))
      if result.blocks[0].fidelity == .identical { #expect(expand(result.body) == content) }
    }
    #expect(shortened > 200)
  }

  @Test func theSameInputGivesTheSameBytes() {
    let body = Array(Self.chat(Self.logEntries(300, errorAt: 7)).utf8)
    let bodies = (0..<20).map { _ in compress(body, options: Options(store: MemoryStore())).body }
    #expect(Set(bodies).count == 1)
  }

  @Test(.timeLimit(.minutes(15))) func hostileInputGoesThrough() {
    let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    let line = String(repeating: "x", count: 1_000_000)
    let opens = String(repeating: "[\n", count: 100_000)
    for content in [deep, line, opens, String(repeating: "{\"a\":", count: 5_000)] {
      #expect(expand(compress(content).body) == Array(content.utf8))
    }
    let invalid: [UInt8] = Array("[{\"a\":\"".utf8) + [0xff, 0xfe, 0xc3] + Array("\"}]".utf8)
    #expect(compress(invalid).body == invalid)
    let wide = "[" + (0..<3_000).map { "{\"k\($0)\":\($0)}" }.joined(separator: ",") + "]"
    #expect(compress(wide).tokensAfter <= compress(wide).tokensBefore)
  }

  // MARK: What is cut

  @Test func cutsAreMarkedAtTheirPlaceAndComeBack() throws {
    let entries = Self.logEntries(400, errorAt: 250)
    let store = MemoryStore()
    let result = compress(Self.chat(entries), options: Options(store: store, retrieval: .shell))
    let record = result.blocks[0]
    #expect(record.fidelity == .lossy)
    let handle = try #require(record.handle)
    #expect(try store.original(handle) == Array(entries.utf8))
    let shown = try String(decoding: payload(result.body), as: UTF8.self)

    // One marker names the handle and the way; rows in view and gaps cover the table exactly.
    let lines = shown.split(separator: "\n").map(String.init)
    #expect(
      lines.filter { $0.contains("rows stored \(handle): headroom retrieve \(handle.name) --rows A-B]") }.count == 1)
    let values = try JSONDocument(expand(result.body).isEmpty ? [] : payload(expand(result.body)))
    let source = try JSONDocument(Array(entries.utf8)).minified().root.elements
    var row = 0
    for element in values.minified().root.elements.dropFirst() {
      guard element.kind == .string else {
        let back = try JSONDocument(Array(element.lexeme))
        #expect(try back.isEqual(to: JSONDocument(Array(source[row].lexeme))))
        row += 1
        continue
      }
      let numbers = String(decoding: element.text ?? [], as: UTF8.self).split(whereSeparator: { !$0.isNumber })
        .compactMap { Int($0) }
      #expect(numbers.first == row + 1)
      row = numbers.last ?? 0
    }
    #expect(row == source.count)
    #expect(expand(Array(result.body), store: store) != expand(Array(result.body)))
    #expect(try payload(expand(result.body, store: store)) == Array(entries.utf8))
  }

  @Test func errorsStayInView() throws {
    for errorAt in [0, 57, 399] {
      let result = compress(
        Self.chat(Self.logEntries(400, errorAt: errorAt)), options: Options(level: .aggressive, store: MemoryStore()))
      #expect(result.blocks[0].fidelity == .lossy)
      #expect(result.text.contains("Connection pool exhausted: PG-5523"))
    }
  }

  @Test func nothingIsCutWhereItMustNotBe() {
    let entries = Self.logEntries(400, errorAt: 250)
    let store = MemoryStore()
    // No store, the lossless level, a failed call, a small result.
    #expect(compress(Self.chat(entries)).blocks[0].fidelity < .lossy)
    #expect(compress(Self.chat(entries), options: Options(level: .lossless, store: store)).blocks[0].fidelity < .lossy)
    #expect(
      compress(Self.anthropic(entries, isError: true), options: Options(store: store)).blocks[0].fidelity < .lossy)
    #expect(
      compress(Self.chat(Self.logEntries(12, errorAt: 3)), options: Options(store: store)).blocks[0].fidelity < .lossy)
  }

  @Test func aFailingStoreCutsNothingAndSaysSo() {
    struct Full: OriginalStore {
      func put(_ original: [UInt8]) throws -> Handle { throw StoreError(.unavailable, "the disk is full") }
      func original(_ handle: Handle) throws -> [UInt8] { throw StoreError(.unavailable, "the disk is full") }
    }
    let result = compress(Self.chat(Self.logEntries(400, errorAt: 250)), options: Options(store: Full()))
    #expect(result.blocks[0].fidelity < .lossy)
    #expect(result.blocks[0].storeFailure == "the disk is full")
    #expect(result.tokensAfter < result.tokensBefore)
  }

  @Test func anAmbiguousHandleGetsLonger() throws {
    struct Crowded: OriginalStore {
      func put(_ original: [UInt8]) throws -> Handle { Handle(of: original, length: 9) }
      func original(_ handle: Handle) throws -> [UInt8] { [] }
    }
    let entries = Self.logEntries(400, errorAt: 250)
    let result = compress(Self.chat(entries), options: Options(store: Crowded()))
    let handle = Handle(of: Array(entries.utf8), length: 9)
    #expect(result.blocks[0].handle == handle)
    #expect(result.text.contains("stored \(handle)]"))
  }

  @Test func filesThatAreReadToBeEditedStayAsTheyAre() {
    let entries = Self.logEntries(100, errorAt: 3)
    let read = compress(Self.anthropic(entries, tool: "Read", input: #"{"file_path":"/src/data.json"}"#))
    #expect(read.passedThrough == .nothingSaved)
    let search = compress(Self.anthropic(entries, tool: "search", input: #"{"path":"/src"}"#))
    #expect(search.passedThrough == nil)
  }

  @Test func sessionsWithoutAWayBackAreNotToldOfOne() {
    let body = Self.chat(Self.logEntries(400, errorAt: 250))
    #expect(!compress(body, options: Options(store: MemoryStore())).text.contains("headroom"))
    #expect(compress(body, options: Options(store: MemoryStore(), retrieval: .tool)).text.contains("headroom_retrieve"))
  }

  @Test func theQueryDecidesWhatStays() {
    let body = Self.chat(Self.logEntries(600, errorAt: 250))
    let source = body.firstRange(of: "Request 4")!
    let number = body[source.lowerBound...].dropFirst(8).prefix { $0.isNumber }
    let asked = compress(body, options: Options(query: "what happened to request \(number)?", store: MemoryStore()))
    #expect(asked.text.contains("Request \(number) "))
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func recordedRequestsComeBack() throws {
    for file in RecordedData.files(below: "workloads", extensions: ["json"])
    where !file.lastPathComponent.contains("needles") {
      let body = [UInt8](try Data(contentsOf: file))
      let result = compress(body, options: Options(level: .lossless))
      let before = try #require(RequestBody(body))
      let after = try #require(RequestBody(expand(result.body)))
      #expect(before.blocks.count == after.blocks.count)
      // Presentation does not come back.
      let normalized = Set(result.blocks.filter { $0.fidelity == .normalized }.map(\.path))
      for index in before.blocks.indices where !normalized.contains(before.blocks[index].path) {
        guard let source = before.payload(of: index), let back = after.payload(of: index), source != back else {
          continue
        }
        let isNormalized = result.blocks[index].fidelity == .normalized
        #expect(
          try isSame(source, back, butForBlanks: isNormalized), "\(file.lastPathComponent) \(before.blocks[index].path)"
        )
      }
    }
  }

  /// Whether both texts have the same segments: text byte for byte or word for word, JSON by its values.
  private func isSame(_ a: [UInt8], _ b: [UInt8], butForBlanks isNormalized: Bool) throws -> Bool {
    let (x, y) = (Segmenter.segments(a), Segmenter.segments(b))
    guard x.map(\.kind) == y.map(\.kind) else { return false }
    return try zip(x, y).allSatisfy { left, right in
      if left.kind == .json {
        return try JSONDocument(a, in: left.range).minified().isEqual(to: JSONDocument(b, in: right.range).minified())
      }
      let (own, other) = (
        a[left.range].split(separator: UInt8(ascii: "\n")), b[right.range].split(separator: UInt8(ascii: "\n"))
      )
      guard left.kind == .jsonLines else {
        guard isNormalized else { return own == other }
        // Rules of tables are no words.
        func words(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
          text.split { $0 <= 0x20 }.filter { !$0.allSatisfy { $0 == UInt8(ascii: "-") } }
        }
        return words(a[left.range]) == words(b[right.range])
      }
      return try own.count == other.count
        && zip(own, other).allSatisfy {
          try JSONDocument(Array($0)).minified().isEqual(to: JSONDocument(Array($1)).minified())
        }
    }
  }
}
