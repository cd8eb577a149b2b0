import Foundation
import Headroom
import HeadroomStore
import TestSupport

/// The kinds of storage, for what holds for all of them.
enum StorageKind: CaseIterable, Sendable {
  case memory, sqlite

  /// Those that outlive a process.
  static let lasting: [StorageKind] = [.sqlite]
}

/// A place where one storage is, which can be opened more than once.
final class StorageFixture {
  let kind: StorageKind
  let clock = TestClock()
  private let folder: TemporaryFolder
  private let memory = Storage.memory()

  init(_ kind: StorageKind) throws {
    self.kind = kind
    folder = try TemporaryFolder()
  }

  /// The storage as another process would open it.
  func open() throws -> Storage {
    switch kind {
    case .memory: memory
    case .sqlite: Storage.sqlite(DatabaseFile(path: folder.store), now: clock.now)
    }
  }

  /// Its originals, with handles of another length.
  func originals(shortestHandle: Int) throws -> any OriginalStore {
    switch kind {
    case .memory: MemoryStore(shortestHandle: shortestHandle)
    case .sqlite: SQLiteStore(DatabaseFile(path: folder.store), shortestHandle: shortestHandle)
    }
  }
}
