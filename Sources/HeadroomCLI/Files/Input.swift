import ArgumentParser
import Foundation

/// The argument of commands that read one file.
struct InputArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("A file; - or nothing is standard input.", valueName: "file"), completion: .file())
  var name: String?

  /// What errors call it.
  var title: String { file.title }

  private var file: InputFile { InputFile(name: name) }

  /// Everything in it.
  /// - Throws: `CommandFailure`.
  func read() throws -> [UInt8] { try file.read() }
}

/// A file to read, or standard input.
struct InputFile {
  /// Nil, and `-`, is standard input.
  var name: String?

  /// What errors call it.
  var title: String { name == nil || name == "-" ? "standard input" : name ?? "" }

  /// Everything in it.
  /// - Throws: `CommandFailure`.
  func read() throws -> [UInt8] {
    guard let name, name != "-" else {
      if name == nil, isatty(STDIN_FILENO) == 1 {
        throw CommandFailure.usage("nothing to read; name a file, or pipe something in")
      }
      return try read(STDIN_FILENO)
    }
    let descriptor = open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    return try read(descriptor)
  }

  private func read(_ descriptor: Int32) throws -> [UInt8] {
    var status = stat()
    let expected = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    var bytes: [UInt8] = []
    // One more than expected, so that the end of a file of that size shows at once.
    var size = expected + 1
    while true {
      size = max(size, 1 << 16)
      let part = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        repeat { count = Foundation.read(descriptor, buffer.baseAddress, size) } while count < 0 && errno == EINTR
        if count < 0 {
          count = 0
          throw failure(errno)
        }
      }
      if part.isEmpty { return bytes }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      size = 0
    }
  }

  private func failure(_ code: Int32) -> CommandFailure {
    let remedy =
      switch code {
      case ENOENT: "; check the name, or use - for standard input"
      case EISDIR: "; name a file in it"
      default: ""
      }
    return CommandFailure("cannot read \(title): \(String(cString: strerror(code)))\(remedy)")
  }
}
