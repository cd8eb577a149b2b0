/// One provider's format of answers: where in them the usage is, the model, and the end.
///
/// An answer is a series of messages: the data of its events, the elements of its array, or the one object that it is.
protocol AnswerFormat: Sendable {
  /// What the format is called, the same as the ``WireFormat`` of its requests.
  var name: String { get }

  /// Whether an event of this name may tell anything. Most events are parts of the text, and need not be parsed.
  func mayTell(_ event: [UInt8]) -> Bool

  /// Notes what a message tells.
  func read(_ message: JSONDocument, into facts: inout AnswerFacts)
}

extension AnswerFormat {
  func mayTell(_ event: [UInt8]) -> Bool { true }
}

/// Every format of answers. Add yours here; nothing else needs to change.
enum AnswerFormats {
  static let all: [any AnswerFormat] = [AnthropicAnswer(), OpenAIChatAnswer(), OpenAIResponsesAnswer(), GeminiAnswer()]
}

/// What an answer has told so far.
struct AnswerFacts: Sendable {
  /// Nil until a message tells of any tokens.
  var usage: TokenUsage?
  var model: String?
  /// Whether the answer said that it is at its end.
  var isFinished = false
  /// Whether it told of a failure.
  var isFailed = false
  /// Of the format itself, between messages.
  var counts: [Int] = []

  /// Notes the model that an answer names. The longest name that is believed has 200 bytes.
  mutating func name(_ model: Int?, in document: JSONDocument) {
    guard let text = document.text(of: model), !text.isEmpty, text.count <= 200 else { return }
    self.model = String(decoding: text, as: UTF8.self)
  }
}

extension JSONDocument {
  /// The number that member `key` of `object` is; nil when it is anything but a count.
  func count(_ key: StaticString, of object: Int?) -> Int? {
    guard let value = member(key, of: object), nodes[value].kind == .number else { return nil }
    let digits = nodes[value].range
    // More tokens than fifteen digits nobody bills, and sums of them cannot overflow.
    guard digits.count <= 15 else { return nil }
    var number = 0
    for byte in bytes[digits] {
      guard byte &- UInt8(ascii: "0") < 10 else { return nil }
      number = number * 10 + Int(byte &- UInt8(ascii: "0"))
    }
    return number
  }
}
