import ArgumentParser
import Headroom
import HeadroomServer
import HeadroomStore
import Logging

/// `headroom proxy`: between an agent and its provider.
struct ProxyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proxy",
    abstract: "Run the proxy between agents and their providers.",
    discussion: """
      Point a client at it: ANTHROPIC_BASE_URL=http://127.0.0.1:8787, OPENAI_BASE_URL=http://127.0.0.1:8787/v1. Tool \
      results go on shortened, everything else byte for byte; what was sent once is sent the same in every later \
      request, so the provider's prompt cache holds. Credentials are the client's and are only passed on.

      Every setting can also be a variable (HEADROOM_PORT=9000) or a line in ~/.headroom/config.yaml (port: 9000). \
      Flags win over variables, variables over the file.

      EXAMPLES:
        headroom proxy
        headroom proxy --port 9000 --level lossless
        headroom proxy --mode audit
        headroom proxy --openai-url http://localhost:11434/v1
      """)

  @Option(
    name: .customLong("config"),
    help: ArgumentHelp("The file with settings. (default: ~/.headroom/config.yaml)", valueName: "file"),
    completion: .file())
  var configurationFile: String?
  @OptionGroup var options: ProxyOptions

  func run() async throws {
    var logger = Logger(label: "headroom") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = options.logLevel
    let configuration = options.configuration
    let storage = try Stores.open(options.store.url)
    try storage.prepare()
    let server = ProxyServer(configuration, storage: storage, logger: logger) { port in
      Output.error.note("headroom: listening on http://\(configuration.host):\(port)")
    }
    do {
      try await server.runUntilSignal()
    } catch {
      throw CommandFailure("the proxy ended: \(error)")
    }
  }
}
