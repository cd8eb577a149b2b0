import Foundation
import GRDB
import Headroom
import HeadroomStore
import TestSupport
import Testing

/// What becomes of those who depend on the file when something happens to it.
@Suite struct SQLiteTroubleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: The file goes away

  @Test func aRemovedFileIsMadeAnew() throws {
    let storage = Storage.sqlite(DatabaseFile(path: folder.store))
    let before = try storage.originals.put(Array("before".utf8))
    _ = try storage.verdicts.record([(.sample("a", "x"), .sample("first"))])
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.store + suffix) }
    #expect { try storage.originals.original(before) } throws: { ($0 as? StoreError)?.code == .unknownHandle }
    // What a conversation was sent goes on to be sent.
    #expect(try storage.verdicts.verdicts([.sample("a", "x")], orLatest: [false]) == [.sample("first")])
    let after = try storage.originals.put(Array("after".utf8))
    _ = try storage.verdicts.record([(.sample("b", "yy"), .sample("second"))])
    // Where everybody looks for it, and whole.
    let other = Storage.sqlite(DatabaseFile(path: folder.store))
    #expect(try other.originals.original(after) == Array("after".utf8))
    #expect(try other.verdicts.verdicts([.sample("b", "yy")], orLatest: [false]) == [.sample("second")])
  }

  /// The one who still has the removed file open must not, as he closes it, take the log of the new one along.
  @Test func whoHadARemovedFileOpenDoesNotHarmTheNewOne() throws {
    let old = Storage.sqlite(DatabaseFile(path: folder.store))
    _ = try old.originals.put(Array("old".utf8))
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.store + suffix) }
    let new = Storage.sqlite(DatabaseFile(path: folder.store))
    let handles = try (0..<20).map { try new.originals.put(Array("new \($0)".utf8)) }
    let mine = try old.originals.put(Array("mine".utf8))
    let last = try new.originals.put(Array("last".utf8))
    let third = Storage.sqlite(DatabaseFile(path: folder.store))
    for (number, handle) in handles.enumerated() {
      #expect(try third.originals.original(handle) == Array("new \(number)".utf8))
    }
    #expect(try third.originals.original(mine) == Array("mine".utf8))
    #expect(try old.originals.original(last) == Array("last".utf8))
  }

  @Test func aRemovedFolderIsMadeAnew() throws {
    let storage = Storage.sqlite(DatabaseFile(path: folder.path + "/deep/headroom.db"))
    _ = try storage.originals.put([1])
    try FileManager.default.removeItem(atPath: folder.path + "/deep")
    #expect(try storage.originals.original(storage.originals.put([2])) == [2])
  }

  // MARK: The file is held

  @Test func whoCannotWriteIsToldAndTheOthersBehindAreNotKeptWaiting() throws {
    let file = DatabaseFile(path: folder.store, patience: 0.2)
    let storage = Storage.sqlite(file)
    let handle = try storage.originals.put([1])
    _ = try storage.verdicts.record([(.sample("a", "x"), .sample("first"))])
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let holder = try DatabaseQueue(path: folder.store, configuration: configuration)
    try holder.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let isHeld: (any Error) -> Bool = {
      ($0 as? StoreError)?.code == .failed && "\($0)".contains("in use by another process")
    }
    #expect(throws: StoreError.self) { try storage.originals.put([2]) }
    // Hundreds in a row, each of which would wait.
    for number in 0..<200 {
      #expect { try storage.originals.put([2, UInt8(number)]) } throws: { isHeld($0) }
      #expect { try storage.verdicts.record([(.sample("\(number)", "yy"), .sample("no"))]) } throws: { isHeld($0) }
    }
    // Reading goes on.
    #expect(try storage.originals.original(handle) == [1])
    #expect(
      try storage.verdicts.verdicts([.sample("a", "x"), .sample("0", "yy")], orLatest: [true, true]) == [
        .sample("first"), nil,
      ])
    try holder.inDatabase { try $0.execute(sql: "ROLLBACK") }
    let heals = DatabaseFile(path: folder.store)
    #expect(try SQLiteStore(heals).original(SQLiteStore(heals).put([2])) == [2])
  }

  // MARK: The disk is full

  /// A limit of the database's own makes the same error as a full disk.
  @Test func aFullDiskIsAnErrorAndLeavesAllThatWasThere() throws {
    let file = DatabaseFile(path: folder.store)
    let storage = Storage.sqlite(file)
    let handle = try storage.originals.put(Array("kept".utf8))
    try file.pool.writeWithoutTransaction { database in
      let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      try database.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
    }
    let large = [UInt8](repeating: 7, count: 200_000)
    for _ in 0..<3 {
      #expect { try storage.originals.put(large) } throws: {
        ($0 as? StoreError)?.code == .failed && "\($0)".contains("the disk is full")
      }
    }
    #expect(throws: StoreError.self) {
      try storage.verdicts.record([(.sample("a", "x"), .sample(String(repeating: "x", count: 100_000)))])
    }
    #expect(try storage.verdicts.verdicts([.sample("a", "x")], orLatest: [true]) == [nil])
    #expect(try storage.originals.original(handle) == Array("kept".utf8))
    try file.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    #expect(try storage.originals.original(storage.originals.put(large)) == large)
  }

  // MARK: The log

  /// Who writes does not bring the log over to the database; somebody has to.
  @Test func theLogOfTheDatabaseIsBroughtOverToIt() async throws {
    let storage = Storage.sqlite(DatabaseFile(path: folder.store))
    for number in 0..<60 { _ = try storage.stagedOriginals.put([UInt8](repeating: UInt8(number), count: 150_000)) }
    var size = 0
    for _ in 0..<500 {
      size = try FileManager.default.attributesOfItem(atPath: folder.store)[.size] as? Int ?? 0
      if size > 4_000_000 { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(size > 4_000_000)
  }
}
