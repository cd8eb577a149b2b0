import Foundation
import Headroom
import HeadroomStore
import TestSupport
import Testing

@Suite struct StoresTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func opensByAddress() throws {
    #expect(try Stores.open("memory:") is MemoryStore)
    #expect(try Stores.open("sqlite:" + folder.path + "/a.db") is SQLiteStore)
    #expect(try Stores.open("sqlite://" + folder.path + "/b.db") is SQLiteStore)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/a.db"))
    #expect(FileManager.default.fileExists(atPath: folder.path + "/b.db"))
  }

  @Test func theDefaultIsInTheHomeFolderOrWhereTheVariableSays() throws {
    #expect(Stores.defaultPath(environment: [:]) == NSHomeDirectory() + "/.headroom/headroom.db")
    #expect(Stores.defaultPath(environment: ["HEADROOM_HOME": ""]) == NSHomeDirectory() + "/.headroom/headroom.db")
    #expect(Stores.defaultPath(environment: ["HOME": "/home/ana"]) == "/home/ana/.headroom/headroom.db")
    let home = folder.path + "/elsewhere"
    _ = try Stores.open(environment: ["HEADROOM_HOME": home])
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
    let handle = try Stores.open("sqlite:" + path).put([1, 2, 3])
    #expect(try Stores.open("sqlite:" + path, mustExist: true).original(handle) == [1, 2, 3])
  }

  @Test func anAddressCanBeCheckedWithoutOpeningIt() throws {
    try Stores.check("sqlite:" + folder.path + "/none.db")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/none.db"))
    #expect(throws: StoreError.self) { try Stores.check("redis://host") }
  }
}
