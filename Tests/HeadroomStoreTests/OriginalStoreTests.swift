import Foundation
import Headroom
import HeadroomStore
import TestSupport
import Testing

/// What holds for every store.
@Suite struct OriginalStoreTests {
  enum Kind: CaseIterable, Sendable { case memory, sqlite }

  @Test(arguments: Kind.allCases)
  func whatWasPutComesBackByteForByte(kind: Kind) throws {
    let folder = try TemporaryFolder()
    let store = try makeStore(kind, folder)
    var generator = SeededGenerator(seed: 1)
    for size in [0, 1, 100, 5_000, 300_000] {
      let original = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let handle = try store.put(original)
      #expect(handle.name.utf8.count == Handle.shortest)
      #expect(try store.original(handle) == original)
    }
  }

  @Test(arguments: Kind.allCases)
  func theSameContentHasTheSameHandle(kind: Kind) async throws {
    let folder = try TemporaryFolder()
    let store = try makeStore(kind, folder)
    let original = Array("the same".utf8)
    let handles = try await withThrowingTaskGroup(of: Handle.self) { group in
      for _ in 0..<16 { group.addTask { try store.put(original) } }
      return try await group.reduce(into: Set<Handle>()) { $0.insert($1) }
    }
    #expect(handles == [Handle(of: original)])
  }

  @Test(arguments: Kind.allCases)
  func aLongerHandleThanNeededNamesTheSame(kind: Kind) throws {
    let folder = try TemporaryFolder()
    let store = try makeStore(kind, folder)
    let original = Array("content".utf8)
    _ = try store.put(original)
    #expect(try store.original(Handle(of: original, length: 20)) == original)
  }

  @Test(arguments: Kind.allCases)
  func anUnknownHandleIsAnError(kind: Kind) throws {
    let folder = try TemporaryFolder()
    let store = try makeStore(kind, folder)
    _ = try store.put([1])
    #expect { try store.original(Handle(of: [2])) } throws: { ($0 as? StoreError)?.code == .unknownHandle }
  }

  /// With handles that begin at two characters, a few hundred originals collide all the time.
  @Test(arguments: Kind.allCases)
  func aHandleGivenOutKeepsNamingItsOriginal(kind: Kind) throws {
    let folder = try TemporaryFolder()
    let store = try makeStore(kind, folder, shortestHandle: 2)
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

  @Test(arguments: Kind.allCases)
  func aHandleThatNamesSeveralIsAnError(kind: Kind) throws {
    let folder = try TemporaryFolder()
    let store = try makeStore(kind, folder, shortestHandle: 3)
    for number in 0..<200 { _ = try store.put(Array("original \(number)".utf8)) }
    let shorter = Handle(of: Array("original 7".utf8), length: 1)
    #expect { try store.original(shorter) } throws: {
      ($0 as? StoreError)?.code == .ambiguousHandle && "\($0)".contains(shorter.description)
    }
  }

  private func makeStore(
    _ kind: Kind, _ folder: TemporaryFolder, shortestHandle: Int = Handle.shortest
  ) throws -> any OriginalStore {
    switch kind {
    case .memory: MemoryStore(shortestHandle: shortestHandle)
    case .sqlite: try SQLiteStore(DatabaseFile(path: folder.store), shortestHandle: shortestHandle)
    }
  }
}
