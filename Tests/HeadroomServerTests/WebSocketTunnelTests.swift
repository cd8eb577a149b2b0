import NIOCore
import TestSupport
import Testing

@testable import HeadroomServer

/// What goes through a WebSocket arrives as it was sent, and its ends are the ends of both sides.
@Suite(.serialized) struct WebSocketTunnelTests {
  private static let paths = ["/v1/responses", "/v1/realtime?model=x"]
  private static let mask: [UInt8] = [0x11, 0xa0, 0x03, 0xff]

  private static func payload(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: 0x20...0x7e, using: &generator) }
  }

  @Test(arguments: paths)
  func framesOfAllSizesArriveByteForByte(path: String) async throws {
    let pair = try await RawPair.open(path)
    for size in [0, 1, 125, 126, 127, 65535, 65536, 1 << 20, 16 << 20] {
      for opcode: UInt8 in [1, 2] {
        let payload =
          Self.payload(min(size, 4096), seed: UInt64(size)) + [UInt8](repeating: 0x61, count: max(0, size - 4096))
        let sent = RawFrame(opcode: opcode, mask: Self.mask, payload: []).header(size) + payload
        async let arrived = pair.upstream.read(sent.count)
        try await pair.client.send(sent)
        #expect(await arrived == sent)

        let answer = RawFrame(opcode: opcode, payload: []).header(size) + payload
        async let answered = pair.client.read(answer.count)
        try await pair.upstream.send(answer)
        #expect(await answered == answer)
      }
    }
  }

  @Test func fragmentsStayFragmentsAndControlFramesGoThroughBetweenThem() async throws {
    let pair = try await RawPair.open()
    func frames(mask: [UInt8]?) -> [RawFrame] {
      [
        RawFrame(opcode: 2, isFinal: false, mask: mask, payload: Array("one".utf8)),
        RawFrame(opcode: 9, mask: mask, payload: Array("ping".utf8)),
        RawFrame(opcode: 0, isFinal: false, mask: mask, payload: []),
        RawFrame(opcode: 10, mask: mask, payload: [UInt8](repeating: 7, count: 125)),
        RawFrame(opcode: 0, mask: mask, payload: Array("two".utf8)),
      ]
    }
    for mask in [Self.mask, nil] {
      let (from, to) = mask == nil ? (pair.upstream, pair.client) : (pair.client, pair.upstream)
      let sent = frames(mask: mask).flatMap(\.bytes)
      try await from.send(sent)
      #expect(await to.read(sent.count) == sent)
    }
    // Of a text of the client that may be replaced, control frames go ahead.
    var text = frames(mask: Self.mask)
    text[0].opcode = 1
    try await pair.client.send(text[0].bytes + text[1].bytes)
    #expect(await pair.upstream.readFrame() == text[1])
    try await pair.client.send(text[2].bytes + text[3].bytes + text[4].bytes)
    let rest = text[3].bytes + text[0].bytes + text[2].bytes + text[4].bytes
    #expect(await pair.upstream.read(rest.count) == rest)
  }

  /// However the bytes are cut on the way.
  @Test func everySplitOfTheBytesGivesTheSameBytes() async throws {
    let pair = try await RawPair.open()
    let sent = [
      RawFrame.text("first", mask: Self.mask), RawFrame(opcode: 1, isFinal: false, mask: Self.mask, payload: [0x61]),
      RawFrame(opcode: 0, mask: Self.mask, payload: Self.payload(300, seed: 3)),
      RawFrame(opcode: 9, mask: Self.mask, payload: []), RawFrame(opcode: 2, mask: Self.mask, payload: [1, 2, 3]),
    ].flatMap(\.bytes)
    for size in 1...17 {
      for start in stride(from: 0, to: sent.count, by: size) {
        try await pair.client.send(Array(sent[start..<min(sent.count, start + size)]))
      }
      #expect(await pair.upstream.read(sent.count) == sent)
    }
  }

  @Test func messagesOverTheLimitFlowAsTheyCome() async throws {
    let pair = try await RawPair.open()
    let part = [UInt8](repeating: 0x61, count: 9 << 20)
    let first = RawFrame(isFinal: false, mask: Self.mask, payload: part).bytes
    let second = RawFrame(opcode: 0, isFinal: false, mask: Self.mask, payload: part).bytes
    async let arrived = pair.upstream.read(first.count + second.count)
    try await pair.client.send(first)
    try await pair.client.send(second)
    // It goes on although it is not at its end.
    #expect(await arrived == first + second)
    let last = RawFrame(opcode: 0, mask: Self.mask, payload: []).bytes + RawFrame.text("next", mask: Self.mask).bytes
    try await pair.client.send(last)
    #expect(await pair.upstream.read(last.count) == last)
  }

  /// What a peer may not send reaches the other one, which answers as it would without a proxy.
  @Test func faultsAreForThePeerToJudge() async throws {
    let faults: [[UInt8]] = [
      RawFrame.text("not masked").bytes,
      RawFrame(opcode: 3, mask: Self.mask, payload: [1]).bytes,
      RawFrame(reserved: 4, mask: Self.mask, payload: Array("compressed without being asked".utf8)).bytes,
      RawFrame(opcode: 0, mask: Self.mask, payload: Array("continues nothing".utf8)).bytes,
      RawFrame(opcode: 9, isFinal: false, mask: Self.mask, payload: [UInt8](repeating: 0, count: 200)).bytes,
      RawFrame(opcode: 1, mask: Self.mask, payload: [0xff, 0xfe]).bytes,
      RawFrame(opcode: 8, mask: Self.mask, payload: [3]).bytes,
      RawFrame(isFinal: false, mask: Self.mask, payload: [0x61]).bytes
        + RawFrame.text("before the end", mask: Self.mask).bytes,
      [0x81, 0xff] + [UInt8](repeating: 0xff, count: 8) + Self.mask + Array("a length that no one can send".utf8),
    ]
    for fault in faults {
      let pair = try await RawPair.open()
      try await pair.client.send(fault)
      #expect(await pair.upstream.read(fault.count) == fault)
      let verdict = RawFrame.close(1002, "protocol error").bytes
      try await pair.upstream.send(verdict)
      try await pair.upstream.close()
      let (bytes, end) = await pair.client.readToEnd()
      #expect(bytes == verdict)
      #expect(end == .closed)
    }
  }

  @Test(arguments: [1000, 1001, 1008, 1011, 4321])
  func closeCodesAndReasonsArrive(code: Int) async throws {
    let pair = try await RawPair.open()
    let close = RawFrame.close(code, "because", mask: Self.mask)
    try await pair.client.send(close.bytes)
    #expect(await pair.upstream.readFrame() == close)
    let reply = RawFrame.close(code, "because")
    try await pair.upstream.send(reply.bytes)
    try await pair.upstream.close()
    let (bytes, end) = await pair.client.readToEnd()
    #expect(bytes == reply.bytes)
    #expect(end == .closed)
    try await pair.client.close()
  }

  @Test(arguments: paths)
  func aSideThatEndsEndsTheOtherAfterAllItSent(path: String) async throws {
    let sent = RawFrame(opcode: 2, mask: Self.mask, payload: [UInt8](repeating: 5, count: 300_000)).bytes
    let answer = RawFrame(opcode: 2, payload: [UInt8](repeating: 6, count: 300_000)).bytes
    // One side after the other, so that the second still gets what it asked for.
    let pair = try await RawPair.open(path)
    async let arrived = pair.upstream.readToEnd()
    try await pair.client.send(sent)
    try await pair.client.finish()
    #expect(await arrived == (sent, .closed))
    async let answered = pair.client.readToEnd()
    try await pair.upstream.send(answer)
    try await pair.upstream.finish()
    #expect(await answered == (answer, .closed))
    try await pair.client.channel.closeFuture.get()
    try await pair.upstream.channel.closeFuture.get()
  }

  @Test(arguments: paths)
  func aSideThatBreaksBreaksTheOther(path: String) async throws {
    let first = try await RawPair.open(path)
    async let upstreamsEnd = first.upstream.readToEnd()
    try await first.client.reset()
    #expect(await upstreamsEnd.end == .reset)

    let second = try await RawPair.open(path)
    async let clientsEnd = second.client.readToEnd()
    try await second.upstream.reset()
    #expect(await clientsEnd.end == .reset)
  }

  /// A message that is not complete goes out all the same when nothing more comes.
  @Test func whatIsHeldGoesOutAtTheEnd() async throws {
    let pair = try await RawPair.open()
    let part = RawFrame(isFinal: false, mask: Self.mask, payload: Array(#"{"type":"#.utf8)).bytes + [0x80]
    try await pair.client.send(part)
    try await pair.client.finish()
    #expect(await pair.upstream.readToEnd() == (part, .closed))
  }

  /// A peer that does not read is not read for: what waits in the proxy is little, whatever the other side would send.
  @Test(arguments: [true, false])
  func aSlowReaderSlowsTheWriter(clientIsSlow: Bool) async throws {
    let pair = try await RawPair.open()
    let (from, to) = clientIsSlow ? (pair.upstream, pair.client) : (pair.client, pair.upstream)
    let frame = RawFrame(
      opcode: 2, mask: clientIsSlow ? nil : Self.mask, payload: [UInt8](repeating: 9, count: 1 << 20)
    ).bytes
    let total = 64
    let progress = Progress()
    async let sending: Void = {
      for _ in 0..<total {
        try await from.send(frame)
        progress.step()
      }
    }()
    let stalledAt = await progress.whenStill()
    // The buffers of the system between the four sockets hold some megabytes.
    #expect(stalledAt < 40)
    for _ in 0..<total { #expect(await to.read(frame.count) == frame) }
    try await sending
  }

  @Test func manyAtOnceDoNotMix() async throws {
    let server = try await RawConnection.serve { connection in
      _ = await connection.readHead()
      try await connection.send(RawConnection.accepted + "\r\n")
      while let frame = await connection.readFrame() {
        try await connection.send(RawFrame(opcode: frame.opcode, payload: frame.payload).bytes)
      }
    }
    let proxy = try await RunningProxy(nil) { $0.upstreams.openAI = "http://127.0.0.1:\(server.port)" }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<50 {
        group.addTask {
          let client = try await RawConnection.connect(port: proxy.port)
          try await client.askForWebSocket()
          _ = await client.readHead()
          for turn in 0..<20 {
            let text = "client \(number) turn \(turn) " + String(repeating: "x", count: turn * 1000)
            try await client.send(RawFrame.text(text, mask: Self.mask).bytes)
            #expect(await client.readFrame() == .text(text))
          }
          try await client.close()
        }
      }
      try await group.waitForAll()
    }
  }
}
