/// The tool calls met so far, found again by the id that their results carry.
///
/// Ids are compared as lexemes: one client spells one id in one way, and where it does not, only a hint is lost. Results come soon after
/// their calls and mostly in their order, so a short search from there beats a table of all ids.
struct ToolCalls {
  struct Call {
    /// The lexeme of the id.
    let id: Range<Int>
    let name: Range<Int>?
    let input: Range<Int>?
    fileprivate var isAnswered = false

    init(id: Range<Int>, name: Range<Int>?, input: Range<Int>?) {
      self.id = id
      self.name = name
      self.input = input
    }
  }

  /// How many calls are looked at for one result, in either direction: what keeps the whole linear.
  private static let reach = 64

  private var calls: [Call] = []
  /// The first call of the current turn without a result.
  private var due = 0

  /// An assistant turn starts: calls without a result so far will get none.
  mutating func startTurn() { due = calls.count }

  mutating func append(_ call: Call) { calls.append(call) }

  /// The call that a result with this id answers.
  ///
  /// Calls that share an id (Gemini often has only names) are answered in their order. An id of an earlier turn means its last call.
  mutating func answer(_ id: Range<Int>, in bytes: [UInt8]) -> Call? {
    let found =
      calls.indices[due...].prefix(Self.reach).first { !calls[$0].isAnswered && bytes.isEqual(calls[$0].id, id) }
      ?? calls.indices.suffix(Self.reach).last { bytes.isEqual(calls[$0].id, id) }
    guard let found else { return nil }
    calls[found].isAnswered = true
    while due < calls.count, calls[due].isAnswered { due += 1 }
    return calls[found]
  }
}

extension [UInt8] {
  /// Whether the same bytes stand in both ranges. Compared from the end, as ids begin alike.
  fileprivate func isEqual(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    a.count == b.count
      && withUnsafeBufferPointer { bytes in
        var i = a.count
        while i > 0, bytes[a.lowerBound + i - 1] == bytes[b.lowerBound + i - 1] { i -= 1 }
        return i == 0
      }
  }
}
