import Foundation
import Testing

/// The help, the completions and the pages say the same.
@Suite struct HelpTests {
  private let program: Program
  private static let commands = ["compress", "expand", "retrieve", "outline", "tokens", "demo"]

  init() throws { program = try Program() }

  /// The options in a text, such as `--level`.
  private func options(in text: String) -> Set<String> {
    let words = text.split(whereSeparator: { (sign: Character) in !sign.isLetter && sign != "-" }).map(String.init)
    return Set(words.filter { $0.hasPrefix("--") && $0.count > 3 })
  }

  private static let page: String? = {
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try? String(contentsOf: checkout.appendingPathComponent("docs/commands.md"), encoding: .utf8)
  }()

  @Test func helpExplainsEachCommandByAnExample() throws {
    for command in Self.commands {
      let help = try program.run([command, "--help"])
      #expect(help.status == 0)
      #expect(help.errors.isEmpty)
      #expect(help.text == (try program.run(["help", command])).text)
      #expect(help.text.contains("USAGE: headroom \(command)"))
      #expect(help.text.contains("EXAMPLES:\n  headroom \(command)"), "\(command)")
      #expect(help.text.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE:") })
      #expect(try program.run([]).text.contains("\n  \(command) "))
    }
    let version = try program.run(["--version"])
    #expect(version.text.split(separator: ".").count == 3)
  }

  @Test func thePageOfTheCommandsListsEveryOption() throws {
    let page = try #require(Self.page)
    for command in Self.commands {
      let help = try program.run([command, "--help"]).text
      let chapter = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix("headroom \(command)\n") })
      let listed = options(in: try #require(help.components(separatedBy: "USAGE:").last))
        .subtracting(["--help", "--version"])
      #expect(listed.subtracting(options(in: chapter)).isEmpty, "\(command): missing in the page")
      let elsewhere: Set = ["--help", "--version"]
      #expect(options(in: chapter).subtracting(listed).subtracting(elsewhere).isEmpty, "\(command): not an option")
    }
  }

  @Test func completionsOfferCommandsAndValues() throws {
    for shell in ["zsh", "bash", "fish"] {
      let script = try program.run(["--generate-completion-script", shell])
      #expect(script.status == 0)
      for word in Self.commands + ["lossless", "balanced", "aggressive", "simulate", "retrieval", "gpt-4o"] {
        #expect(script.text.contains(word), "\(shell) does not offer \(word)")
      }
      try program.file("completions.\(shell)", script.output)
    }
    let check = try program.shell("command -v bash >/dev/null || exit 0; bash -n completions.bash")
    #expect(check.status == 0, "\(check.errors)")
  }
}
