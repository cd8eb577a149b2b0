/// One piece of a stream of server-sent events: all bytes up to a blank line, that line included.
///
/// The pieces of a stream in their order are the stream, byte for byte. What has no ``data`` is no event to its reader: comments, blank
/// lines, and what was too long to look into.
public struct ServerSentEvent: Sendable, Equatable {
  /// The bytes as they came.
  public let raw: [UInt8]
  /// Where they start in the stream.
  public let offset: Int
  /// What the `event` field says; empty without one.
  public let name: [UInt8]
  /// The lines of the `data` field, joined by newlines; nil without one.
  public let data: [UInt8]?
  /// Where ``data`` stands in ``raw``; nil when it has several lines. Whoever changes an event splices there and keeps the rest.
  public let dataRange: Range<Int>?
  /// Whether the blank line came. A stream that was cut may end in a piece without one.
  public let isComplete: Bool

  /// A piece that nobody looks into.
  init(opaque raw: [UInt8], offset: Int, isComplete: Bool) {
    self.raw = raw
    self.offset = offset
    self.isComplete = isComplete
    name = []
    data = nil
    dataRange = nil
  }

  /// Reads the fields of the lines in `raw` behind `bodyStart`.
  init(_ raw: [UInt8], bodyStart: Int, offset: Int, isComplete: Bool) {
    var fields = Fields()
    raw.withUnsafeBufferPointer { fields.read($0, from: bodyStart) }
    self.raw = raw
    self.offset = offset
    self.isComplete = isComplete
    name = fields.name.map { Array(raw[$0]) } ?? []
    data = fields.data.map { data in fields.joined ?? Array(raw[data]) }
    dataRange = fields.joined == nil ? fields.data : nil
  }

  /// The fields of an event (WHATWG HTML, 9.2.6). `id` and `retry` steer reconnection, which nobody does in the middle of an answer.
  private struct Fields {
    var name: Range<Int>?
    /// Of the first line.
    var data: Range<Int>?
    /// All lines, when there are several.
    var joined: [UInt8]?

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
      var lineStart = start
      while lineStart < bytes.count {
        let end = bytes.lineEnd(from: lineStart)
        readField(bytes, lineStart..<end)
        let isPair = end + 1 < bytes.count && bytes[end] == UInt8(ascii: "\r") && bytes[end + 1] == UInt8(ascii: "\n")
        lineStart = end + (isPair ? 2 : 1)
      }
    }

    private mutating func readField(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
      // The longest name that matters has five bytes.
      let colon = line.prefix(6).first { bytes[$0] == UInt8(ascii: ":") } ?? line.upperBound
      var value = min(colon + 1, line.upperBound)..<line.upperBound
      if let first = value.first, bytes[first] == UInt8(ascii: " ") { value = first + 1..<value.upperBound }
      let field = line.lowerBound..<colon
      if field.count == 4, bytes.has("data", at: field.lowerBound) {
        append(bytes, value)
      } else if field.count == 5, bytes.has("event", at: field.lowerBound) {
        name = value
      }
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
      guard let first = data else {
        data = line
        return
      }
      if joined == nil { joined = Array(bytes[first]) }
      joined?.append(UInt8(ascii: "\n"))
      joined?.append(contentsOf: bytes[line])
    }
  }
}
