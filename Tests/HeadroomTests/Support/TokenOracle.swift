import Foundation

@testable import Headroom

/// Token counts by the tiktoken package, which `scripts/setup-tests.sh` installs.
enum TokenOracle {
  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()  // Support
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let python = checkout.appendingPathComponent(".deps/venv/bin/python")
  private static let vocabularies = checkout.appendingPathComponent(".deps/vocabularies")
  private static let script = checkout.appendingPathComponent("Tests/Oracles/tiktoken_counts.py")

  /// Whether both sides are there: the package and the built-in vocabularies.
  static let isPresent = FileManager.default.isExecutableFile(atPath: python.path) && Tokenizer.hasVocabularies

  /// Whether the official rank files are there, and the tables made of them built in.
  static let hasRankFiles =
    Tokenizer.Vocabulary.allCases.allSatisfy { FileManager.default.fileExists(atPath: rankFile(of: $0).path) }
    && Tokenizer.hasVocabularies

  private static func rankFile(of vocabulary: Tokenizer.Vocabulary) -> URL {
    vocabularies.appendingPathComponent(vocabulary.rawValue + ".tiktoken")
  }

  /// The rank of each entry, from the official file.
  static func ranks(of vocabulary: Tokenizer.Vocabulary) throws -> [[UInt8]: UInt32] {
    let lines = [UInt8](try Data(contentsOf: rankFile(of: vocabulary))).split(separator: UInt8(ascii: "\n"))
    var ranks: [[UInt8]: UInt32] = [:]
    for line in lines {
      let fields = line.split(separator: UInt8(ascii: " "))
      let rank = UInt32(String(decoding: fields[1], as: UTF8.self))
      ranks[[UInt8](Data(base64Encoded: Data(fields[0])) ?? Data())] = rank
    }
    return ranks
  }

  /// The number of tokens of each text.
  static func counts(of texts: [String], in vocabulary: Tokenizer.Vocabulary) throws -> [Int] {
    try run("cases", texts, in: vocabulary).map { $0 ?? -1 }
  }

  /// The number of tokens of each file, nil for those that are not UTF-8.
  static func counts(ofFiles files: [URL], in vocabulary: Tokenizer.Vocabulary) throws -> [Int?] {
    try run("files", files.map(\.path), in: vocabulary)
  }

  private static func run(_ kind: String, _ items: [String], in vocabulary: Tokenizer.Vocabulary) throws -> [Int?] {
    let listing = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: listing) }
    try JSONEncoder().encode(items).write(to: listing)

    let process = Process()
    process.executableURL = python
    process.arguments = [script.path, vocabulary.rawValue, kind, listing.path]
    process.environment = ["TIKTOKEN_CACHE_DIR": vocabularies.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode([Int?].self, from: data)
  }
}
