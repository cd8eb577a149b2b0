import ArgumentParser
import Foundation
import Yams

/// Settings of the proxy from elsewhere than the command line: `HEADROOM_PORT=9000`, or `port: 9000` in a file.
///
/// They become flags that stand before those of the command line, so that each setting has one name, one check and one meaning, and what is
/// nearer to the user wins.
enum ProxySettings {
  /// Every setting, by the name of its flag.
  static let names: Set<String> = [
    "host", "port", "anthropic-url", "openai-url", "gemini-url", "allow-upstream", "allow-host", "token", "level",
    "mode", "retrieval", "context-manager", "align", "deadline", "inspect-limit", "store", "log-level",
  ]
  /// Those that are on or off, and flags without a value on the command line.
  static let switches: Set<String> = ["align"]

  /// Variables that mean something else; the last is for the project's own tests.
  private static let others: Set<String> = ["HEADROOM_HOME", "HEADROOM_CONFIG", "HEADROOM_DATA"]
  /// What people set from habit: that there be no telemetry, no look for updates and no other connections, which there never are.
  private static let granted: [String: Set<String>] = [
    "HEADROOM_OFFLINE": ["1", "true", "on", "yes"], "HEADROOM_TELEMETRY": ["0", "false", "off", "no"],
    "HEADROOM_UPDATE_CHECK": ["0", "false", "off", "no"],
  ]
  private static let prefix = "HEADROOM_"

  /// The arguments of `headroom proxy` with those of the file and of the environment before them.
  /// - Throws: `CommandFailure` for a name that is no setting, or a file that cannot be read.
  static func expanded(_ arguments: [String], environment: [String: String]) throws -> [String] {
    let named = value(of: "--config", in: arguments) ?? environment["HEADROOM_CONFIG"]
    return try file(named, environment) + variables(environment) + arguments
  }

  private static func value(of flag: String, in arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() {
      if argument == flag { return arguments.dropFirst(index + 1).first }
      if argument.hasPrefix(flag + "=") { return String(argument.dropFirst(flag.count + 1)) }
    }
    return nil
  }

  // MARK: Variables

  static func variables(_ environment: [String: String]) throws -> [String] {
    try environment.filter { $0.key.hasPrefix(prefix) && !others.contains($0.key) }.sorted { $0.key < $1.key }
      .flatMap { variable, value -> [String] in
        let name = variable.dropFirst(prefix.count).lowercased().replacingOccurrences(of: "_", with: "-")
        if let wishes = granted[variable] {
          if wishes.contains(value.lowercased()) { return [] }
          throw CommandFailure.usage("\(variable)=\(value) asks for what there is not: unset it")
        }
        guard names.contains(name) else {
          throw CommandFailure.usage("no setting \(variable)\(suggestion(name) { variableName($0) })")
        }
        return try arguments(name, value, in: variable)
      }
  }

  /// A setting as it stands on the command line.
  private static func arguments(_ name: String, _ value: String, in place: String) throws -> [String] {
    guard switches.contains(name) else { return ["--" + name, value] }
    switch value.lowercased() {
    case "1", "true", "on", "yes": return ["--" + name]
    case "0", "false", "off", "no": return ["--no-" + name]
    default: throw CommandFailure.usage("\(place): \(name) is on or off, not \(value)")
    }
  }

  private static func variableName(_ name: String) -> String {
    prefix + name.uppercased().replacingOccurrences(of: "-", with: "_")
  }

  // MARK: File

  /// The settings in the file that is named, or else in `config.yaml` in Headroom's folder, if there is one.
  private static func file(_ named: String?, _ environment: [String: String]) throws -> [String] {
    let folder =
      environment["HEADROOM_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? (environment["HOME"] ?? "") + "/.headroom"
    let path = named ?? folder + "/config.yaml"
    guard let data = FileManager.default.contents(atPath: path) else {
      if named == nil { return [] }
      throw CommandFailure("cannot read the configuration \(path)")
    }
    return try settings(String(decoding: data, as: UTF8.self), path)
  }

  static func settings(_ text: String, _ path: String) throws -> [String] {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw CommandFailure("the configuration \(path) is no YAML: \(error)")
    }
    guard let node else { return [] }
    guard let mapping = node.mapping else {
      throw CommandFailure("the configuration \(path) is to have lines such as port: 8787")
    }
    return try mapping.flatMap { key, value -> [String] in
      guard let name = key.string, names.contains(name) else {
        let name = key.string ?? "?"
        throw CommandFailure("no setting \(name) in \(path)\(suggestion(name) { $0 })")
      }
      let values = value.sequence.map { $0.map(\.string) } ?? [value.string]
      return try values.flatMap { value -> [String] in
        guard let value else {
          throw CommandFailure("the setting \(name) in \(path) is neither a value nor a list of them")
        }
        return try arguments(name, value, in: path)
      }
    }
  }

  /// `; did you mean port?`, when one of the names is meant.
  private static func suggestion(_ name: String, _ spelled: (String) -> String) -> String {
    let nearest = names.sorted().map { ($0, distance($0, name)) }.min { $0.1 < $1.1 }
    guard let nearest, nearest.1 <= 2 else { return "; see headroom proxy --help" }
    return "; did you mean \(spelled(nearest.0))?"
  }

  /// Levenshtein's distance: how many letters to change, add or drop.
  private static func distance(_ a: String, _ b: String) -> Int {
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var corner = row[0]
      row[0] = i + 1
      for j in b.indices {
        let cost = corner + (letter == b[j] ? 0 : 1)
        corner = row[j + 1]
        row[j + 1] = min(cost, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[b.count]
  }
}
