import Foundation
import Synchronization

/// A headless Chromium, driven over the DevTools protocol: JSON messages that end in a zero byte, through two pipes.
final class Browser: Sendable {
  /// A failure of the browser, or in a page.
  struct Fault: Error, CustomStringConvertible {
    var description: String
  }

  /// The program; nil where there is none.
  static let program = ["chromium", "chromium-browser", "google-chrome"].lazy
    .flatMap { name in
      (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
    }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  static var isPresent: Bool { program != nil }

  private struct State {
    var last = 0
    var waiting: [Int: CheckedContinuation<DevToolsMessage.Result, any Error>] = [:]
    var events: [DevToolsMessage] = []
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let process = Process()
  private let folder: URL
  private let commands: FileHandle

  init() throws {
    guard let program = Browser.program else { throw Fault(description: "no Chromium") }
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (input, output) = (folder.appendingPathComponent("in").path, folder.appendingPathComponent("out").path)
    guard mkfifo(input, 0o600) == 0, mkfifo(output, 0o600) == 0,
      let commands = FileHandle(forUpdatingAtPath: input), let answers = FileHandle(forUpdatingAtPath: output)
    else { throw Fault(description: "cannot make pipes in \(folder.path)") }
    self.commands = commands
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    // The browser reads commands from descriptor 3 and answers on 4. A shell with nothing else to do opens them.
    process.arguments = [
      "-c", #"exec "$0" "$@" 3<"$IN" 4>"$OUT""#, program, "--headless", "--remote-debugging-pipe", "--no-sandbox",
      "--user-data-dir=\(folder.path)/profile", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
      "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "about:blank",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(["IN": input, "OUT": output]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.terminationHandler = { [weak self] _ in self?.end() }
    try process.run()
    let thread = Thread { [weak self] in
      var rest: [UInt8] = []
      while true {
        let data = answers.availableData
        guard !data.isEmpty, let self else { return }
        rest += data
        while let end = rest.firstIndex(of: 0) {
          self.receive(Data(rest[..<end]))
          rest.removeSubrange(...end)
        }
      }
    }
    thread.start()
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  private func end() {
    let waiting = state.withLock { state in
      state.hasEnded = true
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume(throwing: Fault(description: "the browser has ended")) }
  }

  private func receive(_ data: Data) {
    guard let message = try? JSONDecoder().decode(DevToolsMessage.self, from: data) else { return }
    guard let id = message.id else { return state.withLock { $0.events.append(message) } }
    guard let continuation = state.withLock({ $0.waiting.removeValue(forKey: id) }) else { return }
    if let error = message.error {
      continuation.resume(throwing: Fault(description: error.message))
    } else {
      continuation.resume(returning: message.result ?? DevToolsMessage.Result())
    }
  }

  /// Sends a command and waits for its answer.
  func send(
    _ method: String, _ parameters: [String: any Sendable] = [:], session: String? = nil
  ) async throws -> DevToolsMessage.Result {
    try await withCheckedThrowingContinuation { continuation in
      let id = state.withLock { state in
        state.last += 1
        if !state.hasEnded { state.waiting[state.last] = continuation }
        return state.hasEnded ? nil : state.last
      }
      guard let id else { return continuation.resume(throwing: Fault(description: "the browser has ended")) }
      var message: [String: Any] = ["id": id, "method": method, "params": parameters]
      message["sessionId"] = session
      do {
        try commands.write(contentsOf: JSONSerialization.data(withJSONObject: message) + [0])
      } catch {
        state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: error)
      }
    }
  }

  /// What a page reported so far.
  func events(of session: String) -> [DevToolsMessage] {
    state.withLock { state in state.events.filter { $0.sessionId == session } }
  }

  /// Opens a tab.
  func page(width: Int = 1280, height: Int = 900) async throws -> BrowserPage {
    let target = try await send("Target.createTarget", ["url": "about:blank"]).targetId ?? ""
    let session = try await send("Target.attachToTarget", ["targetId": target, "flatten": true]).sessionId ?? ""
    for domain in ["Page", "Runtime", "Network", "Log"] { _ = try await send("\(domain).enable", session: session) }
    let page = BrowserPage(browser: self, session: session)
    try await page.resize(width: width, height: height)
    return page
  }
}

/// What of the protocol's messages is of interest.
struct DevToolsMessage: Decodable, Sendable {
  struct Failure: Decodable, Sendable { var message: String }

  struct Value: Decodable, Sendable {
    var type: String?
    var text: String?
    var description: String?

    private enum Key: String, CodingKey { case type, value, description }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      type = try? container.decode(String.self, forKey: .type)
      text = try? container.decode(String.self, forKey: .value)
      description = try? container.decode(String.self, forKey: .description)
    }
  }

  struct Exception: Decodable, Sendable {
    var text: String?
    var exception: Value?
  }

  struct Result: Decodable, Sendable {
    var targetId: String?
    var sessionId: String?
    var result: Value?
    var exceptionDetails: Exception?
    /// A picture, in base 64.
    var data: String?
  }

  struct Parameters: Decodable, Sendable {
    struct Request: Decodable, Sendable { var url: String }
    struct Entry: Decodable, Sendable { var level, text: String }

    var request: Request?
    var entry: Entry?
    var type: String?
    var args: [Value]?
    var exceptionDetails: Exception?
  }

  var id: Int?
  var method: String?
  var sessionId: String?
  var result: Result?
  var error: Failure?
  var params: Parameters?
}
