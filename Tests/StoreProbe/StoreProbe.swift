import Foundation
import Headroom
import HeadroomStore

/// Another process at the same store, for tests: `store-probe URL NAME COUNT SIZE`.
///
/// As a proxy does for COUNT requests: puts an original of SIZE bytes, records a verdict that names it, and then writes a line, the handle
/// and what the verdict says that stands. An original is the line `NAME NUMBER` again and again; the verdict is about the block NUMBER, whatever
/// the name, and says NAME.
@main
struct StoreProbe {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let count = Int(arguments[3]), let size = Int(arguments[4]) else {
      FileHandle.standardError.write(Data("usage: store-probe URL NAME COUNT SIZE\n".utf8))
      exit(2)
    }
    do {
      let storage = try Stores.open(arguments[1])
      for number in 0..<count {
        let line = Array("\(arguments[2]) \(number)\n".utf8)
        let original = (0..<size).map { line[$0 % line.count] }
        let handle = try storage.stagedOriginals.put(original)
        let verdict = Verdict(
          form: Array(arguments[2].utf8), kind: "log", encoder: "log", fidelity: .lossy, tokensBefore: 9,
          tokensAfter: 1, handle: handle)
        let standing = try storage.verdicts.record([(identity(number), verdict)])
        let form = String(decoding: standing.first?.form ?? [], as: UTF8.self)
        FileHandle.standardOutput.write(Data("\(handle.name) \(form)\n".utf8))
      }
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func identity(_ number: Int) -> BlockIdentity {
    BlockIdentity(callID: Array("call \(number)".utf8), digest: [UInt8](repeating: UInt8(number % 256), count: 32))
  }
}
