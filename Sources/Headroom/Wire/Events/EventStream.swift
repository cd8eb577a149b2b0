import CHeadroom

/// An incremental parser of server-sent events over bytes (WHATWG HTML, 9.2).
///
/// It is fed chunks that are cut anywhere and hands out pieces whose raw bytes, joined, are what it was fed: whoever forwards an answer can
/// forward or hold back exactly one event. Wherever the chunks are cut, the events are the same. An event is handed out with the last byte
/// of the blank line that ends it, and the time taken is linear in the bytes.
public struct EventStream: Sendable {
  /// The longest event that is looked into, in bytes. What is longer passes as it comes, as pieces without data.
  public let limit: Int

  /// Bytes that were not handed out yet. Places in them are counted from the first.
  private var pending: [UInt8] = []
  /// Where they start in the stream.
  private var offset = 0
  /// Up to where line ends were looked for.
  private var scanned = 0
  /// Where the line starts; negative when its start was handed out.
  private var lineStart = 0
  /// Where the first line of the event starts: behind what belongs to no line.
  private var bodyStart = 0
  private var isFirstLine = true
  /// Whether the last line end was CR LF. Then a CR that ends a blank line waits for its LF; else it waits for nothing, as the next byte may
  /// be long in coming.
  private var pairsLineEnds = false
  /// Whether the last event ended with a CR that did not wait, so that an LF right behind it ends no line.
  private var skipsNewline = false
  private var isTooLong = false

  /// - Parameter limit: of one event, in bytes; at least 16.
  public init(limit: Int = 4 << 20) { self.limit = max(limit, 16) }

  /// Takes the next bytes of the stream and returns the pieces that end in them.
  public mutating func feed(_ chunk: UnsafeRawBufferPointer) -> [ServerSentEvent] {
    pending.append(contentsOf: chunk)
    return parse()
  }

  /// Takes the next bytes of the stream and returns the pieces that end in them.
  public mutating func feed(_ chunk: [UInt8]) -> [ServerSentEvent] {
    pending.append(contentsOf: chunk)
    return parse()
  }

  /// Ends the stream.
  /// - Returns: what came behind the last event. By the standard that is no event, but some servers leave out the last blank line.
  public mutating func finish() -> ServerSentEvent? {
    skipByteOrderMark()
    // A CR that still waited for its LF has ended a blank line.
    let isComplete = scanned < pending.count && scanned == lineStart
    return pending.isEmpty ? nil : take(from: 0, to: pending.count, isComplete: isComplete)
  }

  private mutating func parse() -> [ServerSentEvent] {
    var pieces: [ServerSentEvent] = []
    var start = 0
    while true {
      if skipsNewline, scanned < pending.count {
        skipsNewline = false
        if pending[scanned] == UInt8(ascii: "\n") { startLine(at: scanned + 1, ofEvent: true) }
      }
      scanned = pending.withUnsafeBufferPointer { $0.lineEnd(from: scanned) }
      guard scanned < pending.count else { break }
      skipByteOrderMark()
      let isBlank = scanned == lineStart
      let isReturn = pending[scanned] == UInt8(ascii: "\r")
      var next = scanned + 1
      if isReturn, pairsLineEnds || !isBlank {
        guard next < pending.count else { break }
        if pending[next] == UInt8(ascii: "\n") { next += 1 }
      }
      pairsLineEnds = next == scanned + 2
      if isBlank {
        pieces.append(take(from: start, to: next, isComplete: true))
        skipsNewline = isReturn && !pairsLineEnds
        isTooLong = false
        start = next
      }
      startLine(at: next, ofEvent: isBlank)
    }
    if isTooLong || pending.count - start > limit, scanned > start {
      isTooLong = true
      isFirstLine = false
      pieces.append(take(from: start, to: scanned, isComplete: false))
      start = scanned
    }
    pending.removeFirst(start)
    offset += start
    scanned -= start
    lineStart -= start
    bodyStart -= start
    return pieces
  }

  private mutating func startLine(at place: Int, ofEvent: Bool) {
    scanned = place
    lineStart = place
    if ofEvent { bodyStart = place }
  }

  /// A stream may start with a byte order mark, which belongs to no line.
  private mutating func skipByteOrderMark() {
    guard isFirstLine else { return }
    isFirstLine = false
    guard pending.starts(with: [0xef, 0xbb, 0xbf]) else { return }
    lineStart = 3
    bodyStart = 3
  }

  private func take(from start: Int, to end: Int, isComplete: Bool) -> ServerSentEvent {
    let raw = Array(pending[start..<end])
    return isTooLong || raw.count > limit
      ? ServerSentEvent(opaque: raw, offset: offset + start, isComplete: isComplete)
      : ServerSentEvent(raw, bodyStart: bodyStart - start, offset: offset + start, isComplete: isComplete)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The place of the next CR or LF, or the count.
  func lineEnd(from place: Int) -> Int {
    guard let base = baseAddress, place < count else { return count }
    return place + headroom_find_either(base + place, count - place, UInt8(ascii: "\r"), UInt8(ascii: "\n"))
  }
}
