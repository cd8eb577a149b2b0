import Foundation
import Headroom
import HeadroomStore
import TestSupport

/// The kinds of storage, for what holds for all of them.
enum StorageKind: Sendable {
  case memory, sqlite, postgres

  static let allCases: [StorageKind] = [.memory] + lasting
  /// Those that outlive a process.
  static let lasting: [StorageKind] = PostgresServer.isPresent ? [.sqlite, .postgres] : [.sqlite]
}

/// A place where one storage is, which can be opened more than once.
final class StorageFixture {
  let kind: StorageKind
  let clock = TestClock()
  private let folder: TemporaryFolder
  private let memory = Storage.memory()
  private let place: String

  init(_ kind: StorageKind) throws {
    self.kind = kind
    folder = try TemporaryFolder()
    place = kind == .postgres ? try PostgresServer.shared().emptyPlace() : ""
  }

  /// The storage as another process would open it.
  func open() throws -> Storage {
    switch kind {
    case .memory: memory
    case .sqlite: Storage.sqlite(DatabaseFile(path: folder.store), now: clock.now)
    case .postgres: Storage.postgres(try PostgresDatabase(place), now: clock.now)
    }
  }

  /// Its originals, with handles of another length.
  func originals(shortestHandle: Int) throws -> any OriginalStore {
    kind == .memory
      ? MemoryStore(shortestHandle: shortestHandle) : try lastingOriginals(shortestHandle: shortestHandle)
  }

  /// Its originals, as a process with other limits would open them.
  func lastingOriginals(
    limits: OriginalLimits = OriginalLimits(), shortestHandle: Int = Handle.shortest
  ) throws -> any ExpiringStore {
    if kind == .postgres {
      return PostgresStore(
        try PostgresDatabase(place), limits: limits, shortestHandle: shortestHandle, now: clock.now)
    }
    return SQLiteStore(
      DatabaseFile(path: folder.store), limits: limits, shortestHandle: shortestHandle, now: clock.now)
  }
}

/// What expires.
protocol ExpiringStore: OriginalStore {
  func expire() throws
  func size() throws -> (originals: Int, bytes: Int)
}

extension SQLiteStore: ExpiringStore {}
extension PostgresStore: ExpiringStore {}
