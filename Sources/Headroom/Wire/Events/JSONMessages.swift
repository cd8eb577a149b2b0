import CHeadroom

/// Takes JSON apart as it comes: the elements of the outermost array that are objects, one by one, or the one outermost object.
///
///     [{"a": 1},
///     {"a": 2}]        messages: {"a": 1} and {"a": 2}
///
/// Only brackets and strings are looked at; whether a message is JSON its reader finds out.
struct JSONMessages: Sendable {
  /// The longest message that is kept, in bytes. A longer one is left out.
  let limit: Int
  /// Whether the outermost value came to its end.
  private(set) var isClosed = false

  private var message: [UInt8] = []
  private var isTooLong = false
  private var depth = 0
  /// The depth at which messages stand: 1 in an array.
  private var outermost = 0
  private var isInMessage = false
  private var isInString = false
  private var isEscaped = false

  init(limit: Int) { self.limit = limit }

  /// Takes the next bytes and returns the messages that end in them. What follows the outermost value is left out.
  mutating func feed(_ chunk: UnsafeRawBufferPointer) -> [[UInt8]] {
    chunk.withMemoryRebound(to: UInt8.self) { feed($0) }
  }

  private mutating func feed(_ chunk: UnsafeBufferPointer<UInt8>) -> [[UInt8]] {
    guard let base = chunk.baseAddress else { return [] }
    var messages: [[UInt8]] = []
    /// Where the part of the message that is in this chunk starts.
    var start = 0
    var i = 0
    while i < chunk.count, !isClosed {
      if isEscaped {
        isEscaped = false
      } else if isInString {
        i += headroom_json_string_stop(base + i, chunk.count - i)
        guard i < chunk.count else { break }
        isEscaped = chunk[i] == UInt8(ascii: "\\")
        if chunk[i] == UInt8(ascii: "\"") { isInString = false }
      } else {
        switch chunk[i] {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "["), UInt8(ascii: "{"):
          let isObject = chunk[i] == UInt8(ascii: "{")
          if depth == 0, !isObject { outermost = 1 }
          if depth == outermost, isObject {
            isInMessage = true
            start = i
          }
          depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
          depth -= 1
          if isInMessage, depth == outermost {
            keep(chunk[start...i])
            if !isTooLong { messages.append(message) }
            message = []
            isTooLong = false
            isInMessage = false
          }
          isClosed = depth <= 0
        default: break
        }
      }
      i += 1
    }
    if isInMessage { keep(chunk[start...]) }
    return messages
  }

  private mutating func keep(_ part: Slice<UnsafeBufferPointer<UInt8>>) {
    if message.count + part.count > limit {
      isTooLong = true
      message = []
    }
    if !isTooLong { message.append(contentsOf: part) }
  }
}
