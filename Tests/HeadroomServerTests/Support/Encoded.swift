import Foundation

@testable import HeadroomServer

/// Bodies in content codings, made by the encoders of Python packages that `scripts/setup-tests.sh` installs.
enum Encoded {
  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()  // Support
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let python = checkout.appendingPathComponent(".deps/venv/bin/python")
  private static let packages = checkout.appendingPathComponent(".deps/venv/requirements.txt")

  /// Whether the encoders are there.
  static let isPresent: Bool = {
    guard let list = try? String(contentsOf: packages, encoding: .utf8) else { return false }
    return list.contains("brotli") && list.contains("zstandard")
  }()

  /// Whether the system has all libraries that decode.
  static let hasLibraries = ContentCoding.allCases.allSatisfy { (try? $0.systemStream()) != nil }

  struct Order: Encodable {
    var body: [UInt8]
    var coding: String
    /// The lengths of the pieces after which the encoder is flushed.
    var pieces: [Int] = []

    private enum Key: CodingKey { case body, coding, pieces }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(Data(body).base64EncodedString(), forKey: .body)
      try container.encode(coding, forKey: .coding)
      try container.encode(pieces, forKey: .pieces)
    }
  }

  /// Each body as the pieces that the encoder gave.
  static func pieces(_ orders: [Order]) throws -> [[[UInt8]]] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try JSONEncoder().encode(orders).write(to: file)
    let process = Process()
    process.executableURL = python
    process.arguments = [checkout.appendingPathComponent("Tests/Oracles/encode.py").path, file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode([[String]].self, from: data).map { pieces in
      pieces.map { [UInt8](Data(base64Encoded: $0) ?? Data()) }
    }
  }

  static func body(_ body: [UInt8], _ coding: String) throws -> [UInt8] {
    try pieces([Order(body: body, coding: coding)])[0].flatMap { $0 }
  }
}
