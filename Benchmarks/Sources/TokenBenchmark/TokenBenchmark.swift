import Foundation
import Headroom

/// Prints one line per file and pass: `VOCABULARY cold|warm SECONDS BYTES TOKENS PATH`.
///
/// Usage: token-benchmark [--vocabulary o200k_base|cl100k_base] [--passes N] [--lines] FILE…
/// With `--lines` each line is counted by itself, as encoders do with cells; tokens are then their sum.
@main
struct TokenBenchmark {
  static func main() throws {
    var vocabulary = Tokenizer.Vocabulary.o200k
    var passes = 5
    var byLine = false
    var files: [String] = []
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--vocabulary": vocabulary = arguments.popFirst().flatMap(Tokenizer.Vocabulary.init) ?? vocabulary
      case "--passes": passes = arguments.popFirst().flatMap(Int.init) ?? passes
      case "--lines": byLine = true
      default: files.append(argument)
      }
    }
    let tokenizer = Tokenizer(vocabulary: vocabulary)
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
      let segments = byLine ? lines(of: bytes) : [0..<bytes.count]
      for pass in 0..<passes {
        var tokens = 0
        let elapsed = ContinuousClock().measure {
          tokens = tokenizer.withCounter { sum(segments, of: bytes, by: $0) }
        }
        print(vocabulary.rawValue, pass == 0 ? "cold" : "warm", elapsed / .seconds(1), bytes.count, tokens, file)
      }
    }
  }

  private nonisolated static func sum(_ segments: [Range<Int>], of bytes: [UInt8], by counter: TokenCounter) -> Int {
    var tokens = 0
    for segment in segments { tokens += counter.count(bytes, in: segment) }
    return tokens
  }

  private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
    var start = 0
    return bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      defer { start += line.count + 1 }
      return start..<start + line.count
    }
  }
}
