import Testing

@testable import Headroom

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples, and lengths around the block and padding borders against the published digests.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedDigests(text: String, expected: String) {
    #expect(hex(SHA256.digest(Array(text.utf8))) == expected)
  }

  @Test func aMillionLetters() {
    let digest = SHA256.digest([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
    #expect(hex(digest) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func theProcessorsInstructionsAgree() {
    for count in 0..<400 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7919 &+ count) }
      bytes.withUnsafeBufferPointer { #expect(SHA256.digest($0) == SHA256.digest($0, usesInstructions: false)) }
    }
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
