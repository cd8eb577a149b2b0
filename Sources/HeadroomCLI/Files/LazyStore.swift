import Headroom
import HeadroomStore
import Synchronization

/// A store that is opened when it is first needed, so that a run that cuts nothing leaves no file behind.
final class LazyStore: OriginalStore {
  private let url: String?
  private let opened = Mutex<Result<any OriginalStore, any Error>?>(nil)

  /// - Parameter url: nil for the user's own store.
  /// - Throws: `StoreError`, when it is not the address of a store.
  init(_ url: String?) throws {
    try url.map(Stores.check)
    self.url = url
  }

  func put(_ original: [UInt8]) throws -> Handle { try open().put(original) }

  func original(_ handle: Handle) throws -> [UInt8] { try open().original(handle) }

  /// Opens the store now, unless it is open.
  @discardableResult
  func open() throws -> any OriginalStore {
    try opened.withLock { opened in
      if let opened { return try opened.get() }
      let result = Result { try Stores.open(url) }
      opened = result
      return try result.get()
    }
  }
}
