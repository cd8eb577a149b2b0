import Foundation
import Testing

/// The built `headroom`, which stands beside the tests, with a home folder of its own.
final class Program {
  /// Where the test keeps its files. It is gone when the test is over.
  let folder: URL
  /// The folder of the store that nobody chose; it is not there before the program makes it.
  let home: URL

  /// What a run left behind.
  struct Outcome {
    var status: Int32
    /// Whether the program ended by itself.
    var hasExited: Bool
    var output: [UInt8]
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  init() throws {
    folder = URL(fileURLWithPath: NSTemporaryDirectory() + "headroom-cli-" + UUID().uuidString)
    home = folder.appendingPathComponent("home")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static let executable: URL = {
    let beside =
      Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL, Bundle.main.executableURL].compactMap { $0 }
    let folders = beside.flatMap { [$0, $0.deletingLastPathComponent()] }
    return folders.map { $0.appendingPathComponent("headroom") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? URL(fileURLWithPath: "headroom")
  }()

  var environment: [String: String] {
    [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "HEADROOM_HOME": home.path,
      "HEADROOM": Program.executable.path,
    ]
  }

  /// Runs `headroom` with `arguments`, its input and outputs being files.
  func run(_ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]) throws -> Outcome {
    try run(Program.executable, arguments, input: input, environment: environment)
  }

  /// Runs a line of shell, in which `$HEADROOM` is the program.
  func shell(_ line: String) throws -> Outcome {
    try run(URL(fileURLWithPath: "/bin/sh"), ["-c", line], input: [], environment: [:])
  }

  /// Runs another program as `headroom` is run.
  func run(
    _ executable: URL, _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = self.environment.merging(environment) { $1 }
    let run = UUID().uuidString
    process.standardInput = try FileHandle(forReadingFrom: file("in-" + run, input))
    let (output, errors) = (try file("out-" + run, []), try file("err-" + run, []))
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, hasExited: process.terminationReason == .exit,
      output: [UInt8](try Data(contentsOf: output)), errors: try String(contentsOf: errors, encoding: .utf8))
  }

  // MARK: Files

  @discardableResult
  func file(_ name: String, _ bytes: [UInt8]) throws -> URL {
    let url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    return url
  }

  @discardableResult
  func file(_ name: String, _ text: String) throws -> URL { try file(name, Array(text.utf8)) }

  func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))) }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  var storeURL: String { "sqlite:" + folder.appendingPathComponent("originals.db").path }
}

extension Program {
  /// A report, as those who read it see it.
  struct Report: Decodable {
    struct Block: Decodable {
      var path, kind, encoder, fidelity: String
      var tokensBefore, tokensAfter: Int
      var id: String?
    }

    var model, level: String
    var tokensBefore, tokensAfter: Int
    var elapsedMs: Double
    var blocks: [Block]
  }

  /// Compresses `body` with a private store, into `name` and the report beside it.
  @discardableResult
  func compress(_ body: [UInt8], _ options: [String] = [], into name: String = "smaller") throws -> Report {
    let source = try file("request-" + name, body)
    let outcome = try run(
      ["compress", source.path, "--store", storeURL, "--output", name, "--report", name + ".report"] + options)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try report(bytes(name + ".report"))
  }

  func report(_ json: [UInt8]) throws -> Report {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Report.self, from: Data(json))
  }
}
