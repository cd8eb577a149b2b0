import ArgumentParser
import Foundation
import Headroom
import HeadroomStore

/// `headroom compress`: the main job.
struct CompressCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: "Make the tool results of a request shorter.",
    discussion: """
      Takes a request body (Anthropic Messages, OpenAI Chat or Responses, Gemini), an array of messages, or any text, \
      which counts as the result of one tool. Gives back the same form, shorter. On a terminal it shows a table of \
      what was done instead.

      EXAMPLES:
        headroom compress request.json
        headroom compress request.json --output smaller.json --report report.json
        kubectl get pods -o json | headroom compress --query "which pods restart"
      """)

  @OptionGroup var input: InputArgument
  @OptionGroup var level: LevelOption
  @OptionGroup var model: ModelOption
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What matters when rows are chosen. (default: the user's words in the request)", valueName: "text"))
  var query: String?
  @Option(help: ArgumentHelp("For text: the tool that it is the result of.", valueName: "name"))
  var tool: String?
  @Option(
    parsing: .unconditional, help: ArgumentHelp("For text: the command that it is the output of.", valueName: "cmd"))
  var command: String?
  @Option(help: "What happens with what was found.")
  var mode = Options.Mode.optimize
  @Option(help: "What markers tell the model to do to see the rest.")
  var retrieval = RetrievalChoice.shell
  @Option(
    help: ArgumentHelp(
      "Write the body there; - is standard output. (default: -, but a table on a terminal)", valueName: "file"),
    completion: .file())
  var output: String?
  @Option(
    help: ArgumentHelp("Write a report in JSON there; - is standard output, instead of the body.", valueName: "file"),
    completion: .file())
  var report: String?
  @Flag(help: "Same as --report -.")
  var json = false
  @Flag(help: "Show the segments of each result, the forms that were tried and their prices, instead of the body.")
  var explain = false
  @OptionGroup var store: StoreOption

  func validate() throws {
    if explain, output == "-" {
      throw ValidationError("The explanation goes to standard output; give the body a file.")
    }
    if output == "-", json || report == "-" {
      throw ValidationError("The body and the report cannot both go to standard output; give one of them a file.")
    }
  }

  func run() async throws {
    let body = try input.read()
    let storage = try Stores.open(store.url)
    if mayStore(body) { try open(storage) }
    let options = Options(
      level: level.value, mode: mode, query: query, store: storage.originals, retrieval: retrieval.path, hint: hint,
      explains: explain)
    let progress = Progress(bytes: body.count)
    let clock = ContinuousClock()
    let start = clock.now
    let result = await compress(body, model: model.name, options: options)
    let elapsed = clock.now - start
    progress.end()
    try write(result, elapsed)
    warn(of: result)
  }

  // MARK: Input

  private var hint: Hint {
    let command = command.map { Array($0.utf8) }
    return Hint(
      toolName: tool.map { Array($0.utf8) }, input: command, command: command,
      path: tool.map { _ in Array(input.title.utf8) })
  }

  /// Whether originals may have to be kept, as far as one can tell beforehand.
  private func mayStore(_ body: [UInt8]) -> Bool {
    level.value != .lossless && mode == .optimize && body.count >= 1024
  }

  /// Opens the store before the clock starts. The user's own is not made before something is cut; that it cannot be opened means that
  /// nothing is cut, while one that was asked for has to work.
  private func open(_ storage: Storage) throws {
    if store.url != nil {
      try storage.prepare()
    } else if FileManager.default.fileExists(atPath: Stores.defaultPath()) {
      try? storage.prepare()
    }
  }

  // MARK: Output

  private func write(_ result: CompressionResult, _ elapsed: Duration) throws {
    let report = Report(result, level: level.value, elapsed: elapsed)
    if let output { try OutputFile.write(result.body, to: output) }
    if let name = self.report { try OutputFile.write(Array(report.json.utf8), to: name) }
    if json, self.report != "-" { try Output.standard.write(report.json) }
    if explain, self.report != "-", !json {
      try Output.standard.write(ExplanationText(result: result).text(on: .standard))
      return
    }
    guard output == nil, self.report != "-", !json else { return }
    if Output.standard.isTerminal {
      try Output.standard.write(summary(result, elapsed, on: .standard))
    } else {
      try Output.standard.write(result.body)
    }
  }

  private func summary(_ result: CompressionResult, _ elapsed: Duration, on terminal: Terminal) -> String {
    if result.passedThrough == .noBlocks { return "There is no tool result in \(input.title).\n" }
    var notes = ["level \(level.value)", "model \(result.model)", elapsed.rounded]
    if !result.isExact { notes.append("counts are estimates") }
    if mode == .audit { notes.append("audit: nothing was shortened") }
    if mode == .simulate { notes.append("simulated: nothing was stored") }
    return ResultTable(result: result).text(on: terminal)
      + terminal.styled(notes.joined(separator: " · "), .faint) + "\n"
      + terminal.styled("--output FILE writes the body, --report FILE a report.", .faint) + "\n"
  }

  /// Says what the user would otherwise find out too late.
  private func warn(of result: CompressionResult) {
    if let failure = result.blocks.lazy.compactMap(\.storeFailure).first {
      Output.error.note("headroom: nothing was cut, as originals could not be stored: \(failure)")
    }
    if store.url?.hasPrefix("memory:") == true, mode == .optimize, result.blocks.contains(where: { $0.handle != nil }) {
      Output.error.note("headroom: the originals of what was cut were in memory and are gone; use --store sqlite:PATH")
    }
  }
}
