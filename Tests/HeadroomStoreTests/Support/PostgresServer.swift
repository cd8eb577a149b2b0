import Foundation
import Headroom
import HeadroomStore

/// A PostgreSQL server for the tests: its own, in a folder of its own, ended with the tests however they end.
final class PostgresServer: Sendable {
  static let name = "headroom"
  static let password = "p@ss/w?rd:#1"

  /// Whether one can be had: there are its programs, and somebody other than root to run them.
  static let isPresent = programs != nil && user != nil

  /// The server, started at its first use.
  static func shared() throws -> PostgresServer { try started.get() }
  private static let started = Result { try PostgresServer() }

  private let folder: String
  private let port: Int
  private let process: ServerProcess

  /// An address without a password: through a socket in the server's folder.
  func address(database: String = "postgres", options: String = "") -> String {
    "postgres:///\(database)?host=\(folder)&port=\(port)&user=\(PostgresServer.name)\(options)"
  }

  /// An address that needs the password, which here is `password`.
  func address(password: String) -> String {
    let encoded = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "postgresql://\(PostgresServer.name):\(encoded)@127.0.0.1:\(port)/postgres"
  }

  /// An address of an empty place among the others in the database.
  func emptyPlace() throws -> String {
    let name = "place_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try run("CREATE SCHEMA \(name)")
    return address(options: "&options=-csearch_path%3D\(name)")
  }

  /// Runs a statement as the superuser.
  /// - Returns: its first value.
  @discardableResult
  func run(_ statement: String, database: String = "postgres") throws -> String {
    try PostgresServer.output(
      of: "psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", address(database: database), "-c", statement])
  }

  /// Ends the server, with all connections to it, and starts it anew.
  func restart() throws { try process.restart() }

  init() throws {
    folder = try PostgresServer.output(of: "mktemp", ["-d", "/tmp/headroom-postgres-XXXXXX"])
    port = Int.random(in: 20_000..<32_000)
    let passwordFile = folder + "/password"
    try Data(PostgresServer.password.utf8).write(to: URL(fileURLWithPath: passwordFile))
    let data = folder + "/data"
    _ = try PostgresServer.output(
      of: "initdb",
      [
        "-D", data, "-U", PostgresServer.name, "--encoding=UTF8", "--locale=C", "--no-sync", "--auth-local=trust",
        "--auth-host=scram-sha-256", "--pwfile", passwordFile,
      ], ownedFolder: folder)
    let settings = [
      "fsync=off", "full_page_writes=off", "listen_addresses=127.0.0.1", "port=\(port)",
      "unix_socket_directories=\(folder)", "shared_buffers=16MB", "max_connections=60", "log_min_messages=fatal",
      "jit=off",
    ]
    process = try ServerProcess(
      PostgresServer.command("postgres", ["-D", data] + settings.flatMap { ["-c", $0] }), folder: folder)
    for attempt in 0... {
      do {
        try run("SELECT 1")
        return
      } catch  where attempt < 600 {
        usleep(100_000)
      }
    }
  }

  // MARK: Programs

  /// Where the server's programs are: Debian keeps them off the path.
  private static let programs: String? = {
    let debian = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let folders = debian.sorted { $0.compare($1, options: .numeric) == .orderedDescending }
      .map { "/usr/lib/postgresql/\($0)/bin" }
    return (folders + path).first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
  }()

  /// Who runs the server, as it refuses root: nil when nobody can; empty for whoever runs the tests.
  private static let user: String? = {
    if geteuid() != 0 { return "" }
    return ["postgres", "nobody"].first { getpwnam($0) != nil && (try? output(of: "setpriv", ["--version"])) != nil }
  }()

  private static func command(_ program: String, _ arguments: [String]) -> [String] {
    let path = programs.map { $0 + "/" + program } ?? program
    let isServer = FileManager.default.isExecutableFile(atPath: path)
    guard isServer, let user, !user.isEmpty else { return [isServer ? path : program] + arguments }
    return ["setpriv", "--reuid", user, "--regid", String(getpwnam(user)?.pointee.pw_gid ?? 0), "--clear-groups", path]
      + arguments
  }

  /// What a program writes, without the end of its last line.
  private static func output(of program: String, _ arguments: [String], ownedFolder: String? = nil) throws -> String {
    if let ownedFolder, let user, !user.isEmpty {
      let folder = try FileManager.default.contentsOfDirectory(atPath: ownedFolder).map { ownedFolder + "/" + $0 }
      for path in [ownedFolder] + folder {
        chown(path, getpwnam(user)?.pointee.pw_uid ?? 0, getpwnam(user)?.pointee.pw_gid ?? 0)
      }
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command(program, arguments)
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(program: program, complaints: complaints) }
    return text.trimmingCharacters(in: .newlines)
  }

  struct Failure: Error {
    let program: String
    let complaints: String
  }
}
