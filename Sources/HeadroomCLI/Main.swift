import ArgumentParser
import Foundation

/// The program's entry: runs a command and turns what it throws into one line and an exit status.
@main
enum Main {
  static func main() async {
    // Writing to a closed pipe is then an error like any other, and a store is never left in the middle of a write.
    signal(SIGPIPE, SIG_IGN)
    exit(await run(Array(CommandLine.arguments.dropFirst())))
  }

  private static func run(_ arguments: [String]) async -> Int32 {
    do {
      var arguments = arguments
      if arguments.first == ProxyCommand.configuration.commandName {
        let settings = try ProxySettings.expanded(
          Array(arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
        arguments = arguments.prefix(1) + settings
      }
      var command = try HeadroomCommand.parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return 0
    } catch {
      return end(with: error, arguments)
    }
  }

  private static func end(with error: any Error, _ arguments: [String]) -> Int32 {
    if HeadroomCommand.exitCode(for: error) == .success {
      do {
        try Output.standard.write(HeadroomCommand.fullMessage(for: error) + "\n")
        return 0
      } catch {
        return end(with: error, arguments)
      }
    }
    let failure = CommandFailure.of(error, arguments)
    if let line = failure.line { Output.error.note(line) }
    return failure.status
  }
}
