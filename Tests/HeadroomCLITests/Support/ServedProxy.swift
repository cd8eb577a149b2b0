import Foundation
import Testing

/// `headroom proxy` before a provider's stand-in, each a process on a free port, for as long as this lives.
final class ServedProxy {
  private let program: Program
  private let upstreamServer: Process
  private let proxy: Process
  private let hold = Pipe()
  let upstreamAddress: String
  let address: String

  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()  // Support
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let scripts = checkout.appendingPathComponent("Tests/Clients")

  /// What Python scripts of `Tests/Clients` are run with: one of the environments that `scripts/setup-tests.sh` makes.
  enum Environment: String {
    case clients = "venv"
    case agent = "agent-venv"

    var python: URL { ServedProxy.checkout.appendingPathComponent(".deps/\(rawValue)/bin/python") }

    /// Whether it has what the checkout asks for.
    var isPresent: Bool {
      let list = self == .clients ? "Tests/requirements.txt" : "Tests/Clients/agent-requirements.txt"
      return FileManager.default.contentsEqual(
        atPath: ServedProxy.checkout.appendingPathComponent(list).path,
        andPath: ServedProxy.checkout.appendingPathComponent(".deps/\(rawValue)/requirements.txt").path)
    }
  }

  init(_ options: [String] = []) throws {
    program = try Program()
    let server = Process()
    server.executableURL = Environment.clients.python
    server.arguments = ["-B", Self.scripts.appendingPathComponent("fake_upstream.py").path]
    // It ends when nobody holds its input any more, even if this process is killed.
    server.standardInput = hold
    let port = Pipe()
    server.standardOutput = port
    try server.run()
    upstreamServer = server
    let upstream = "http://127.0.0.1:\(try Self.line(of: port))"
    upstreamAddress = upstream

    let upstreamOptions = ["--anthropic-url", "--openai-url", "--gemini-url"].flatMap { [$0, upstream] }
    proxy = Process()
    proxy.executableURL = Program.executable
    proxy.arguments = ["proxy", "--port", "0"] + upstreamOptions + options
    proxy.environment = program.environment
    let log = try program.file("proxy.log", "")
    proxy.standardOutput = FileHandle.nullDevice
    proxy.standardError = try FileHandle(forWritingTo: log)
    try proxy.run()
    address = try Self.address(in: log, of: proxy)
  }

  deinit {
    // A server that is told to end goes on while a connection is open.
    kill(proxy.processIdentifier, SIGKILL)
    try? hold.fileHandleForWriting.close()
    proxy.waitUntilExit()
    upstreamServer.waitUntilExit()
  }

  private static func line(of pipe: Pipe) throws -> String {
    var bytes = Data()
    while bytes.last != UInt8(ascii: "\n") {
      let more = pipe.fileHandleForReading.availableData
      try #require(!more.isEmpty, "the upstream's stand-in did not start")
      bytes += more
    }
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  /// Where the proxy says that it listens.
  private static func address(in log: URL, of proxy: Process) throws -> String {
    while true {
      let text = try String(contentsOf: log, encoding: .utf8)
      if let line = text.split(separator: "\n").first(where: { $0.contains("listening on http://") }), text.last == "\n"
      {
        return String(line[(line.range(of: "http://")?.lowerBound ?? line.startIndex)...])
      }
      try #require(proxy.isRunning, "the proxy ended: \(text)")
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  /// Runs a script of `Tests/Clients` against the proxy, and against the upstream without it.
  func run(_ script: String, in environment: Environment) throws -> Program.Outcome {
    // The servers are up as long as this lives.
    defer { withExtendedLifetime(self) {} }
    return try program.run(
      environment.python,
      ["-B", Self.scripts.appendingPathComponent(script).path, "--upstream", upstreamAddress, "--proxy", address],
      environment: [
        "TIKTOKEN_CACHE_DIR": Self.checkout.appendingPathComponent(".deps/vocabularies").path,
        "TMPDIR": program.folder.path,
      ])
  }
}
