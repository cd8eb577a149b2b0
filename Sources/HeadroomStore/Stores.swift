public import Foundation
public import Headroom

/// Opens stores by their address.
public enum Stores {
  /// Every kind of store: what its address begins with, and how the rest of it is opened.
  private static let kinds: [(scheme: String, form: String, open: @Sendable (String) throws -> any OriginalStore)] = [
    ("sqlite", "sqlite:PATH", { try SQLiteStore(path: filePath($0)) }),
    ("memory", "memory:", { _ in MemoryStore() }),
  ]

  /// The store that `url` names: `sqlite:PATH` or `memory:`; nil is the file `headroom.db` in the folder `~/.headroom`,
  /// or in the one that the variable `HEADROOM_HOME` names.
  /// - Throws: `StoreError`: `invalidURL`, or what opening it reports.
  public static func open(
    _ url: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> any OriginalStore {
    let url = url ?? "sqlite:" + defaultPath(environment: environment)
    let parts = url.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let kind = kinds.first(where: { $0.scheme == parts[0] }) else {
      let forms = kinds.map(\.form).joined(separator: " or ")
      throw StoreError(.invalidURL, "no store \(url): use \(forms)")
    }
    return try kind.open(parts[1])
  }

  /// Where the store is that nobody chose.
  public static func defaultPath(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
    let folder = environment["HEADROOM_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "~/.headroom"
    return (folder as NSString).expandingTildeInPath + "/headroom.db"
  }

  /// A path as written after `sqlite:`; `///` before it, as in other addresses, is the root folder.
  @Sendable private static func filePath(_ text: String) throws -> String {
    let path = text.hasPrefix("//") ? String(text.dropFirst(2)) : text
    if path.isEmpty { throw StoreError(.invalidURL, "no path in sqlite: use sqlite:PATH") }
    return (path as NSString).expandingTildeInPath
  }
}
