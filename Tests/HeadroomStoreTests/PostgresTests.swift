import Foundation
import Headroom
import HeadroomStore
import Testing

/// What becomes of those who depend on a database in PostgreSQL when something happens to it.
@Suite(.serialized, .enabled(if: PostgresServer.isPresent, "no PostgreSQL server"))
struct PostgresTests {
  private let server: PostgresServer

  init() throws { server = try PostgresServer.shared() }

  private func code(_ body: () throws -> Void) -> StoreError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? StoreError)?.code
    }
  }

  // MARK: Opening

  @Test func opensByAddress() throws {
    for scheme in ["postgres", "postgresql"] {
      let address = try server.emptyPlace().replacing("postgres:", with: scheme + ":", maxReplacements: 1)
      #expect(code { _ = try Stores.open(address, mustExist: true) } == .unavailable)
      let storage = try Stores.open(address)
      let handle = try storage.originals.put([1, 2, 3])
      #expect(try Stores.open(address, mustExist: true).originals.original(handle) == [1, 2, 3])
    }
  }

  @Test func manyMayStartAtOnce() async throws {
    let address = try server.emptyPlace()
    let handles = try await withThrowingTaskGroup(of: Handle.self) { group in
      for _ in 0..<12 {
        group.addTask {
          let storage = try Stores.open(address)
          try storage.prepare()
          return try storage.originals.put([7])
        }
      }
      return try await group.reduce(into: Set<Handle>()) { $0.insert($1) }
    }
    #expect(handles == [Handle(of: [7])])
  }

  @Test func aNewerVersionsTablesAreRefused() throws {
    let address = try server.emptyPlace()
    let place = try #require(address.split(separator: "%3D").last)
    try Stores.open(address).prepare()
    try server.run("INSERT INTO \(place).headroom_migration VALUES ('a later change')")
    #expect { try Stores.open(address).prepare() } throws: {
      ($0 as? StoreError)?.code == .unavailable && "\($0)".contains("newer version")
    }
  }

  @Test func tablesThatWereRemovedAreMadeAnew() throws {
    let address = try server.emptyPlace()
    let place = try #require(address.split(separator: "%3D").last)
    let storage = try Stores.open(address)
    _ = try storage.originals.put([1])
    try server.run("DROP SCHEMA \(place) CASCADE; CREATE SCHEMA \(place)")
    #expect(try storage.originals.original(storage.originals.put([2])) == [2])
  }

  // MARK: Secrets

  @Test func thePasswordIsNeitherShownNorInErrors() throws {
    let storage = try Stores.open(server.address(password: PostgresServer.password))
    try storage.prepare()
    #expect(!storage.description.contains("p@ss") && storage.description.hasPrefix("postgres://127.0.0.1:"))
    let wrong = [
      server.address(password: "s3cret"), "postgres://u:s3cret@127.0.0.1:1/x", "postgres://u:s3cret@%zz/x",
      "postgres://u:s3cret@h:port/x", "postgres://u@127.0.0.1:1/x?password=s3cret", "postgre://u:s3cret@h/x",
      "postgres://u@h/x?passwrd=s3cret", "postgres:s3cret",
    ]
    for address in wrong {
      #expect(address.contains("s3cret"))
      #expect { try Stores.open(address).prepare() } throws: {
        let message = "\($0)" + "\(($0 as? StoreError)?.cause.map { "\($0)" } ?? "")"
        return $0 is StoreError && !message.contains("s3cret") && !message.contains("\n")
      }
    }
  }

  @Test func withoutTheLibraryItSaysWhatToInstall() {
    #expect { try LibPQ(places: ["libnone.so.5"]) } throws: {
      ($0 as? StoreError)?.code == .unavailable && "\($0)".contains("libpq5") && !"\($0)".contains("\n")
    }
  }

  // MARK: Connections

  @Test func aConnectionThatIsEndedHeals() async throws {
    let address = try server.emptyPlace() + "&application_name=to_be_ended"
    let storage = try Stores.open(address)
    let handle = try storage.originals.put([1])
    _ = try storage.verdicts.record([(.sample("a", "x"), .sample("first"))])
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'to_be_ended'"
    for round in 0..<5 {
      #expect(try server.run(end) != "0")
      #expect(try storage.originals.original(handle) == [1])
      #expect(try storage.verdicts.record([(.sample("b\(round)", "x"), .sample("next"))]) == [.sample("next")])
    }
    // In the middle of whatever they do.
    let time = Int64(Date().timeIntervalSince1970 * 1000)
    let record = SavingsRecord(time: time, provider: "openai", format: "openai-chat", model: "gpt-4o")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          for round in 0..<20 {
            let original = Array("\(number) \(round)".utf8)
            _ = try storage.originals.put(original)
            try storage.savings.append([record])
          }
        }
      }
      for _ in 0..<20 { try server.run(end) }
      try await group.waitForAll()
    }
    for number in 0..<8 {
      for round in 0..<20 {
        let original = Array("\(number) \(round)".utf8)
        #expect(try storage.originals.original(Handle(of: original)) == original)
      }
    }
    #expect(try storage.savings.records(since: 0, most: .max).count == 160)
  }

  @Test func aRestartOfTheServerHeals() throws {
    // Not the one that the other tests use at the same time.
    let server = try PostgresServer()
    let storage = try Stores.open(server.emptyPlace())
    let handle = try storage.originals.put([1])
    try server.restart()
    var original: [UInt8]?
    for _ in 0..<300 {
      original = try? storage.originals.original(handle)
      if original != nil { break }
      usleep(100_000)
    }
    #expect(original == [1])
  }

  @Test func noServerIsAnErrorAndNobodyWaitsTwice() throws {
    let storage = try Stores.open("postgres://u@127.0.0.1:1/none")
    for number in 0..<1_000 {
      #expect(code { _ = try storage.originals.put([UInt8(number % 256)]) } == .unavailable)
      #expect(code { _ = try storage.verdicts.verdicts([.sample("a", "x")], orLatest: [true]) } == .unavailable)
    }
  }

  /// It takes connections and says nothing.
  @Test func aServerThatDoesNotAnswerIsAnError() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = bind(listener, pointer, length)
        _ = listen(listener, 8)
        _ = getsockname(listener, pointer, &length)
      }
    }
    let storage = try Stores.open("postgres://u@127.0.0.1:\(address.sin_port.bigEndian)/none?connect_timeout=1")
    for number in 0..<200 {
      #expect { try storage.originals.put([UInt8(number)]) } throws: {
        ($0 as? StoreError)?.code == .unavailable && "\($0)".contains("no answer")
      }
    }
  }

  // MARK: Locks

  @Test func tablesThatAreHeldAreAnErrorAndNobodyWaitsTwice() async throws {
    let address = try server.emptyPlace()
    let place = try #require(address.split(separator: "%3D").last)
    let storage = try Stores.open(address)
    let handle = try storage.originals.put([1])
    let server = server
    async let holding: String = Task.detached {
      try server.run(
        "BEGIN; LOCK TABLE \(place).headroom_original IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4); COMMIT")
    }.value
    while try server.run(
      "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = '\(place).headroom_original'::regclass"
    ) == "0" { usleep(20_000) }
    for number in 0..<200 {
      #expect { try storage.originals.put([2, UInt8(number)]) } throws: {
        ($0 as? StoreError)?.code == .failed && "\($0)".contains("in use")
      }
    }
    _ = try await holding
    let heals = try Stores.open(address)
    #expect(try heals.originals.original(handle) == [1])
  }

  // MARK: Input

  @Test func whatAClientMayNameIsStoredHoweverOddOrLong() throws {
    let fixture = try StorageFixture(.postgres)
    let storage = try fixture.open()
    let long = BlockIdentity(callID: [UInt8](repeating: 65, count: 100_000), digest: [UInt8](repeating: 1, count: 32))
    let other = BlockIdentity(callID: [UInt8](repeating: 65, count: 100_001), digest: long.digest)
    _ = try storage.verdicts.record([(long, .sample("a")), (other, .sample("b"))])
    #expect(
      try fixture.open().verdicts.verdicts([other, long], orLatest: [false, false]) == [.sample("b"), .sample("a")])
    let time = Int64(fixture.clock.now().timeIntervalSince1970 * 1000)
    var record = SavingsRecord(time: time, provider: "openai", format: "openai-chat", model: "a\0b\\\"'{},NULL")
    record.agent = "\u{1f600}"
    try storage.savings.append([record])
    record.model = "a\u{fffd}b\\\"'{},NULL"
    #expect(try storage.savings.records(since: 0, most: 9) == [record])
  }
}
