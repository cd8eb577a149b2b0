public import ArgumentParser
import Headroom
public import HeadroomServer
public import Logging

/// The settings of the proxy. Each can be a flag, a variable, or a line of the configuration file, under the same name.
struct ProxyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
  var host = "127.0.0.1"
  @Option(help: ArgumentHelp("The port to listen on; 0 for any.", valueName: "number"))
  var port = 8787
  @Option(help: ArgumentHelp("Where requests for Anthropic go.", valueName: "url"), transform: upstream)
  var anthropicURL = Upstreams().anthropic
  @Option(help: ArgumentHelp("Where requests for OpenAI go.", valueName: "url"), transform: upstream)
  var openaiURL = Upstreams().openAI
  @Option(help: ArgumentHelp("Where requests for Gemini go.", valueName: "url"), transform: upstream)
  var geminiURL = Upstreams().gemini
  @Option(
    help: ArgumentHelp(
      "Another address that a request may name in the header x-headroom-upstream. Repeat for more.", valueName: "url"),
    transform: upstream)
  var allowUpstream: [String] = []
  @Option(
    help: ArgumentHelp("Another name by which clients may call the proxy. Repeat for more.", valueName: "name"))
  var allowHost: [String] = []
  @Option(
    help: ArgumentHelp(
      "What clients must send in the header x-headroom-token. Needed to listen beyond loopback.", valueName: "secret"))
  var token: String?
  @Option(help: "What may happen to tool results.")
  var level = Level.balanced
  @Option(help: "How models get at what was cut.")
  var retrieval = RetrievalMode.auto
  @Option(help: "What happens to requests.")
  var mode = ProxyConfiguration.Mode.optimize
  @OptionGroup var contextManager: ContextManagerOption
  @Flag(
    inversion: .prefixedNo,
    help: "Tell dates, times and ids that change in the instructions at the end of new conversations instead.")
  var align = false
  @Option(
    help: ArgumentHelp(
      "How long new results may be worked on, in milliseconds; what is late goes out as it came.", valueName: "ms"))
  var deadline = 500
  @Option(
    help: ArgumentHelp("Bodies of more bytes are forwarded as they come.", valueName: "bytes"))
  var inspectLimit = 64 << 20
  @OptionGroup var store: StoreOption
  @Option(help: "How much is logged on standard error.")
  var logLevel = Logger.Level.notice

  func validate() throws {
    if !(0...65_535).contains(port) { throw ValidationError("No port \(port): use 0 to 65535.") }
    if deadline < 0 { throw ValidationError("No deadline of \(deadline) ms: use 0 or more.") }
    if inspectLimit < 0 { throw ValidationError("No limit of \(inspectLimit) bytes: use 0 or more.") }
    if token?.isEmpty == true { throw ValidationError("The token is empty.") }
    if !configuration.isLoopback, token == nil {
      throw ValidationError("Listening on \(host) lets other machines in: set --token, or use --host 127.0.0.1.")
    }
  }

  var configuration: ProxyConfiguration {
    ProxyConfiguration(
      host: host, port: port, upstreams: Upstreams(anthropic: anthropicURL, openAI: openaiURL, gemini: geminiURL),
      allowedUpstreams: allowUpstream, token: token, allowedHosts: allowHost, mode: mode, level: level,
      retrieval: retrieval, contextManager: contextManager.mode, aligns: align, deadlineMilliseconds: deadline,
      inspectedBytes: inspectLimit)
  }

  private static func upstream(_ address: String) throws -> String {
    if let fault = Upstreams.fault(in: address) { throw ValidationError("No upstream \(address): \(fault).") }
    return address
  }
}

extension ProxyConfiguration.Mode: ExpressibleByArgument {
  public static var allValueDescriptions: [String: String] {
    [
      "optimize": "shorten tool results",
      "audit": "forward everything as it came, and record what would have been saved",
    ]
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
