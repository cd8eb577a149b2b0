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

  // MARK: Expiry

  @Test func expiresAfterTheAgeLimitSinceTheLastUse() throws {
    let store = try SQLiteStore(path: folder.store, limits: .init(age: 7 * day), now: clock.now)
    let used = try store.put(Array("used".utf8))
    let unused = try store.put(Array("unused".utf8))
    clock.advance(by: Double(6 * day))
    #expect(try store.original(used) == Array("used".utf8))
    clock.advance(by: Double(2 * day))
    try store.expire()
    #expect(try store.original(used) == Array("used".utf8))
    #expect { try store.original(unused) } throws: { ($0 as? StoreError)?.code == .expired }
    #expect(try store.size().originals == 1)
  }

  @Test func openingAndPuttingExpireToo() throws {
    let first = try SQLiteStore(path: folder.store, now: clock.now)
    _ = try first.put([1])
    clock.advance(by: Double(8 * day))
    _ = try first.put([2])
    #expect(try first.size().originals == 1)
    clock.advance(by: Double(8 * day))
    #expect(try SQLiteStore(path: folder.store, now: clock.now).size().originals == 0)
  }

  @Test func makesRoomByWhatWasUnusedForLongest() throws {
    let store = try SQLiteStore(path: folder.store, limits: .init(bytes: 10_000), now: clock.now)
    let originals = (0..<10).map { [UInt8](repeating: UInt8($0), count: 1_000) }
    var handles: [Handle] = []
    for original in originals {
      handles.append(try store.put(original))
      clock.advance(by: Double(2 * hour))
    }
    _ = try store.original(handles[0])
    clock.advance(by: Double(2 * hour))
    _ = try store.put([UInt8](repeating: 99, count: 2_500))
    #expect(try store.size().bytes <= 10_000)
    let left = handles.indices.filter { (try? store.original(handles[$0])) != nil }
    #expect(left == [0, 4, 5, 6, 7, 8, 9])
  }

  @Test func keepsWhatWasUsedWithinTheHourHoweverFull() throws {
    let store = try SQLiteStore(path: folder.store, limits: .init(bytes: 1_000, age: 0), now: clock.now)
    let handles = try (0..<20).map { try store.put([UInt8](repeating: UInt8($0), count: 1_000)) }
    clock.advance(by: Double(hour - 120))
    try store.expire()
    #expect(try store.size().originals == 20)
    _ = try store.original(handles[3])
    clock.advance(by: 180)
    try store.expire()
    #expect(try store.size().originals == 1)
    #expect(try store.original(handles[3]).count == 1_000)
  }

  @Test func manyAtOnceExpireInOneCall() throws {
    let store = try SQLiteStore(path: folder.store, now: clock.now)
    for number in 0..<500 { _ = try store.put(Array("original \(number)".utf8)) }
    clock.advance(by: Double(8 * day))
    try store.expire()
    let size = try store.size()
    #expect(size.originals == 0 && size.bytes == 0)
  }

  @Test func anExpiredOriginalKeepsItsHandle() throws {
    let file = DatabaseFile(path: folder.store)
    let store = SQLiteStore(file, shortestHandle: 1, now: clock.now)
    var handles: [Handle] = []
    for number in 0..<50 { handles.append(try store.put(Array("original \(number)".utf8))) }
    clock.advance(by: Double(8 * day))
    try store.expire()
    let newer = try (50..<100).map { try store.put(Array("original \($0)".utf8)) }
    #expect(Set(newer).isDisjoint(with: handles))
    #expect { try store.original(handles[0]) } throws: { ($0 as? StoreError)?.code == .expired }
    #expect(try store.put(Array("original 0".utf8)) == handles[0])
    #expect(try store.original(handles[0]) == Array("original 0".utf8))
    // After three months the name itself is free again.
    clock.advance(by: Double(100 * day))
    try store.expire()
    #expect { try store.original(handles[1]) } throws: { ($0 as? StoreError)?.code != .expired }
  }

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

  private let hour = 3600
  private let day = 24 * 3600
}
