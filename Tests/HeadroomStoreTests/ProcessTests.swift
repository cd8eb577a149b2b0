import Foundation
import GRDB
import Headroom
import HeadroomStore
import TestSupport
import Testing

/// Several processes at one store. Each probe is a process of its own.
@Suite(.serialized) struct ProcessTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var url: String { "sqlite:" + folder.store }

  @Test(arguments: StorageKind.lasting)
  func processesThatStartTogetherShareOneStore(kind: StorageKind) throws {
    let size = 2_000
    let url = kind == .postgres ? try PostgresServer.shared().emptyPlace() : url
    // Two put the same, two put their own, all into a store that is not there yet.
    let probes = try ["same", "same", "one", "two"].map { try Probe(url, name: $0, count: 40, size: size) }
    let results = probes.map { $0.finish() }
    for result in results { #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)") }
    #expect(results[0].handles == results[1].handles)
    // What one of them decided on a block, all of them send.
    #expect(results.allSatisfy { $0.decisions == results[0].decisions && $0.decisions.count == 40 })
    let storage = try Stores.open(url, mustExist: true)
    for (name, result) in zip(["same", "same", "one", "two"], results) {
      #expect(result.handles.count == 40)
      for (number, text) in result.handles.enumerated() {
        let handle = try #require(Handle(text))
        #expect(try storage.originals.original(handle) == Probe.original(name: name, number: number, size: size))
      }
    }
  }

  @Test func readsWhatAnotherProcessJustPut() throws {
    let store = try SQLiteStore(path: folder.store)
    let mine = try store.put(Array("mine".utf8))
    let result = try Probe(url, name: "other", count: 3, size: 100).finish()
    #expect(result.status == 0)
    let last = try #require(result.handles.last.flatMap { Handle($0) })
    #expect(try store.original(last) == Probe.original(name: "other", number: 2, size: 100))
    #expect(try store.original(mine) == Array("mine".utf8))
  }

  @Test func aKilledProcessLosesNothingThatItWasTold() throws {
    let size = 200_000
    for round in 0..<6 {
      let name = "round \(round)"
      let probe = try Probe(url, name: name, count: 10_000, size: size)
      probe.kill(afterHandles: 1 + round)
      // The next to open finds a sound store with every original whose handle was given out, and none by half.
      let store = try SQLiteStore(path: folder.store)
      let integrity = try DatabaseFile(path: folder.store).pool.read { database in
        try String.fetchOne(database, sql: "PRAGMA integrity_check")
      }
      #expect(integrity == "ok")
      let kept = try store.size()
      #expect(kept.bytes == kept.originals * size)
      for number in 0...round {
        let original = Probe.original(name: name, number: number, size: size)
        #expect(try store.original(Handle(of: original)) == original)
      }
      // No verdict stands whose original is not there.
      let numbers = 0..<10_000
      let verdicts = try SQLiteLedger(path: folder.store).verdicts(
        numbers.map(Probe.identity), orLatest: numbers.map { _ in false })
      #expect(verdicts.count { $0 != nil } > round)
      for case .some(let verdict) in verdicts { _ = try store.original(try #require(verdict.handle)) }
      _ = try store.put(Array("after \(round)".utf8))
      try DatabaseFile(path: folder.store).pool.write {
        try $0.execute(sql: "DELETE FROM original; DELETE FROM verdict")
      }
    }
  }

  @Test func aProcessKilledWhileItMakesTheStoreIsNoHarm() throws {
    for round in 0..<12 {
      let path = folder.path + "/\(round).db"
      let probe = try Probe("sqlite:" + path, name: "first", count: 10, size: 10)
      // Somewhere between its start and its first puts.
      usleep(UInt32(round) * 2_500)
      probe.kill(afterHandles: 0)
      let store = try SQLiteStore(path: path)
      #expect(try store.original(store.put([1, 2, 3])) == [1, 2, 3])
    }
  }

  @Test func aProcessThatCannotOpenTheStoreSaysSoInOneLine() throws {
    try Data(String(repeating: "x", count: 5_000).utf8).write(to: URL(fileURLWithPath: folder.store))
    let result = try Probe(url, name: "any", count: 1, size: 1).finish()
    #expect(result.status == 1)
    #expect(result.errors == "cannot open the store \(folder.store): not a database\n")
  }
}
