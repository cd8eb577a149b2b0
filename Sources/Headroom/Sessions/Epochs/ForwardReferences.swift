/// Which results of the past the conversation still works with: names that few results have, and that the model or the user used later.
struct ForwardReferences {
  /// A name in more results than this says nothing about any of them.
  private static let mostResults = 3
  /// Numbers below this many digits are everywhere.
  private static let shortestNumber = 5

  /// In which turn each name was used last, by its hash.
  private var lastUse: [UInt64: Int] = [:]
  /// In how many results each name is.
  private var results: [UInt64: Int] = [:]

  /// Takes note of what was said in a turn.
  mutating func use(_ text: [UInt8], inTurn turn: Int) {
    for name in ForwardReferences.names(in: text) { lastUse[name] = max(lastUse[name] ?? 0, turn) }
  }

  /// Takes note of a result; all of them must be known before any is asked about.
  mutating func add(_ names: Set<UInt64>) {
    for name in names { results[name, default: 0] += 1 }
  }

  /// How many of the names of a result were used after its own turn, from turn `first` on.
  func count(_ names: Set<UInt64>, after turn: Int, since first: Int) -> Int {
    names.count { name in
      guard let use = lastUse[name], use > turn, use >= first else { return false }
      return results[name] ?? 0 <= ForwardReferences.mostResults
    }
  }

  /// The names in a text: identifiers of several parts, names of files, versions, long numbers.
  static func names(in text: [UInt8]) -> Set<UInt64> {
    var visitor = NameVisitor()
    text.withUnsafeBufferPointer { Terms.scan($0, in: $0.indices, &visitor) }
    return visitor.names
  }

  private struct NameVisitor: TermVisitor {
    var names: Set<UInt64> = []

    mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
      switch kind {
      case .part: return
      case .number: guard word.count >= shortestNumber else { return }
      case .identifier, .compound: guard word.count > 3 else { return }
      }
      names.insert(TermHash.hash(word))
    }
  }
}
