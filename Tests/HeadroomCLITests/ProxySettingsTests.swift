import ArgumentParser
import Foundation
import Headroom
import HeadroomServer
import Logging
import TestSupport
import Testing

@testable import HeadroomCLI

/// Each setting of the proxy, wherever it is written.
@Suite struct ProxySettingsTests {
  /// A value for each setting, and whether it arrived. A new setting needs a line here.
  private static let values: [(name: String, value: String, arrived: @Sendable (ProxyOptions) -> Bool)] = [
    ("host", "127.0.0.2", { $0.configuration.host == "127.0.0.2" }),
    ("port", "9001", { $0.configuration.port == 9001 }),
    ("anthropic-url", "http://a:1", { $0.configuration.upstreams.anthropic == "http://a:1" }),
    ("openai-url", "http://o:1/v1", { $0.configuration.upstreams.openAI == "http://o:1/v1" }),
    ("gemini-url", "http://g:1", { $0.configuration.upstreams.gemini == "http://g:1" }),
    ("allow-upstream", "http://x:1", { $0.configuration.allowedUpstreams == ["http://x:1"] }),
    ("allow-host", "box.local", { $0.configuration.allowedHosts == ["box.local"] }),
    ("token", "secret", { $0.configuration.token == "secret" }),
    ("level", "lossless", { $0.configuration.level == .lossless }),
    ("mode", "audit", { $0.configuration.mode == .audit }),
    ("context-manager", "cold", { $0.configuration.contextManager == .cold }),
    ("align", "on", { $0.configuration.aligns }),
    ("retrieval", "none", { $0.configuration.retrieval == .none }),
    ("deadline", "77", { $0.configuration.deadlineMilliseconds == 77 }),
    ("inspect-limit", "1234", { $0.configuration.inspectedBytes == 1234 }),
    ("store", "memory:", { $0.store.url == "memory:" }),
    ("log-level", "debug", { $0.logLevel == .debug }),
  ]

  private func options(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> ProxyOptions {
    let environment = environment.merging(["HOME": "/nowhere"]) { own, _ in own }
    return try ProxyOptions.parse(try ProxySettings.expanded(arguments, environment: environment))
  }

  @Test func everySettingWorksAsFlagVariableAndLine() throws {
    #expect(Set(ProxySettingsTests.values.map(\.name)) == ProxySettings.names)
    let folder = try TemporaryFolder()
    for (name, value, arrived) in ProxySettingsTests.values {
      #expect(!arrived(try options()), "\(name) has another default")
      let flag = ["--" + name] + (ProxySettings.switches.contains(name) ? [] : [value])
      #expect(arrived(try options(flag)), "--\(name)")
      let variable = "HEADROOM_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
      #expect(arrived(try options(environment: [variable: value])), "\(variable)")
      let file = folder.path + "/\(name).yaml"
      try "# a comment\n\(name): \"\(value)\"\n".write(toFile: file, atomically: true, encoding: .utf8)
      #expect(arrived(try options(environment: ["HEADROOM_CONFIG": file])), "\(name) in a file")
    }
  }

  @Test func whatIsNearerToTheUserWins() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/config.yaml"
    try "port: 1\nlevel: lossless\nallow-host: [a, b]\n".write(toFile: file, atomically: true, encoding: .utf8)
    let both = try options(environment: ["HEADROOM_HOME": folder.path, "HEADROOM_PORT": "2"])
    #expect(both.port == 2)
    #expect(both.level == .lossless)
    #expect(both.allowHost == ["a", "b"])
    #expect(try options(["--port", "3"], environment: ["HEADROOM_HOME": folder.path, "HEADROOM_PORT": "2"]).port == 3)
  }

  @Test(arguments: [
    (["HEADROOM_PROT": "1"], "did you mean HEADROOM_PORT?"),
    (["HEADROOM_ANYTHING": "1"], "no setting HEADROOM_ANYTHING"),
    (["HEADROOM_CONFIG": "/nowhere/config.yaml"], "cannot read the configuration /nowhere/config.yaml"),
  ])
  func unknownNamesAreErrors(_ environment: [String: String], _ words: String) throws {
    let error = #expect(throws: CommandFailure.self) { try options(environment: environment) }
    #expect(error?.message?.contains(words) == true)
  }

  @Test func aSwitchIsOnOrOff() throws {
    #expect(try !options(["--no-align"], environment: ["HEADROOM_ALIGN": "true"]).align)
    #expect(try options(["--align"], environment: ["HEADROOM_ALIGN": "0"]).align)
    #expect(throws: CommandFailure.self) { try options(environment: ["HEADROOM_ALIGN": "perhaps"]) }
  }

  @Test func whatIsAlwaysSoMayBeAskedFor() throws {
    let asked = ["HEADROOM_OFFLINE": "1", "HEADROOM_TELEMETRY": "off", "HEADROOM_UPDATE_CHECK": "0"]
    #expect(try options(environment: asked).port == 8787)
    for (variable, value) in [("HEADROOM_OFFLINE", "0"), ("HEADROOM_TELEMETRY", "on")] {
      #expect(throws: CommandFailure.self) { try options(environment: [variable: value]) }
    }
  }

  @Test(arguments: [
    ("prot: 1", "did you mean port?"), ("- 1", "is to have lines such as port: 8787"),
    ("port: {a: 1}", "neither a value nor a list"), ("port: [", "is no YAML"),
  ])
  func aFileThatIsNotUnderstoodIsAnError(_ text: String, _ words: String) throws {
    let error = #expect(throws: CommandFailure.self) { try ProxySettings.settings(text, "config.yaml") }
    #expect(error?.message?.contains(words) == true)
  }

  @Test(arguments: [
    ["--port", "70000"], ["--port", "x"], ["--deadline", "-1"], ["--host", "0.0.0.0"], ["--token", ""],
    ["--anthropic-url", "api.anthropic.com"], ["--openai-url", "http://"], ["--gemini-url", "http://u:p@host"],
    ["--level", "best"], ["--mode", "on"], ["--context-manager", "on"], ["--log-level", "loud"], ["--no-such", "1"],
  ])
  func aWrongValueIsAnError(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try options(arguments) }
  }
}
