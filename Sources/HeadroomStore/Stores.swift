public import Foundation
import Headroom

/// Opens stores by their address.
public enum Stores {
  /// A kind of store: what its address begins with, and how the rest of it is opened.
  private struct Kind: Sendable {
    let scheme: String
    /// How it is written; nil when it is another name for one above.
    let form: String?
    let open: @Sendable (_ rest: String, _ mustExist: Bool, _ environment: [String: String]) throws -> Storage
  }

  /// Every kind of store. Add yours here.
  private static let kinds: [Kind] = [
    Kind(scheme: "sqlite", form: "sqlite:PATH") { try sqlite(filePath($0, $2), mustExist: $1) },
    Kind(scheme: "memory", form: "memory:") { _, _, _ in Storage.memory() },
    Kind(scheme: "postgres", form: "postgres://USER@HOST/DATABASE") { rest, mustExist, _ in
      try postgres(rest, mustExist: mustExist)
    },
    Kind(scheme: "postgresql", form: nil) { rest, mustExist, _ in
      try postgres(rest, mustExist: mustExist)
    },
  ]

  /// The store that `url` names: `sqlite:PATH`, `memory:` or `postgres://…`; nil is the file `headroom.db` in the folder `~/.headroom`,
  /// or in the one that the variable `HEADROOM_HOME` names.
  ///
  /// It is opened at its first use, and a file is made when something is first written; see ``Storage/prepare()``.
  /// - Parameter mustExist: whether a file or tables that are not there are an error. For those who only read.
  /// - Throws: `StoreError`: `invalidURL`, or `unavailable` when it must exist and does not.
  public static func open(
    _ url: String? = nil, mustExist: Bool = false,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Storage {
    let (kind, rest) = try parse(url ?? "sqlite:" + defaultPath(environment: environment))
    return try kind.open(rest, mustExist, environment)
  }

  /// Whether `url` is the address of a store, without opening it.
  /// - Throws: `StoreError` with the code `invalidURL`.
  public static func check(_ url: String) throws { _ = try parse(url) }

  private static func parse(_ url: String) throws -> (Kind, rest: String) {
    let parts = url.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let kind = kinds.first(where: { $0.scheme == parts[0] }) else {
      let forms = kinds.compactMap(\.form).joined(separator: " or ")
      throw StoreError(.invalidURL, "no store \(withoutCredentials(url)): use \(forms)")
    }
    return (kind, parts[1])
  }

  /// An address as it may be shown, as what is written in one may be a password.
  private static func withoutCredentials(_ url: String) -> String {
    url.firstRange(of: ":").map { url[..<$0.upperBound] + "…" } ?? url
  }

  @Sendable private static func postgres(_ rest: String, mustExist: Bool) throws -> Storage {
    let database = try PostgresDatabase("postgresql:" + rest)
    if mustExist, try !database.exists() {
      throw StoreError(.unavailable, "there is no store in \(database.description)")
    }
    return Storage.postgres(database)
  }

  @Sendable private static func sqlite(_ path: String, mustExist: Bool) throws -> Storage {
    if mustExist, !FileManager.default.fileExists(atPath: path) {
      throw StoreError(.unavailable, "there is no store \(path)")
    }
    return Storage.sqlite(DatabaseFile.shared(path: path))
  }

  /// Where the store is that nobody chose.
  public static func defaultPath(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
    let folder = environment["HEADROOM_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "~/.headroom"
    return expanded(folder, environment) + "/headroom.db"
  }

  /// A path as written after `sqlite:`; `///` before it, as in other addresses, is the root folder.
  @Sendable private static func filePath(_ text: String, _ environment: [String: String]) throws -> String {
    let path = text.hasPrefix("//") ? String(text.dropFirst(2)) : text
    if path.isEmpty { throw StoreError(.invalidURL, "no path in sqlite: use sqlite:PATH") }
    return expanded(path, environment)
  }

  /// `~` as a shell reads it: the folder that `HOME` names. Foundation asks the list of users alone.
  private static func expanded(_ path: String, _ environment: [String: String]) -> String {
    if path == "~" || path.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty {
      return home + path.dropFirst()
    }
    return (path as NSString).expandingTildeInPath
  }
}
