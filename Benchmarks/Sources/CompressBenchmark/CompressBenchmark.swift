import Foundation
import Headroom

/// Measures `compress` in one process: `compress-benchmark [--level LEVEL] [--repeat N] [--no-reference] FILE…`
///
/// One line a file: its tokens, the first call, the best of N with the blocks in parallel, the least processor time of N calls on one thread,
/// and how the latter compares with the named reference, which is Foundation parsing the same bytes and printing them again. The last line
/// sums up. Processor time is what to compare by where other programs run.
@main
struct CompressBenchmark {
  static func main() async throws {
    var files: [String] = []
    var level = Level.lossless
    var count = 20
    var hasReference = true
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
      case "--no-reference": hasReference = false
      default: files.append(argument)
      }
    }
    guard !files.isEmpty else { fail("name the files to compress") }
    var total = Measurement()
    for file in files {
      guard let data = FileManager.default.contents(atPath: file) else { fail("cannot read \(file)") }
      let measured = await measure(data, level: level, count: count, hasReference: hasReference)
      total.add(measured)
      line(URL(fileURLWithPath: file).lastPathComponent, measured)
    }
    line("all", total)
  }

  /// Bytes, tokens and milliseconds.
  private struct Measurement {
    var bytes = 0
    var before = 0
    var after = 0
    var first = 0.0
    var best = 0.0
    var processor = 0.0
    var reference = 0.0

    mutating func add(_ other: Measurement) {
      bytes += other.bytes
      before += other.before
      after += other.after
      first += other.first
      best += other.best
      processor += other.processor
      reference += other.reference
    }
  }

  private static func measure(_ data: Data, level: Level, count: Int, hasReference: Bool) async -> Measurement {
    let body = [UInt8](data)
    let options = Options(level: level, store: MemoryStore())
    var measured = Measurement(bytes: body.count)
    measured.first = await milliseconds(of: .continuous) {
      let result = await compress(body, options: options)
      (measured.before, measured.after) = (result.tokensBefore, result.tokensAfter)
    }
    measured.best = .infinity
    measured.processor = .infinity
    for _ in 0..<count {
      measured.best = min(
        measured.best, await milliseconds(of: .continuous) { _ = await compress(body, options: options) })
    }
    for _ in 0..<count {
      measured.processor = min(measured.processor, processorMilliseconds { _ = compress(body, options: options) })
    }
    guard hasReference else { return measured }
    measured.reference = .infinity
    for _ in 0..<max(3, count / 4) {
      let spent = processorMilliseconds {
        if let object = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) {
          _ = try? JSONSerialization.data(withJSONObject: object, options: .fragmentsAllowed)
        }
      }
      measured.reference = min(measured.reference, spent)
    }
    return measured
  }

  private static func line(_ name: String, _ measured: Measurement) {
    let bytes = Double(measured.bytes)
    let saved = 100 - 100 * Double(measured.after) / Double(max(1, measured.before))
    var text = name.padding(toLength: 36, withPad: " ", startingAt: 0)
    text += String(
      format: "%6d KB %7d → %6d tokens (−%4.1f %%)", measured.bytes / 1_000, measured.before, measured.after, saved)
    text += String(
      format: "  first %7.2f ms  best %7.2f ms %6.1f MB/s", measured.first, measured.best, bytes / measured.best / 1_000
    )
    text += String(format: "  processor %7.2f ms %6.1f MB/s", measured.processor, bytes / measured.processor / 1_000)
    if measured.reference > 0 {
      text += String(format: "  %5.1f x Foundation's parse and print", measured.reference / measured.processor)
    }
    print(text)
  }

  private static func milliseconds(of clock: ContinuousClock, _ body: () async -> Void) async -> Double {
    let start = clock.now
    await body()
    let spent = (clock.now - start).components
    return Double(spent.seconds) * 1e3 + Double(spent.attoseconds) / 1e15
  }

  /// The processor time of all threads of this process that `body` takes.
  private static func processorMilliseconds(_ body: () -> Void) -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
    let start = now()
    body()
    return now() - start
  }

  private static func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("compress-benchmark: \(message)\n".utf8))
    exit(2)
  }
}
