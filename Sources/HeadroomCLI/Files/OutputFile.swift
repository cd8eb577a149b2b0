import Foundation

/// A file that a command writes. It is replaced at once when all is written, so that a full disk leaves the old one.
enum OutputFile {
  /// - Parameter name: a path; `-` is standard output.
  /// - Throws: `CommandFailure`.
  static func write(_ bytes: [UInt8], to name: String) throws {
    if name == "-" { return try Output.standard.write(bytes) }
    var status = stat()
    let exists = stat(name, &status) == 0
    // A device or a pipe is written as it is; so is a file in a folder where we cannot make another one.
    guard !exists || status.st_mode & S_IFMT == S_IFREG,
      let target = realpath(exists ? name : folder(of: name), nil)
    else { return try writeInPlace(bytes, name) }
    defer { free(target) }
    let path = exists ? String(cString: target) : name
    let temporary = path + ".\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return try writeInPlace(bytes, name) }
    do {
      if exists { fchmod(descriptor, status.st_mode & 0o7777) }
      try close(descriptor, named: name) { try Output(title: name, descriptor: descriptor).write(bytes) }
      guard rename(temporary, path) == 0 else { throw Output(title: name, descriptor: -1).failure(errno) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Not Foundation's function: on Linux that one ends the process for `a`.
  private static func folder(of name: String) -> String {
    guard let slash = name.lastIndex(of: "/") else { return "." }
    return slash == name.startIndex ? "/" : String(name[..<slash])
  }

  private static func writeInPlace(_ bytes: [UInt8], _ name: String) throws {
    let descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Output(title: name, descriptor: -1).failure(errno) }
    try close(descriptor, named: name) { try Output(title: name, descriptor: descriptor).write(bytes) }
  }

  /// Runs `body` and closes the descriptor. Some file systems report a full disk only then.
  private static func close(_ descriptor: Int32, named name: String, after body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      Foundation.close(descriptor)
      throw error
    }
    guard Foundation.close(descriptor) == 0 else { throw Output(title: name, descriptor: -1).failure(errno) }
  }
}
