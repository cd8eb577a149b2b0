import TestSupport
import Testing

@testable import Headroom

/// Server-sent events: the bytes are all handed out, and the events are the same wherever the stream is cut.
@Suite struct EventStreamTests {
  struct Read: Equatable {
    var name = ""
    var data = ""
  }

  /// The events of a stream that comes in `chunks`, and all bytes that were handed out.
  private func read(_ chunks: [[UInt8]], limit: Int = 4 << 20) -> (events: [ServerSentEvent], raw: [UInt8]) {
    var stream = EventStream(limit: limit)
    var pieces = chunks.flatMap { stream.feed($0) }
    if let last = stream.finish() { pieces.append(last) }
    return (pieces.filter { $0.data != nil }, pieces.flatMap(\.raw))
  }

  private func read(_ text: String) -> [Read] {
    read([Array(text.utf8)]).events.map {
      Read(name: String(decoding: $0.name, as: UTF8.self), data: String(decoding: $0.data ?? [], as: UTF8.self))
    }
  }

  // MARK: The format

  @Test(
    arguments: [
      ("data: a\n\ndata: b\n\n", [Read(data: "a"), Read(data: "b")]),
      ("event: ping\r\ndata: {}\r\n\r\n", [Read(name: "ping", data: "{}")]),
      ("event: ping\rdata: {}\r\r", [Read(name: "ping", data: "{}")]),
      ("data: a\ndata:b\ndata\ndata:  c\n\n", [Read(data: "a\nb\n\n c")]),
      (": a comment\n\n:\n\ndata: a\n: another\n\n", [Read(data: "a")]),
      ("id: 7\nretry: 10\ndata: a\n\n", [Read(data: "a")]),
      ("event: a\n\ndata: b\n\n", [Read(data: "b")]),
      ("event: a\nevent: b\ndata: c\n\n", [Read(name: "b", data: "c")]),
      ("database: a\ndat: b\n data: c\nData: d\n\n", []),
      ("\u{feff}data: a\n\ndata: b\n\n\u{feff}data: c\n\n", [Read(data: "a"), Read(data: "b")]),
      ("\u{feff}\ndata: a\n\n", [Read(data: "a")]),
      ("data: é😀\u{2028}\u{85}\u{0}\n\n", [Read(data: "é😀\u{2028}\u{85}\u{0}")]),
      ("data: a\n\r\ndata: b\r\n\ndata: c\r\rdata: d\r\n\r", ["a", "b", "c", "d"].map { Read(data: $0) }),
      ("data: a\r\r\ndata: b\n\n", [Read(data: "a"), Read(data: "b")]),
      ("data: a\n\ndata: no blank line", [Read(data: "a"), Read(data: "no blank line")]),
      ("data:\n\n", [Read()]), ("data", [Read()]), ("", []), ("\n\n\n", []), ("\r\r\n\r", []),
    ] as [(String, [Read])])
  func fields(text: String, events: [Read]) { #expect(read(text) == events) }

  // MARK: Cutting

  /// Streams of all that can stand in one, in any order.
  private static func streams(seed: UInt64, count: Int) -> [[UInt8]] {
    let parts = [
      "\n", "\n", "\r", "\r\n", "\r\n", "\n\n", "\r\n\r\n", "\r\r", "data: {\"a\":1}", "data:", "data: é😀",
      "event: ping",
      "event:", "id: 1", ": comment", ":", " ", "x", "\u{feff}", "data: a\n\n", "data: b\r\n\r\n", "data: c\r\r",
    ]
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      (0..<Int.random(in: 1...14, using: &generator)).flatMap { _ in Array(parts.randomElement(using: &generator)!.utf8)
      }
    }
  }

  @Test func everyCutGivesTheSameEvents() {
    for stream in Self.streams(seed: 31, count: 400) {
      for limit in [16, 4 << 20] {
        let whole = read([stream], limit: limit)
        #expect(whole.raw == stream)
        for cut in 0...stream.count {
          let cutOnce = read([Array(stream[..<cut]), Array(stream[cut...])], limit: limit)
          #expect(cutOnce.events == whole.events && cutOnce.raw == stream, "\(stream) cut at \(cut)")
        }
        let bytes = read(stream.map { [$0] }, limit: limit)
        #expect(bytes.events == whole.events && bytes.raw == stream, "\(stream)")
      }
    }
  }

  /// The rules of the standard written down plainly: decode the whole stream, take it line by line.
  @Test func generatedStreamsAreReadAsTheStandardSays() {
    for stream in Self.streams(seed: 32, count: 4_000) {
      var scalars = String(decoding: stream, as: UTF8.self).unicodeScalars.map { $0 }
      if scalars.first == "\u{feff}" { scalars.removeFirst() }
      var lines: [String.UnicodeScalarView] = [.init()]
      for (i, scalar) in scalars.enumerated() {
        switch scalar {
        case "\n" where i > 0 && scalars[i - 1] == "\r": break
        case "\n", "\r": lines.append(.init())
        default: lines[lines.count - 1].append(scalar)
        }
      }
      var expected: [Read] = []
      var name = ""
      var data: [String] = []
      for line in lines.map(String.init) + [""] {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.hasPrefix(" ") { value.removeFirst() }
        if line.isEmpty {
          if !data.isEmpty { expected.append(Read(name: name, data: data.joined(separator: "\n"))) }
          name = ""
          data = []
        } else if parts[0] == "data" {
          data.append(String(value))
        } else if parts[0] == "event" {
          name = String(value)
        }
      }
      #expect(read(String(decoding: stream, as: UTF8.self)) == expected, "\(stream)")
    }
  }

  @Test func placesAreThoseInTheStream() {
    for stream in Self.streams(seed: 33, count: 500) {
      for event in read([Array(stream.prefix(9)), Array(stream.dropFirst(9))]).events {
        #expect(Array(stream[event.offset..<event.offset + event.raw.count]) == event.raw)
        if let range = event.dataRange {
          #expect(event.data == Array(event.raw[range]))
        } else {
          #expect(event.data?.contains(UInt8(ascii: "\n")) == true)
        }
      }
    }
  }

  // MARK: Time and memory

  /// Whoever waits for the byte behind an event keeps the reader of a slow stream waiting for the event.
  @Test(arguments: ["\n", "\r", "\r\n"])
  func anEventComesWithItsLastByte(lineEnd: String) {
    let event = Array("event: ping\(lineEnd)data: a\(lineEnd)\(lineEnd)".utf8)
    var stream = EventStream()
    for _ in 0..<3 {
      #expect(stream.feed(Array(event.dropLast())).filter { $0.data != nil }.isEmpty)
      #expect(stream.feed(Array(event.suffix(1))).count == 1)
    }
  }

  @Test func tooLongEventsPassWithoutBeingKept() {
    var stream = EventStream(limit: 1_000)
    let start = Array("data: ".utf8)
    #expect(stream.feed(start).isEmpty)
    var passed = 0
    for _ in 0..<50 { passed += stream.feed([UInt8](repeating: 0x61, count: 100)).reduce(0) { $0 + $1.raw.count } }
    #expect(passed > 4_000)
    let rest = stream.feed(Array("\n\ndata: b\n\n".utf8))
    #expect(rest.compactMap(\.data) == [[UInt8(ascii: "b")]])
    #expect(passed + rest.reduce(0) { $0 + $1.raw.count } == start.count + 5_000 + 11)
  }

  /// An event that has just the longest length is read, and one that is longer is not, wherever they are cut.
  @Test func theLimitIsExact() {
    for (length, lineEnd) in [(58, "\n"), (56, "\r\n"), (58, "\r"), (59, "\n"), (57, "\r\n"), (59, "\r")] {
      let stream = Array(("data: " + String(repeating: "a", count: length - 6) + lineEnd + lineEnd).utf8)
      for cut in 0...stream.count {
        let events = read([Array(stream[..<cut]), Array(stream[cut...])], limit: 60).events
        #expect(events.count == (stream.count <= 60 ? 1 : 0), "\(length) cut at \(cut)")
      }
    }
  }
}
