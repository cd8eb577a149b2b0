import Foundation
import Headroom

/// Measures `compress` in one process: `compress-benchmark [--level LEVEL] [--repeat N] FILE…`
///
/// One line a file: the first call and the best of N, and how that compares with the named reference, which is Foundation parsing the same
/// bytes and printing them again. The last line sums up.
@main
struct CompressBenchmark {
  static func main() async throws {
    var files: [String] = []
    var level = Level.lossless
    var count = 20
    var arguments = CommandLine.arguments.dropFirst().makeIterator()
    while let argument = arguments.next() {
      switch argument {
      case "--level":
        guard let value = arguments.next().flatMap(Level.init(rawValue:)) else {
          fail("--level takes lossless, balanced or aggressive")
        }
        level = value
      case "--repeat":
        guard let value = arguments.next().flatMap({ Int($0) }), value > 0 else {
          fail("--repeat takes a number above 0")
        }
        count = value
      default: files.append(argument)
      }
    }
    guard !files.isEmpty else { fail("name the files to compress") }
    var total = (bytes: 0, best: 0.0, reference: 0.0)
    for file in files {
      guard let data = FileManager.default.contents(atPath: file) else { fail("cannot read \(file)") }
      let body = [UInt8](data)
      let options = Options(level: level, store: MemoryStore())
      let first = await milliseconds { _ = await compress(body, options: options) }
      var best = first
      for _ in 0..<count { best = min(best, await milliseconds { _ = await compress(body, options: options) }) }
      var reference = Double.infinity
      for _ in 0..<max(3, count / 4) {
        reference = min(
          reference,
          await milliseconds {
            if let object = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) {
              _ = try? JSONSerialization.data(withJSONObject: object, options: .fragmentsAllowed)
            }
          })
      }
      total = (total.bytes + body.count, total.best + best, total.reference + reference)
      line(URL(fileURLWithPath: file).lastPathComponent, body.count, first: first, best: best, reference: reference)
    }
    line("all", total.bytes, first: nil, best: total.best, reference: total.reference)
  }

  private static func line(_ name: String, _ bytes: Int, first: Double?, best: Double, reference: Double) {
    let start = first.map { String(format: "first %7.2f ms  ", $0) } ?? ""
    let speed = Double(bytes) / best / 1_000
    print(
      name.padding(toLength: 36, withPad: " ", startingAt: 0)
        + String(format: "%7d KB  ", bytes / 1_000) + start
        + String(
          format: "best %7.2f ms  %6.1f MB/s  %5.1f x Foundation's parse and print", best, speed, reference / best))
  }

  private static func milliseconds(_ body: @Sendable () async -> Void) async -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    await body()
    let spent = (clock.now - start).components
    return Double(spent.seconds) * 1e3 + Double(spent.attoseconds) / 1e15
  }

  private static func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("compress-benchmark: \(message)\n".utf8))
    exit(2)
  }
}
