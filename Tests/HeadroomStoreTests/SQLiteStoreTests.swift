import Foundation
import GRDB
import Headroom
import HeadroomStore
import TestSupport
import Testing

@Suite struct SQLiteStoreTests {
  private let folder: TemporaryFolder
  private let clock = TestClock()

  init() throws { folder = try TemporaryFolder() }

  @Test func expiredBytesAreGoneFromTheFile() throws {
    let secret = "a secret that must not stay on the disk"
    do {
      let store = try SQLiteStore(path: folder.store, now: clock.now)
      _ = try store.put(Array(String(repeating: secret, count: 500).utf8))
      clock.advance(by: Double(8 * day))
      try store.expire()
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name))
      #expect(data.range(of: Data(secret.utf8)) == nil, "\(name)")
    }
  }

  // MARK: The file

  @Test func onlyTheUserCanReadIt() throws {
    let path = folder.path + "/new/deep/headroom.db"
    let store = try SQLiteStore(path: path)
    _ = try store.put([UInt8](repeating: 1, count: 10_000))
    for suffix in ["", "-wal", "-shm"] { #expect(try mode(path + suffix) == 0o600, "\(suffix)") }
    #expect(try mode(folder.path + "/new/deep") == 0o700)
    #expect(try mode(folder.path + "/new") == 0o700)
  }

  @Test func takesTheAccessOfOthersFromAFileThatWasThere() throws {
    try Data().write(to: URL(fileURLWithPath: folder.store))
    chmod(folder.store, 0o644)
    _ = try SQLiteStore(path: folder.store)
    #expect(try mode(folder.store) == 0o600)
  }

  @Test func survivesReopening() throws {
    let original = Array("durable".utf8)
    let handle = try SQLiteStore(path: folder.store).put(original)
    #expect(try SQLiteStore(path: folder.store).original(handle) == original)
  }

  @Test func damageIsNoticed() throws {
    let file = DatabaseFile(path: folder.store)
    let store = SQLiteStore(file)
    let handle = try store.put(Array("whole".utf8))
    try file.pool.write { try $0.execute(sql: "UPDATE original SET bytes = x'00'") }
    #expect { try store.original(handle) } throws: { ($0 as? StoreError)?.code == .damaged }
  }

  // MARK: What cannot be opened

  @Test func aFileThatIsNoDatabaseIsLeftAlone() throws {
    let content = Data(String(repeating: "not a database\n", count: 1_000).utf8)
    try content.write(to: URL(fileURLWithPath: folder.store))
    expectRefusal("not a database")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.store)) == content)
  }

  @Test(arguments: ["CREATE TABLE bookmarks (url TEXT)", "PRAGMA application_id = 7"])
  func anotherProgramsDatabaseIsLeftAlone(sql: String) throws {
    try DatabaseQueue(path: folder.store).writeWithoutTransaction { try $0.execute(sql: sql) }
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.store))
    expectRefusal("another program's database")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.store)) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["headroom.db"])
  }

  @Test func aNewerVersionsStoreIsRefused() throws {
    let file = DatabaseFile(path: folder.store)
    try file.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('a later change')") }
    expectRefusal("newer version")
  }

  @Test func aFolderInThePlaceOfTheFileIsRefused() throws {
    try FileManager.default.createDirectory(atPath: folder.store, withIntermediateDirectories: false)
    expectRefusal("not a file")
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
    expectRefusal("cannot make the folder", path: folder.path + "/file/headroom.db")
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser writes read-only files"))
  func aReadOnlyFileIsRefused() throws {
    _ = try SQLiteStore(path: folder.store).put([1])
    chmod(folder.store, 0o400)
    expectRefusal("read-only")
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser writes in read-only folders"))
  func aReadOnlyFolderIsRefused() throws {
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    expectRefusal("cannot make the store")
  }

  private func expectRefusal(_ reason: String, path: String? = nil) {
    let path = path ?? folder.store
    #expect { try SQLiteStore(path: path) } throws: { error in
      let message = "\(error)"
      return (error as? StoreError)?.code == .unavailable && message.contains(reason)
        && message.contains((path as NSString).deletingLastPathComponent) && !message.contains("\n")
    }
  }

  private func mode(_ path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? -1
  }

  private let day = 24 * 3600
}
