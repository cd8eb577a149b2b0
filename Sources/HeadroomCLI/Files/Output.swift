import Foundation

/// Where a command's output goes: a descriptor, written to the end or with an error.
struct Output {
  /// What errors call it.
  let title: String
  let descriptor: Int32

  static let standard = Output(title: "standard output", descriptor: STDOUT_FILENO)
  static let error = Output(title: "standard error", descriptor: STDERR_FILENO)

  var isTerminal: Bool { isatty(descriptor) == 1 }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Writes all of `bytes`.
  /// - Throws: `CommandFailure`.
  func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno == EPIPE {
          throw CommandFailure.readerLeft
        } else if errno == EAGAIN {
          // The descriptor is shared with a process that made it non-blocking.
          var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&request, 1, -1)
        } else if errno != EINTR {
          throw failure(errno)
        }
      }
    }
  }

  /// Writes a line for people. That it cannot be written is nobody's loss.
  func note(_ line: String) { try? write(line + "\n") }

  func failure(_ code: Int32) -> CommandFailure {
    CommandFailure("cannot write \(title): \(String(cString: strerror(code)))")
  }
}
