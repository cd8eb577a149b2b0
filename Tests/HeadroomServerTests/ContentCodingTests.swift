import Foundation
import TestSupport
import Testing

@testable import HeadroomServer

/// Bodies in content codings, decoded by the system's libraries.
@Suite(
  .enabled(if: Encoded.isPresent, "packages of Tests/requirements.txt absent"),
  .enabled(if: Encoded.hasLibraries, "zlib, brotli or zstd absent"))
struct ContentCodingTests {
  static let names = ["gzip", "deflate", "raw-deflate", "br", "zstd"]

  private static func coding(_ name: String) -> ContentCoding { ContentCoding(rawValue: name) ?? .deflate }

  private func decode(_ chunks: [[UInt8]], _ codings: [ContentCoding], limit: Int = 1 << 30) throws(CodingError)
    -> [UInt8]
  {
    let decoder = try BodyDecoder(codings, limit: limit)
    var decoded: [UInt8] = []
    for chunk in chunks {
      let result = chunk.withUnsafeBytes { chunk in
        Result { () throws(CodingError) in try decoder.decode(chunk) { decoded.append(contentsOf: $0) } }
      }
      try result.get()
    }
    try decoder.finish()
    return decoded
  }

  private static let answer = Array(
    (0..<40).map { "event: content_block_delta\ndata: {\"index\":\($0),\"text\":\"größer 😀\"}\n\n" }.joined().utf8)

  @Test(arguments: names)
  func everyCutDecodesTheSame(name: String) throws {
    let encoded = try Encoded.body(Self.answer, name)
    #expect(encoded.count < Self.answer.count / 4)
    for cut in 0...encoded.count {
      let decoded = try decode([Array(encoded[..<cut]), [], Array(encoded[cut...])], [Self.coding(name)])
      #expect(decoded == Self.answer, "cut at \(cut)")
    }
    #expect(try decode(encoded.map { [$0] }, [Self.coding(name)]) == Self.answer)
  }

  @Test func bodiesOfAllKindsAndSizes() throws {
    var generator = SeededGenerator(seed: 51)
    var bodies: [[UInt8]] = [[], [0], Array("a".utf8), [UInt8](repeating: 0, count: 300_000)]
    for count in [100, 32 << 10, (32 << 10) + 1, 150_000] {
      bodies.append((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
      bodies.append((0..<count).map { _ in "the {}\"\n".utf8.randomElement(using: &generator)! })
    }
    let orders = Self.names.flatMap { name in bodies.map { Encoded.Order(body: $0, coding: name) } }
    for (order, pieces) in zip(orders, try Encoded.pieces(orders)) {
      let decoded = try BodyDecoder.decode(pieces.flatMap { $0 }, [Self.coding(order.coding)], limit: 400_000)
      #expect(decoded.elementsEqual(order.body), "\(order.coding), \(order.body.count) bytes")
    }
  }

  /// A stream that is flushed is read as far as it came: nothing of an event waits for the next one.
  @Test(arguments: names)
  func whatWasFlushedComesOutAtOnce(name: String) throws {
    let lengths = [1, 300, 5, 1_000, 700]
    let order = Encoded.Order(body: Array(Self.answer.prefix(2_006)), coding: name, pieces: lengths)
    let decoder = try BodyDecoder([Self.coding(name)], limit: 1 << 20)
    var count = 0
    var expected = 0
    for (piece, length) in zip(try Encoded.pieces([order])[0], lengths) {
      try piece.withUnsafeBytes { try decoder.decode($0) { count += $0.count } }
      expected += length
      #expect(count == expected)
    }
  }

  @Test func severalCodingsOnTopOfEachOther() throws {
    let inner = try Encoded.body(Self.answer, "gzip")
    let outer = try Encoded.body(inner, "br")
    let codings = try #require(ContentCoding.list(["gzip", "br"]))
    #expect(try decode([outer], codings) == Self.answer)
    #expect(try decode(outer.map { [$0] }, codings) == Self.answer)
  }

  /// A gzip file may have several members, and Zstandard several frames.
  @Test(arguments: ["gzip", "zstd"])
  func oneAfterTheOther(name: String) throws {
    let encoded = try Encoded.body(Self.answer, name)
    for cut in [encoded.count - 1, encoded.count, encoded.count + 1] {
      let both = encoded + encoded
      #expect(try decode([Array(both[..<cut]), Array(both[cut...])], [Self.coding(name)]) == Self.answer + Self.answer)
    }
  }

  // MARK: What is no such body

  @Test(arguments: names)
  func bodiesThatAreCutAreNotTakenForWhole(name: String) throws {
    let encoded = try Encoded.body(Self.answer, name)
    for cut in 0..<encoded.count {
      #expect(throws: CodingError.cutShort) { try decode([Array(encoded[..<cut])], [Self.coding(name)]) }
    }
  }

  @Test(arguments: names)
  func whatFollowsABodyIsNoPartOfIt(name: String) throws {
    let encoded = try Encoded.body(Self.answer, name) + Array("}garbage".utf8)
    #expect(throws: CodingError.damaged(Self.coding(name))) { try decode([encoded], [Self.coding(name)]) }
  }

  @Test(arguments: names)
  func damagedBodiesAreToldOrHarmless(name: String) throws {
    let encoded = try Encoded.body(Self.answer, name)
    var generator = SeededGenerator(seed: 52)
    var told = 0
    for _ in 0..<400 {
      var damaged = encoded
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if (try? decode([damaged], [Self.coding(name)], limit: 1 << 20)) == nil { told += 1 }
    }
    #expect(told > 100)
    #expect(throws: CodingError.self) { try decode([Self.answer], [Self.coding(name)]) }
  }

  /// A few bytes that decode to many are given up on where they reach the limit.
  @Test(arguments: names)
  func bombsAreNotDecoded(name: String) throws {
    let bomb = try Encoded.body([UInt8](repeating: 0x20, count: 5_000_000), name)
    #expect(bomb.count < 10_000)
    var count = 0
    let decoder = try BodyDecoder([Self.coding(name)], limit: 1_000_000)
    #expect(throws: CodingError.tooLarge) { try bomb.withUnsafeBytes { try decoder.decode($0) { count += $0.count } } }
    #expect(count > 0 && count <= 1_000_000)
    #expect(throws: CodingError.tooLarge) { try BodyDecoder.decode(bomb, [Self.coding(name)], limit: 1_000_000) }
  }

  /// A bomb within a bomb must not be decoded in between either.
  @Test func bombsInsideOthers() throws {
    let bomb = try Encoded.body(try Encoded.body([UInt8](repeating: 0x20, count: 5_000_000), "gzip"), "gzip")
    #expect(throws: CodingError.tooLarge) { try BodyDecoder.decode(bomb, [.gzip, .gzip], limit: 3_000) }
  }

  // MARK: Libraries

  /// What a library holds for a body goes with it, in the middle of the body too.
  @Test(arguments: names)
  func decodersAreFreed(name: String) throws {
    let encoded = try Encoded.body(Self.answer, name)
    weak var stream: (any CodingStream)?
    do {
      let decoder = try BodyDecoder([Self.coding(name)], limit: 1 << 20) { coding throws(CodingError) in
        let made = try coding.systemStream()
        stream = made
        return made
      }
      try encoded.dropLast(9).withUnsafeBytes { try decoder.decode($0) { _ in } }
      #expect(stream != nil)
    }
    #expect(stream == nil)
  }

  @Test func aMissingLibraryIsTold() {
    #expect(throws: CodingError.libraryMissing(.br)) {
      _ = try BodyDecoder([.gzip, .br], limit: 1) { coding throws(CodingError) in throw .libraryMissing(coding) }
    }
  }

  /// zlib's own state is laid out by its header, which is not read when this is built.
  @Test(.enabled(if: MemoryLayout<CUnsignedLong>.size == 8))
  func stateOfZlib() {
    typealias State = ZlibStream.State
    #expect(MemoryLayout<State>.size == 112)
    #expect(MemoryLayout<State>.offset(of: \.nextOut) == 24)
    #expect(MemoryLayout<State>.offset(of: \.state) == 56)
    #expect(MemoryLayout<State>.offset(of: \.checksum) == 96)
  }

  // MARK: Headers

  @Test(
    arguments: [
      ([], []), ([""], []), (["identity"], []), (["gzip"], [.gzip]), (["GZIP"], [.gzip]), (["x-gzip"], [.gzip]),
      (["gzip, br"], [.gzip, .br]), (["gzip", " zstd ,deflate"], [.gzip, .zstd, .deflate]), (["compress"], nil),
      (["gzip, aes128gcm"], nil), (["gzip,gzip,gzip,gzip"], nil),
    ] as [([String], [ContentCoding]?)])
  func headers(fields: [String], codings: [ContentCoding]?) {
    #expect(ContentCoding.list(fields) == codings)
  }
}
