import Foundation
import Headroom

/// A file that only its user can read, from the first moment on.
enum PrivateFile {
  /// Makes the file at `path` (empty, mode 0600) and its folders (0700) where they are missing, and takes the access of
  /// others from a file that is there already. SQLite gives the files beside it the same mode.
  /// - Throws: `StoreError` with the code `unavailable`.
  static func prepare(_ path: String) throws(StoreError) {
    try makeFolder(folder(of: path))
    // Only a new file is opened here: closing one that SQLite has open in this process would drop SQLite's locks.
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
      return
    }
    guard errno == EEXIST else { throw unavailable("cannot make the store \(path)") }
    for file in [path, path + "-wal", path + "-shm"] { try takeAccess(from: file, isStore: file == path) }
  }

  private static func takeAccess(from path: String, isStore: Bool) throws(StoreError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if isStore { throw unavailable("cannot open the store \(path)") }
      return
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(.unavailable, "cannot open the store \(path): not a file")
    }
    // Fails for a file of another user, who then has decided who reads it.
    if status.st_mode & 0o077 != 0 { chmod(path, 0o600) }
  }

  private static func makeFolder(_ path: String) throws(StoreError) {
    var status = stat()
    if path.isEmpty || stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR { return }
    try makeFolder(folder(of: path))
    // Another process may have been faster.
    if mkdir(path, 0o700) != 0, errno != EEXIST || stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR {
      throw unavailable("cannot make the folder \(path) for the store")
    }
  }

  /// Empty when the path names none. Not Foundation's function: on Linux that one ends the process for `a`.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  private static func unavailable(_ what: String) -> StoreError {
    StoreError(.unavailable, "\(what): \(String(cString: strerror(errno)))")
  }
}
