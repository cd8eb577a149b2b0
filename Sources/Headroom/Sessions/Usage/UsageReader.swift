/// Reads from a copy of an answer what it cost, which model gave it, and whether it came to its end.
///
/// It is fed the body in chunks that are cut anywhere, decoded where it was encoded: server-sent events, a JSON array that comes element by
/// element, or one JSON object. Which of them it is shows in the first byte, whatever the headers say. What is damaged or too long tells
/// nothing.
public struct UsageReader: Sendable {
  /// The longest event that is read, in bytes.
  static let longestEvent = 4 << 20
  /// The longest answer in one JSON object that is read, in bytes.
  static let longestObject = 8 << 20

  private enum Framing { case unknown, events, json }

  private let format: any AnswerFormat
  private var framing = Framing.unknown
  private var events = EventStream(limit: longestEvent)
  private var messages = JSONMessages(limit: longestObject)
  private var facts = AnswerFacts()
  private var hasMessages = false

  /// - Parameter format: the name of the request's wire format, such as `anthropic-messages`. Nil when nothing is known of its answers.
  public init?(format: String) {
    guard let format = AnswerFormats.all.first(where: { $0.name == format }) else { return nil }
    self.format = format
  }

  /// What the provider says it bills, as far as the answer has told; nil when it has not.
  public var usage: TokenUsage? { facts.usage }

  /// The model that the answer names.
  public var model: String? { facts.model }

  /// What became of the answer, if it ends here; nil when it has not told anything at all.
  ///
  /// `truncated` is an answer that has started and did not come to what its format has for an end.
  public var end: SavingsRecord.End? {
    if facts.isFailed { return .failed }
    if facts.isFinished || messages.isClosed { return .complete }
    return hasMessages || framing == .json ? .truncated : nil
  }

  /// Takes the next bytes of the answer.
  public mutating func feed(_ chunk: UnsafeRawBufferPointer) {
    var rest = chunk
    if framing == .unknown {
      // White space and a byte order mark mean nothing in either.
      let isNothing: (UInt8) -> Bool = { [0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf].contains($0) }
      guard let start = chunk.firstIndex(where: { !isNothing($0) }) else { return }
      let isJSON = chunk[start] == UInt8(ascii: "{") || chunk[start] == UInt8(ascii: "[")
      framing = isJSON ? .json : .events
      rest = UnsafeRawBufferPointer(rebasing: chunk[start...])
    }
    switch framing {
    case .events: for event in events.feed(rest) { read(event) }
    case .json: for message in messages.feed(rest) { read(message: message) }
    case .unknown: break
    }
  }

  /// Takes the next bytes of the answer.
  public mutating func feed(_ chunk: [UInt8]) { chunk.withUnsafeBytes { feed($0) } }

  /// Says that no more bytes come. Some servers leave out the blank line behind the last event.
  public mutating func finish() {
    if let event = events.finish() { read(event) }
  }

  private mutating func read(_ event: ServerSentEvent) {
    guard let data = event.data else { return }
    hasMessages = true
    if data.elementsEqual("[DONE]".utf8) {
      facts.isFinished = true
    } else if format.mayTell(event.name) {
      read(message: data)
    }
  }

  /// Reads one message that came by itself: the data of an event, or a frame of a WebSocket.
  public mutating func read(message: [UInt8]) {
    hasMessages = true
    guard let document = try? JSONDocument(message) else { return }
    format.read(document, into: &facts)
  }
}
