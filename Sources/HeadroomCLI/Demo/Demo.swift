import Headroom

/// The work of `headroom demo`: shortens the sample, gets a cut part back and checks what Headroom promises.
struct Demo {
  /// A promise, and whether it held.
  struct Check {
    var promise: String
    var holds: Bool
  }

  let conversation = DemoConversation()
  let request: RequestBody
  let result: CompressionResult
  let elapsed: Duration
  private let store = MemoryStore()
  private let shortened: RequestBody

  init() async throws {
    let body = conversation.body
    let options = Options(store: store, retrieval: .shell)
    let clock = ContinuousClock()
    let start = clock.now
    result = await compress(body, options: options)
    elapsed = clock.now - start
    guard let request = RequestBody(body), let shortened = RequestBody(result.body) else {
      throw CommandFailure("the sample is not a request")
    }
    self.request = request
    self.shortened = shortened
  }

  /// What the model would have got from a tool, and what it gets.
  func texts(of step: Int) -> (before: String, after: String) {
    (text(request, step), text(shortened, step))
  }

  private func text(_ request: RequestBody, _ step: Int) -> String {
    String(decoding: request.payload(of: step) ?? [], as: UTF8.self)
  }

  /// What `headroom retrieve HANDLE --grep PATTERN` prints.
  func retrieve(_ handle: Handle, grep pattern: String) throws -> String {
    String(decoding: try Retrieval.part(of: store.original(handle), Selection(grep: pattern)), as: UTF8.self)
  }

  // MARK: Promises

  func checks() -> [Check] {
    let complete = compress(conversation.body, options: Options(level: .lossless))
    let cut = result.blocks.indices.filter { result.blocks[$0].handle != nil }
    let stored = cut.filter { index in
      result.blocks[index].handle.flatMap { try? store.original($0) } == request.payload(of: index)
    }
    return [
      Check(
        promise: "originals of the \(cut.count) results that were cut are stored, byte for byte",
        holds: !cut.isEmpty && stored.count == cut.count),
      Check(
        promise: "the other results come back from the visible text alone",
        holds: comesBack(result.body, except: cut)),
      Check(
        promise: "at --level lossless (\(complete.tokensAfter.grouped) tokens) all results come back from it",
        holds: comesBack(complete.body, except: [])),
      Check(promise: "all else in the request is as it was, byte for byte", holds: isElseUnchanged),
    ]
  }

  private func comesBack(_ body: [UInt8], except cut: [Int]) -> Bool {
    guard let expanded = RequestBody(expand(body)), expanded.blocks.count == request.blocks.count else { return false }
    return request.blocks.indices.allSatisfy { index in
      guard let before = request.payload(of: index), let after = expanded.payload(of: index) else { return false }
      return cut.contains(index) || isSame(before, after)
    }
  }

  /// The same bytes, or the same JSON values.
  private func isSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    if a == b { return true }
    guard let a = try? JSONDocument(a), let b = try? JSONDocument(b) else { return false }
    return a.root.hasSameValue(as: b.root)
  }

  private var isElseUnchanged: Bool {
    func rest(_ request: RequestBody) -> [ArraySlice<UInt8>] {
      let bytes = request.document.bytes
      let starts = [0] + request.blocks.map(\.range.upperBound)
      let ends = request.blocks.map(\.range.lowerBound) + [bytes.count]
      return zip(starts, ends).map { bytes[$0..<$1] }
    }
    return rest(request) == rest(shortened)
  }
}

extension JSONValue {
  /// Whether this is the other value: numbers as they are spelled, objects in any order.
  func hasSameValue(as other: JSONValue) -> Bool {
    guard kind == other.kind else { return false }
    switch kind {
    case .object:
      let ours = members.sorted { $0.key.name < $1.key.name }
      let theirs = other.members.sorted { $0.key.name < $1.key.name }
      return ours.count == theirs.count
        && zip(ours, theirs).allSatisfy { $0.key.name == $1.key.name && $0.value.hasSameValue(as: $1.value) }
    case .array:
      let ours = elements
      let theirs = other.elements
      return ours.count == theirs.count && zip(ours, theirs).allSatisfy { $0.hasSameValue(as: $1) }
    case .string: return text == other.text
    default: return lexeme == other.lexeme
    }
  }

  private var name: String { String(decoding: text ?? [], as: UTF8.self) }
}
