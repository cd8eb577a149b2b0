import Foundation
import Headroom
import HeadroomStore
import TestSupport
import Testing

/// What holds for every store.
@Suite struct OriginalStoreTests {
  @Test(arguments: StorageKind.allCases)
  func whatWasPutComesBackByteForByte(kind: StorageKind) throws {
    let store = try StorageFixture(kind).open().originals
    var generator = SeededGenerator(seed: 1)
    for size in [0, 1, 100, 5_000, 300_000] {
      let original = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let handle = try store.put(original)
      #expect(handle.name.utf8.count == Handle.shortest)
      #expect(try store.original(handle) == original)
    }
  }

  @Test(arguments: StorageKind.allCases)
  func theSameContentHasTheSameHandle(kind: StorageKind) async throws {
    let store = try StorageFixture(kind).open().originals
    let original = Array("the same".utf8)
    let handles = try await withThrowingTaskGroup(of: Handle.self) { group in
      for _ in 0..<16 { group.addTask { try store.put(original) } }
      return try await group.reduce(into: Set<Handle>()) { $0.insert($1) }
    }
    #expect(handles == [Handle(of: original)])
  }

  @Test(arguments: StorageKind.allCases)
  func aLongerHandleThanNeededNamesTheSame(kind: StorageKind) throws {
    let store = try StorageFixture(kind).open().originals
    let original = Array("content".utf8)
    _ = try store.put(original)
    #expect(try store.original(Handle(of: original, length: 20)) == original)
  }

  @Test(arguments: StorageKind.allCases)
  func whatIsStagedIsAnOriginalLikeAnyOther(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let handle = try fixture.open().stagedOriginals.put([1, 2, 3])
    #expect(try fixture.open().originals.original(handle) == [1, 2, 3])
    #expect(try fixture.open().originals.put([1, 2, 3]) == handle)
  }

  @Test(arguments: StorageKind.allCases)
  func anUnknownHandleIsAnError(kind: StorageKind) throws {
    let store = try StorageFixture(kind).open().originals
    _ = try store.put([1])
    #expect { try store.original(Handle(of: [2])) } throws: { ($0 as? StoreError)?.code == .unknownHandle }
  }

  /// With handles that begin at two characters, a few hundred originals collide all the time.
  @Test(arguments: StorageKind.allCases)
  func aHandleGivenOutKeepsNamingItsOriginal(kind: StorageKind) throws {
    let store = try StorageFixture(kind).originals(shortestHandle: 2)
    var given: [Handle: [UInt8]] = [:]
    for number in 0..<1_500 {
      let original = Array("original \(number)".utf8)
      let handle = try store.put(original)
      #expect(given[handle] == nil, "a handle was given out twice")
      given[handle] = original
    }
    #expect(Set(given.keys.map(\.name.utf8.count)).count > 1, "some handles must have grown")
    for (handle, original) in given {
      #expect(try store.original(handle) == original)
      #expect(try store.put(original) == handle)
    }
  }

  @Test(arguments: StorageKind.allCases)
  func handlesGivenOutAtOnceNameOneOriginalEach(kind: StorageKind) async throws {
    let fixture = try StorageFixture(kind)
    let stores =
      try kind == .memory
      ? [fixture.originals(shortestHandle: 1)] : (0..<3).map { _ in try fixture.originals(shortestHandle: 1) }
    let given = try await withThrowingTaskGroup(of: [(Handle, [UInt8])].self) { group in
      for task in 0..<6 {
        group.addTask {
          try (0..<60).map { number in
            let original = Array("original \(task) \(number)".utf8)
            return (try stores[task % stores.count].put(original), original)
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(given.map(\.0)).count == given.count, "a handle was given out twice")
    for (handle, original) in given { #expect(try stores[0].original(handle) == original) }
  }

  @Test(arguments: StorageKind.allCases)
  func aHandleThatNamesSeveralIsAnError(kind: StorageKind) throws {
    let store = try StorageFixture(kind).originals(shortestHandle: 3)
    for number in 0..<200 { _ = try store.put(Array("original \(number)".utf8)) }
    let shorter = Handle(of: Array("original 7".utf8), length: 1)
    #expect { try store.original(shorter) } throws: {
      ($0 as? StoreError)?.code == .ambiguousHandle && "\($0)".contains(shorter.description)
    }
  }
}
