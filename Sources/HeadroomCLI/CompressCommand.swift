import ArgumentParser
import Headroom

/// `headroom compress`: the main job.
struct CompressCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: "Make the tool results of a request shorter.",
    discussion: """
      Takes a request body (Anthropic Messages, OpenAI Chat or Responses, Gemini), an array of messages, or any text, \
      which counts as the result of one tool. Gives back the same form, shorter. On a terminal it shows a table of \
      what was done instead.

      headroom compress request.json --output smaller.json
      kubectl get pods -o json | headroom compress --query "which pods restart"
      """)

  @OptionGroup var input: InputArgument
  @Option(help: "How much is allowed.") var level = Level.balanced
  @OptionGroup var model: ModelOption
  @Option(help: ArgumentHelp("What matters when rows are chosen, instead of the user's words.", valueName: "text"))
  var query: String?
  @Option(help: ArgumentHelp("For text: the tool that it is the result of.", valueName: "name"))
  var tool: String?
  @Option(help: ArgumentHelp("For text: the command that it is the output of.", valueName: "cmd"))
  var command: String?
  @Option(help: "What happens with what was found.") var mode = Options.Mode.optimize
  @Option(help: "What markers tell the model to do to see the rest.") var retrieval = RetrievalChoice.shell
  @Option(help: ArgumentHelp("Where the body goes; - is standard output.", valueName: "file"), completion: .file())
  var output: String?
  @Option(
    help: ArgumentHelp("Where a report in JSON goes; - is standard output.", valueName: "file"), completion: .file())
  var report: String?
  @OptionGroup var store: StoreOption

  func run() async throws {
    let body = try input.read()
    let originals = LazyStore(store.url)
    if store.url != nil, level != .lossless, mode == .optimize { try originals.open() }
    let options = Options(
      level: level, mode: mode, query: query, store: originals, retrieval: retrieval.path,
      hint: Hint(
        toolName: tool.map { Array($0.utf8) }, input: command.map { Array($0.utf8) },
        command: command.map { Array($0.utf8) }, path: Array(input.title.utf8)))
    let clock = ContinuousClock()
    let start = clock.now
    let result = await compress(body, model: model.name, options: options)
    let elapsed = clock.now - start
    let report = Report(result, level: level, elapsed: elapsed)
    if let name = self.report { try OutputFile.write(Array(report.json.utf8), to: name) }
    if let output {
      try OutputFile.write(result.body, to: output)
    } else if self.report != "-" {
      try Output.standard.write(result.body)
    }
  }
}
