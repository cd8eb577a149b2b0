import Foundation
import Headroom

/// Where a database is and who opens it, as `postgres://user:password@host:port/database?sslmode=verify-full`.
struct PostgresAddress: Sendable {
  /// With all that is secret.
  let url: String
  /// For people.
  let description: String
  /// How long to try to connect, in seconds.
  let patience: Int
  private let secrets: [String]

  /// - Throws: `StoreError` with the code `invalidURL`, which tells nothing of what is written there.
  init(_ url: String, _ library: LibPQ) throws(StoreError) {
    guard let options = PostgresAddress.options(url, library) else {
      throw StoreError(
        .invalidURL, "not an address of PostgreSQL: use postgres://USER:PASSWORD@HOST:PORT/DATABASE")
    }
    self.url = url
    secrets = options.compactMap { $0.isSecret && !$0.value.isEmpty ? $0.value : nil }
    func value(_ name: String) -> String? { options.first { $0.name == name }?.value }
    patience = value("connect_timeout").flatMap { Int($0) }.map { min(max($0, 1), 60) } ?? 5
    let port = value("port").map { ":" + $0 } ?? ""
    description = "postgres://\(value("host") ?? "localhost")\(port)/\(value("dbname") ?? "")"
  }

  /// A message with nothing secret in it.
  func cleaned(_ message: String) -> String {
    secrets.reduce(message) { $0.replacingOccurrences(of: $1, with: "***") }
  }

  private struct Option {
    let name: String
    let value: String
    let isSecret: Bool
  }

  /// What an address sets; nil when it is none.
  private static func options(_ url: String, _ library: LibPQ) -> [Option]? {
    var complaint: UnsafeMutablePointer<CChar>?
    // What it complains of may quote the password.
    defer { library.freemem(complaint) }
    guard let list = library.conninfoParse(url, &complaint) else { return nil }
    defer { library.conninfoFree(list) }
    // PQconninfoOption: six pointers (keyword, envvar, compiled, val, label, dispchar), and an int.
    let pointer = MemoryLayout<UnsafePointer<CChar>?>.size
    let stride = (6 * pointer + MemoryLayout<CInt>.size + pointer - 1) / pointer * pointer
    func text(_ index: Int, _ field: Int) -> String? {
      list.load(fromByteOffset: index * stride + field * pointer, as: UnsafePointer<CChar>?.self)
        .map { String(cString: $0) }
    }
    var options: [Option] = []
    for index in 0... {
      guard let name = text(index, 0) else { break }
      // Fields to be shown as stars.
      if let value = text(index, 3) {
        options.append(Option(name: name, value: value, isSecret: text(index, 5) == "*"))
      }
    }
    return options
  }
}
