import Foundation

extension Program {
  /// Runs `headroom` as on a terminal of 80 columns, and gives what it shows. Its input is one too, unless there is a file.
  func runOnTerminal(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    let (master, terminal) = try pseudoTerminal()
    defer { close(master) }
    var size = winsize(ws_row: 25, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = self.environment.merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 }
    let handle = FileHandle(fileDescriptor: terminal, closeOnDealloc: false)
    process.standardInput = handle
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    close(terminal)
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(master, &buffer, buffer.count)
      if count <= 0 { break }
      output += buffer[..<count]
    }
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, hasExited: process.terminationReason == .exit,
      output: output.filter { $0 != UInt8(ascii: "\r") }, errors: "")
  }
}

/// Both ends of a new terminal.
private func pseudoTerminal() throws -> (master: Int32, terminal: Int32) {
  #if canImport(Darwin)
    let master = posix_openpt(O_RDWR | O_NOCTTY)
    guard master >= 0, grantpt(master) == 0, unlockpt(master) == 0, let name = ptsname(master) else {
      throw POSIXError(.ENODEV)
    }
    let path = String(cString: name)
  #else
    // Swift's view of glibc lacks these functions, so here is what they do.
    let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK, TIOCGPTN
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var value: Int32 = 0
    guard master >= 0, ioctl(master, unlock, &value) == 0, ioctl(master, number, &value) == 0 else {
      throw POSIXError(.ENODEV)
    }
    let path = "/dev/pts/\(value)"
  #endif
  let terminal = open(path, O_RDWR | O_NOCTTY)
  guard terminal >= 0 else { throw POSIXError(.ENODEV) }
  return (master, terminal)
}
