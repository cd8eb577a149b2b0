import Foundation
import Headroom
import HeadroomStore
import Synchronization

/// A clock that stands still until told otherwise.
final class TestClock: Sendable {
  private let seconds = Mutex(1_800_000_000.0)

  func advance(by seconds: TimeInterval) { self.seconds.withLock { $0 += seconds } }

  var now: @Sendable () -> Date {
    { Date(timeIntervalSince1970: self.seconds.withLock { $0 }) }
  }
}

/// The executable `store-probe`, which stands beside the tests.
struct Probe {
  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()

  init(_ store: String, name: String, count: Int, size: Int) throws {
    process.executableURL = Probe.executable
    process.arguments = [store, name, String(count), String(size)]
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  /// What the probe stored under `number`; see the probe.
  static func original(name: String, number: Int, size: Int) -> [UInt8] {
    let line = Array("\(name) \(number)\n".utf8)
    return (0..<size).map { line[$0 % line.count] }
  }

  /// The block that the probe decides on under `number`.
  static func identity(_ number: Int) -> BlockIdentity {
    BlockIdentity(callID: Array("call \(number)".utf8), digest: [UInt8](repeating: UInt8(number % 256), count: 32))
  }

  /// Waits until the probe ends: the handles it wrote and what was decided, what it complained of, and its exit code.
  func finish() -> (handles: [String], decisions: [String], errors: String, status: Int32) {
    let written = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // A line without its end was cut off with the process.
    let lines = written.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      $0.split(separator: " ", maxSplits: 1).map(String.init)
    }
    return (lines.map { $0[0] }, lines.map { $0.last ?? "" }, complaints, process.terminationStatus)
  }

  /// Kills the probe, without giving it a chance to end well, once it has written `count` handles.
  func kill(afterHandles count: Int) {
    var written = 0
    while written < count {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { break }
      written += data.count(where: { $0 == UInt8(ascii: "\n") })
    }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static let executable: URL = {
    let beside =
      Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL, Bundle.main.executableURL].compactMap { $0 }
    let folders = beside.flatMap { [$0, $0.deletingLastPathComponent()] }
    return folders.map { $0.appendingPathComponent("store-probe") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? URL(fileURLWithPath: "store-probe")
  }()
}
