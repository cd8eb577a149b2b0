/// The unit of decision: the text payload of one tool result. Each text part of a list is a block of its own.
///
/// A block is a place in the client's bytes. What stands there is read when asked for, as most blocks of a request were decided long ago.
public struct Block: Sendable {
  /// Where it is, for people: `messages[2].content[0].content[1].text`.
  public internal(set) var path: String

  /// The provider's id of the call this answers, unescaped: `tool_use_id`, `tool_call_id`, `call_id`. Where a format has no ids, the name
  /// of the function. Part of the block's identity.
  public internal(set) var callID: [UInt8]?

  /// The JSON string that holds the payload, quotes included, as offsets into the body.
  public internal(set) var range: Range<Int>

  /// Whether an assistant turn stands after it: such a block was sent before, by somebody. A prefilled answer counts as a turn, since one
  /// that the provider paused looks the same.
  public internal(set) var hasAssistantTurnAfter = false

  /// Whether the client says that the call failed.
  public internal(set) var isError: Bool

  /// The name of the tool and the input of the call, as offsets into the body.
  var toolName: Range<Int>?
  var input: Range<Int>?

  /// See ``Hint/userText``. One array serves all blocks of a turn.
  var userText: [UInt8] = []

  /// The payload: the text of the string, its escapes resolved, as UTF-8.
  ///
  /// Nil when it holds a surrogate without its partner, which UTF-8 cannot say: such a block is never touched.
  public func payload(in document: JSONDocument) -> [UInt8]? { document.text(at: range) }

  /// What the tool call tells about this result.
  public func hint(in document: JSONDocument) -> Hint {
    Hint(
      toolName: toolName.flatMap { document.text(at: $0) },
      input: input.flatMap { $0.count <= ToolInput.longest ? document.text(at: $0) : nil },
      userText: userText)
  }
}
