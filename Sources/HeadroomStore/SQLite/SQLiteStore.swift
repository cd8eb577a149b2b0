public import Foundation
import GRDB
public import Headroom

/// Originals in a SQLite file, shared by all processes of a user.
///
/// The file and the two beside it are readable by their user alone. What was not used for long expires, and what was
/// unused for longest makes room when the file holds too much; what was put or used within the last hour always stays.
/// An expired original keeps its name, so that an old handle never comes to mean something else.
public final class SQLiteStore: OriginalStore {
  public typealias Limits = OriginalLimits

  private let file: DatabaseFile
  private let limits: Limits
  private let shortestHandle: Int
  private let isDurable: Bool
  private let now: @Sendable () -> Date

  /// Opens the store at `path`, and makes the file and its folders where they are missing.
  /// - Parameter now: the time; tests set it.
  /// - Throws: `StoreError`.
  public convenience init(
    path: String, limits: Limits = Limits(), now: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    self.init(DatabaseFile(path: path), limits: limits, now: now)
    try file.prepare()
    try expire()
  }

  /// - Parameter isDurable: whether a put waits for the disk, or leaves that to the next durable write to the file.
  package init(
    _ file: DatabaseFile, limits: Limits = Limits(), shortestHandle: Int = Handle.shortest, isDurable: Bool = true,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.file = file
    self.limits = limits
    self.shortestHandle = shortestHandle
    self.isDurable = isDurable
    self.now = now
  }

  public func put(_ original: [UInt8]) throws -> Handle {
    let full = Handle(of: original, length: Handle.longest)
    let time = seconds
    let fresh = try file.read { try Self.lengthIfFresh(full.name, since: time - Limits.useInterval, $0) } ?? nil
    let length =
      try fresh ?? file.write(isDurable: isDurable) { try self.put(original, name: full.name, at: time, $0) }
    return full.prefix(length)
  }

  public func original(_ handle: Handle) throws -> [UInt8] {
    guard let found = try file.read({ try Self.find(handle, $0) }) else { throw HandleRule.unknown(handle) }
    guard Handle(of: found.bytes, length: Handle.longest).name == found.name else {
      throw StoreError(.damaged, "the original \(handle) in \(file.path) is damaged")
    }
    let time = seconds
    if found.used < time - Limits.useInterval {
      // The original is at hand; that its use cannot be noted, on a full disk for example, must not withhold it.
      try? file.write(isDurable: false) {
        try $0.execute(sql: "UPDATE original SET used = max(used, ?) WHERE id = ?", arguments: [time, found.id])
      }
    }
    return found.bytes
  }

  /// Lets originals go that are too old or too many now. Opening the store and every put do the same.
  public func expire() throws {
    let time = seconds
    while try file.read({ try self.isAnythingDue(at: time, $0) }) == true {
      try file.write { try self.expire(at: time, $0) }
    }
  }

  /// How many originals are here, and their bytes.
  public func size() throws -> (originals: Int, bytes: Int) {
    try file.read { database in
      let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM original WHERE bytes IS NOT NULL") ?? 0
      return (count, try Self.total(database))
    } ?? (0, 0)
  }

  private var seconds: Int { Int(now().timeIntervalSince1970.rounded(.down)) }
}

// MARK: - Tables

extension SQLiteStore {
  /// `name` is the digest in the alphabet of handles; `bytes` is null once expired. A running total spares a sum over
  /// all rows at each put.
  @Sendable static func createTables(_ database: Database) throws {
    try DatabaseFile.mark(database)
    try database.execute(
      sql: """
        CREATE TABLE original (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          handleLength INTEGER NOT NULL,
          size INTEGER NOT NULL,
          created INTEGER NOT NULL,
          used INTEGER NOT NULL,
          bytes BLOB
        );
        CREATE INDEX originalUse ON original (used, size) WHERE bytes IS NOT NULL;
        CREATE INDEX originalNameUse ON original (used) WHERE bytes IS NULL;
        CREATE TABLE originalTotal (bytes INTEGER NOT NULL);
        INSERT INTO originalTotal VALUES (0);
        CREATE TRIGGER originalAdded AFTER INSERT ON original
          BEGIN UPDATE originalTotal SET bytes = bytes + new.size; END;
        CREATE TRIGGER originalResized AFTER UPDATE OF size ON original
          BEGIN UPDATE originalTotal SET bytes = bytes + new.size - old.size; END;
        CREATE TRIGGER originalRemoved AFTER DELETE ON original
          BEGIN UPDATE originalTotal SET bytes = bytes - old.size; END;
        """)
  }

  private static func total(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT bytes FROM originalTotal") ?? 0
  }
}

// MARK: - Finding and storing

extension SQLiteStore {
  /// The length of an original's handle, when it is here and was used lately.
  private static func lengthIfFresh(_ name: String, since time: Int, _ database: Database) throws -> Int? {
    try Int.fetchOne(
      database, sql: "SELECT handleLength FROM original WHERE name = ? AND used >= ? AND bytes IS NOT NULL",
      arguments: [name, time])
  }

  private func put(_ original: [UInt8], name: String, at time: Int, _ database: Database) throws -> Int {
    let length: Int
    if let known = try Row.fetchOne(
      database, sql: "SELECT id, handleLength, bytes IS NULL AS isExpired FROM original WHERE name = ?",
      arguments: [name])
    {
      length = known["handleLength"]
      try database.execute(
        sql: "UPDATE original SET used = max(used, ?) WHERE id = ?", arguments: [time, known["id"] as Int])
      if known["isExpired"] {
        try database.execute(
          sql: "UPDATE original SET bytes = ?, size = ?, created = ? WHERE id = ?",
          arguments: [Data(original), original.count, time, known["id"] as Int])
      }
    } else {
      let neighbors = try String.fetchAll(
        database,
        sql: """
          SELECT * FROM (SELECT name FROM original WHERE name < :name ORDER BY name DESC LIMIT 1)
          UNION ALL SELECT * FROM (SELECT name FROM original WHERE name > :name ORDER BY name LIMIT 1)
          """, arguments: ["name": name])
      length = HandleRule.length(of: name, among: neighbors, shortest: shortestHandle)
      try database.execute(
        sql: "INSERT INTO original (name, handleLength, size, created, used, bytes) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [name, length, original.count, time, time, Data(original)])
    }
    try expire(at: time, database)
    return length
  }

  private static func find(
    _ handle: Handle, _ database: Database
  ) throws -> (id: Int, name: String, used: Int, bytes: [UInt8]) {
    // "{" follows the last sign of the alphabet. The shortest handles come first: the one that fits is among them.
    let rows = try Row.fetchAll(
      database,
      sql:
        "SELECT id, name, handleLength FROM original WHERE name >= ? AND name < ? ORDER BY handleLength, name LIMIT 8",
      arguments: [handle.name, handle.name + "{"])
    let index = try HandleRule.choice(of: handle, among: rows.map { (name: $0["name"], length: $0["handleLength"]) })
    let id: Int = rows[index]["id"]
    guard let row = try Row.fetchOne(database, sql: "SELECT used, bytes FROM original WHERE id = ?", arguments: [id]),
      let bytes: Data = row["bytes"]
    else { throw HandleRule.expired(handle) }
    return (id, rows[index]["name"], row["used"], [UInt8](bytes))
  }
}

// MARK: - Expiry

extension SQLiteStore {
  private func isAnythingDue(at time: Int, _ database: Database) throws -> Bool {
    let stay = time - Limits.shortestStay
    let isFull = try Self.total(database) > limits.bytes
    return try Bool.fetchOne(
      database,
      sql: """
        SELECT EXISTS (SELECT 1 FROM original WHERE bytes IS NOT NULL AND used < ?)
          OR EXISTS (SELECT 1 FROM original WHERE bytes IS NULL AND used < ?)
        """, arguments: [isFull ? stay : min(stay, time - limits.age), time - Limits.nameAge]) ?? false
  }

  /// Lets go a batch of what is due: first what is too old, then what was unused for longest while there is too much.
  private func expire(at time: Int, _ database: Database) throws {
    let stay = time - Limits.shortestStay
    let tooOld = min(stay, time - limits.age)
    var total = try Self.total(database)
    let candidates = try Row.fetchAll(
      database,
      sql: "SELECT id, used, size FROM original WHERE bytes IS NOT NULL AND used < ? ORDER BY used, id LIMIT ?",
      arguments: [total > limits.bytes ? stay : tooOld, Limits.batch])
    for row in candidates where row["used"] < tooOld || total > limits.bytes {
      try database.execute(
        sql: "UPDATE original SET bytes = NULL, size = 0 WHERE id = ?", arguments: [row["id"] as Int])
      total -= row["size"] as Int
    }
    try database.execute(
      sql: "DELETE FROM original WHERE bytes IS NULL AND used < ?", arguments: [time - Limits.nameAge])
  }
}
