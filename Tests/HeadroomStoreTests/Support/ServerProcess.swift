import Foundation
import Synchronization

/// A server that ends with this process, and its folder with it.
///
/// A shell waits for the end of its input, which comes with the end of this process, whatever that is; then it ends the server.
final class ServerProcess: Sendable {
  private let input: FileHandle

  init(_ command: [String], folder: String) throws {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", Self.script, "sh", folder] + command
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.standardInput = pipe
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    input = pipe.fileHandleForWriting
    // Otherwise each process that the tests start would keep the server alive.
    _ = fcntl(input.fileDescriptor, F_SETFD, FD_CLOEXEC)
    // Threads of a pool block signals, and their children begin with that; a shell that does not hear of the end of its own waits for ever.
    var (none, before) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  /// Ends the server and starts it anew.
  func restart() throws { try input.write(contentsOf: Data("restart\n".utf8)) }

  private static let script = """
    folder=$1; shift
    "$@" </dev/null & server=$!
    while read -r line; do
      kill -INT $server; wait $server
      "$@" </dev/null & server=$!
    done
    kill -QUIT $server; wait $server
    rm -rf "$folder"
    """
}
