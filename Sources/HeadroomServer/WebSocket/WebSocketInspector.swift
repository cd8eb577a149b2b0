/// Who reads the text messages of one WebSocket.
protocol WebSocketInspector: AnyObject, Sendable {
  /// The message to send to the upstream in place of one from the client. The messages after it wait for the answer. With the same bytes, or
  /// nil, the client's own frames go on untouched.
  func outgoing(_ message: [UInt8]) async -> [UInt8]?

  /// A message from the upstream. It is already on its way, and what follows it waits until this returns.
  func incoming(_ message: [UInt8])

  /// Whether no answer is under way, so that a server that shuts down may close the connection.
  var isIdle: Bool { get }

  /// The connection is over.
  /// - Parameter byClient: whether the client was the first to leave.
  func ended(byClient: Bool)
}
