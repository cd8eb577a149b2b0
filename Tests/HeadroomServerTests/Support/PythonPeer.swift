import Foundation

/// WebSocket peers of another make: `Tests/Oracles/websocket_peer.py`, which runs on Python's websockets package.
enum PythonPeer {
  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()  // Support
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let python = checkout.appendingPathComponent(".deps/venv/bin/python")
  private static let script = checkout.appendingPathComponent("Tests/Oracles/websocket_peer.py")

  static let isPresent: Bool = {
    guard FileManager.default.isExecutableFile(atPath: python.path) else { return false }
    let process = Process()
    process.executableURL = python
    process.arguments = ["-c", "import websockets.asyncio"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// A server, until it is forgotten.
  final class Server: Sendable {
    let port: Int
    /// Its input, whose end is the end of it: it goes with this process, however that ends.
    private let input: Pipe

    /// - Parameter tls: the files of a certificate and its key.
    init(tls: [String] = []) throws {
      let process = Process()
      process.executableURL = python
      process.arguments = [script.path, "serve"] + tls
      let output = Pipe()
      input = Pipe()
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    deinit { try? input.fileHandleForWriting.close() }
  }

  /// Runs the client's checks, all or those named.
  /// - Returns: what it prints: the names of those that hold, and then the first that does not.
  static func check(_ url: String, _ names: [String] = []) async throws -> [String] {
    let process = Process()
    process.executableURL = python
    process.arguments = [script.path, "check", url] + names
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    // On a thread of its own: those of tasks are few, and the proxy needs them meanwhile.
    let text = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: output.fileHandleForReading.readDataToEndOfFile()) }
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
