import Foundation
import Headroom
import HeadroomStore

/// Another process at the same store, for tests: `store-probe PATH NAME COUNT SIZE`.
///
/// Puts COUNT originals of SIZE bytes and writes the handle of each on a line of its own, once `put` has returned it.
/// An original is the line `NAME NUMBER` again and again.
@main
struct StoreProbe {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let count = Int(arguments[3]), let size = Int(arguments[4]) else {
      FileHandle.standardError.write(Data("usage: store-probe PATH NAME COUNT SIZE\n".utf8))
      exit(2)
    }
    do {
      let store = try SQLiteStore(path: arguments[1])
      for number in 0..<count {
        let line = Array("\(arguments[2]) \(number)\n".utf8)
        let original = (0..<size).map { line[$0 % line.count] }
        let handle = try store.put(original)
        FileHandle.standardOutput.write(Data("\(handle.name)\n".utf8))
      }
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }
}
