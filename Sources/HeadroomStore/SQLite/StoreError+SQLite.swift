import GRDB
import Headroom

extension StoreError {
  /// What the database at `path` reports, in the words of a store.
  init(path: String, _ error: any Error) {
    switch error {
    case let error as StoreError where error.code == .unavailable && !error.message.contains(path):
      self.init(.unavailable, "cannot open the store \(path): \(error.message)", cause: error.cause)
    case let error as StoreError: self = error
    case let error as DatabaseError: self.init(path: path, error)
    default: self.init(.failed, "the store \(path) failed: \(error)", cause: error)
    }
  }

  private init(path: String, _ error: DatabaseError) {
    let (code, message): (Code, String) =
      switch error.resultCode {
      case .SQLITE_NOTADB: (.unavailable, "cannot open the store \(path): not a database")
      case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
        (.unavailable, "cannot write the store \(path): it is read-only")
      case .SQLITE_CANTOPEN: (.unavailable, "cannot open the store \(path)")
      case .SQLITE_FULL: (.failed, "cannot write the store \(path): the disk is full")
      case .SQLITE_BUSY, .SQLITE_LOCKED: (.failed, "the store \(path) is in use by another process")
      case .SQLITE_CORRUPT: (.damaged, "the store \(path) is damaged")
      case .SQLITE_TOOBIG: (.failed, "an original is too large for the store \(path)")
      default: (.failed, "the store \(path) failed: \(error.message ?? "\(error.resultCode)")")
      }
    self.init(code, message, cause: error)
  }
}
