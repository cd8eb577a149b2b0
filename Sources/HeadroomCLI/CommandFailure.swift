import ArgumentParser
import Foundation
import Headroom

/// Why a command ends without its result: one line for people, and the exit status.
struct CommandFailure: Error {
  /// 1, or 2 for wrong usage.
  var status: Int32
  /// What is wrong; what to do. Nil when there is nobody to tell.
  var message: String?

  /// The exit status of wrong usage.
  static let usageStatus: Int32 = 2

  init(_ message: String) {
    status = 1
    self.message = message
  }

  static func usage(_ message: String) -> CommandFailure {
    var failure = CommandFailure(message)
    failure.status = usageStatus
    return failure
  }

  /// The reader of our output has left: `headroom … | head`.
  static var readerLeft: CommandFailure {
    var failure = CommandFailure("")
    failure.message = nil
    return failure
  }

  /// Any error that a command threw, or that parsing `arguments` did.
  static func of(_ error: any Error, _ arguments: [String]) -> CommandFailure {
    switch error {
    case let failure as CommandFailure: return failure
    case let error as StoreError: return CommandFailure(error.message + remedy(error))
    case let error as SelectionError:
      return error.code == .notFound ? CommandFailure(error.message) : .usage(error.message)
    default: break
    }
    let message = HeadroomCommand.message(for: error)
    guard HeadroomCommand.exitCode(for: error) == .validationFailure else { return CommandFailure(message) }
    let command = HeadroomCommand.configuration.subcommands.map { $0._commandName }.first { $0 == arguments.first }
    let help = (["headroom", command].compactMap { $0 } + ["--help"]).joined(separator: " ")
    return .usage(message.hasSuffix("?") ? "\(sentence(message)) See \(help)" : "\(sentence(message)); see \(help)")
  }

  private static func remedy(_ error: StoreError) -> String {
    switch error.code {
    case .unknownHandle: "; compare it with the marker, or name its store with --store"
    case .unavailable: "; name another with --store"
    case .expired: "; run the tool again"
    default: ""
    }
  }

  /// The one line, however many the message has, without control characters that a file's name may bring in.
  var line: String? {
    guard let message else { return nil }
    let signs = message.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }
    return "headroom: " + signs.joined()
  }

  /// What the parser says in some sentences and lines, as one sentence.
  private static func sentence(_ message: String) -> String {
    let words = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let end = words.hasSuffix(".") ? words.dropLast() : words[...]
    return (end.prefix(1).lowercased() + end.dropFirst())
      .replacingOccurrences(of: ". Did you", with: "; did you")
      .replacingOccurrences(of: ". Please ", with: "; ")
  }
}
