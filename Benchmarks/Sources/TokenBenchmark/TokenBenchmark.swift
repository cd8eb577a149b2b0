import Foundation
import Headroom

/// Prints one line per file: `VOCABULARY cold|warm SECONDS BYTES TOKENS PATH`.
///
/// Usage: token-benchmark [--vocabulary o200k_base|cl100k_base] [--passes N] FILE…
@main
struct TokenBenchmark {
  static func main() throws {
    var vocabulary = Tokenizer.Vocabulary.o200k
    var passes = 5
    var files: [String] = []
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--vocabulary": vocabulary = arguments.popFirst().flatMap(Tokenizer.Vocabulary.init) ?? vocabulary
      case "--passes": passes = arguments.popFirst().flatMap(Int.init) ?? passes
      default: files.append(argument)
      }
    }
    let tokenizer = Tokenizer(vocabulary: vocabulary)
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
      for pass in 0..<passes {
        let clock = ContinuousClock()
        var tokens = 0
        let elapsed = clock.measure { tokens = tokenizer.count(bytes) }
        let seconds = Double(elapsed.components.attoseconds) / 1e18 + Double(elapsed.components.seconds)
        print(vocabulary.rawValue, pass == 0 ? "cold" : "warm", seconds, bytes.count, tokens, file)
      }
    }
  }
}
