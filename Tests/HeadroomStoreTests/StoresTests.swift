import Foundation
import Headroom
import HeadroomStore
import TestSupport
import Testing

@Suite struct StoresTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func opensByAddress() throws {
    #expect(try Stores.open("memory:").originals is MemoryStore)
    for (form, name) in [("sqlite:", "a.db"), ("sqlite://", "b.db")] {
      let path = folder.path + "/" + name
      let storage = try Stores.open(form + path)
      #expect(storage.description == "sqlite:" + path)
      let handle = try storage.originals.put([1])
      #expect(try SQLiteStore(path: path).original(handle) == [1])
    }
  }

  @Test func readingMakesNoFile() throws {
    let path = folder.path + "/none.db"
    let storage = try Stores.open("sqlite:" + path)
    #expect { try storage.originals.original(Handle(of: [1])) } throws: {
      ($0 as? StoreError)?.code == .unknownHandle
    }
    let key = JournalKey(topic: "retrieval", digest: [1])
    #expect(try storage.verdicts.verdicts([.sample("a", "x")], orLatest: [true]) == [nil])
    #expect(try storage.journal.entries([key]) == [nil])
    #expect(try storage.savings.records(since: 0, most: 9) == [])
    #expect(try storage.savings.sums(since: 0, every: nil) == [])
    #expect(!FileManager.default.fileExists(atPath: path))
    _ = try storage.journal.record([1], for: key)
    #expect(try Stores.open("sqlite:" + path, mustExist: true).journal.entries([key]) == [[1]])
  }

  @Test func preparingTellsWhetherItCanBeOpened() throws {
    let path = folder.path + "/new.db"
    try Stores.open("sqlite:" + path).prepare()
    #expect(FileManager.default.fileExists(atPath: path))
    try Data("no database, but long enough to be one of them".utf8).write(to: URL(fileURLWithPath: folder.store))
    #expect { try Stores.open("sqlite:" + folder.store).prepare() } throws: {
      ($0 as? StoreError)?.code == .unavailable
    }
  }

  @Test func aFileIsOpenedOnceInAProcess() throws {
    let name = folder.path + "/same.db"
    let file = DatabaseFile.shared(path: name)
    #expect(DatabaseFile.shared(path: folder.path + "/./x/../same.db") === file)
    #expect(DatabaseFile.shared(path: folder.path + "/other.db") !== file)
  }

  @Test func theDefaultIsInTheHomeFolderOrWhereTheVariableSays() throws {
    #expect(Stores.defaultPath(environment: [:]) == NSHomeDirectory() + "/.headroom/headroom.db")
    #expect(Stores.defaultPath(environment: ["HEADROOM_HOME": ""]) == NSHomeDirectory() + "/.headroom/headroom.db")
    #expect(Stores.defaultPath(environment: ["HOME": "/home/ana"]) == "/home/ana/.headroom/headroom.db")
    let home = folder.path + "/elsewhere"
    try Stores.open(environment: ["HEADROOM_HOME": home]).prepare()
    #expect(FileManager.default.fileExists(atPath: home + "/headroom.db"))
  }

  @Test(arguments: ["redis://host", "headroom.db", "", "sqlite:", "Sqlite:x", ":memory:"])
  func anUnknownAddressNamesTheKnownOnes(url: String) {
    #expect { try Stores.open(url) } throws: {
      ($0 as? StoreError)?.code == .invalidURL && "\($0)".contains("sqlite:PATH")
    }
  }

  @Test func whoOnlyReadsMakesNoFile() throws {
    let path = folder.path + "/none.db"
    #expect { try Stores.open("sqlite:" + path, mustExist: true) } throws: { ($0 as? StoreError)?.code == .unavailable }
    #expect(!FileManager.default.fileExists(atPath: path))
    let handle = try Stores.open("sqlite:" + path).originals.put([1, 2, 3])
    #expect(try Stores.open("sqlite:" + path, mustExist: true).originals.original(handle) == [1, 2, 3])
  }

  @Test func anAddressCanBeCheckedWithoutOpeningIt() throws {
    try Stores.check("sqlite:" + folder.path + "/none.db")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/none.db"))
    #expect(throws: StoreError.self) { try Stores.check("redis://host") }
  }
}
