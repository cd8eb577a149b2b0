/// Runs a pattern over texts, keeping its working memory between them.
struct PatternMatcher {
  private let pattern: Pattern
  private var current: StateSet
  private var next: StateSet
  private var pending: [Int] = []
  /// How many instructions were looked at so far; at most four times the program's size at each position of the text.
  private(set) var steps = 0

  init(_ pattern: Pattern) {
    self.pattern = pattern
    current = StateSet(capacity: pattern.instructions.count)
    next = StateSet(capacity: pattern.instructions.count)
  }

  /// Whether the pattern occurs anywhere in `text`.
  mutating func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    current.removeAll()
    var offset = 0
    while true {
      if current.isEmpty, let firstBytes = pattern.firstBytes {
        while offset < text.count, !firstBytes[Int(text[offset])] { offset += 1 }
        if offset == text.count { return false }
      }
      // A match may start at every position.
      if follow(0, in: text, at: offset) { return true }
      if offset == text.count { return false }
      let (scalar, length) = UTF8Coding.scalar(in: text, at: offset)
      offset += length
      swap(&current, &next)
      current.removeAll()
      for state in next.states {
        steps += 1
        guard case .consume(let set) = pattern.instructions[state], pattern.sets[set].contains(scalar) else { continue }
        if follow(state + 1, in: text, at: offset) { return true }
      }
    }
  }

  /// Adds to `current` the consuming states that `start` leads to. True when it leads to a match.
  private mutating func follow(_ start: Int, in text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
    pending.append(start)
    while let state = pending.popLast() {
      steps += 1
      guard current.visit(state) else { continue }
      switch pattern.instructions[state] {
      case .consume: current.add(state)
      case .jump(let target): pending.append(target)
      case .split(let one, let other):
        pending.append(other)
        pending.append(one)
      case .assert(let assertion): if assertion.holds(in: text, at: offset) { pending.append(state + 1) }
      case .match:
        pending.removeAll()
        return true
      }
    }
    return false
  }
}

/// The states of the automaton at one position.
private struct StateSet {
  private(set) var states: [Int] = []
  private var round: [Int]
  private var thisRound = 1

  init(capacity: Int) { round = [Int](repeating: 0, count: capacity) }

  var isEmpty: Bool { states.isEmpty }

  /// Whether this is the first visit of `state` since the last `removeAll`.
  mutating func visit(_ state: Int) -> Bool {
    if round[state] == thisRound { return false }
    round[state] = thisRound
    return true
  }

  mutating func add(_ state: Int) { states.append(state) }

  mutating func removeAll() {
    states.removeAll(keepingCapacity: true)
    thisRound += 1
  }
}

extension PatternAssertion {
  /// Whether the assertion holds between the bytes before and after `offset`.
  fileprivate func holds(in text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
    switch self {
    case .textStart: offset == 0
    case .textEnd: offset == text.count
    case .lineStart: offset == 0 || text[offset - 1] == UInt8(ascii: "\n")
    case .lineEnd: offset == text.count || text[offset] == UInt8(ascii: "\n")
    case .wordBoundary: isWord(before: offset, in: text) != isWord(at: offset, in: text)
    case .noWordBoundary: isWord(before: offset, in: text) == isWord(at: offset, in: text)
    case .wordStart: !isWord(before: offset, in: text) && isWord(at: offset, in: text)
    case .wordEnd: isWord(before: offset, in: text) && !isWord(at: offset, in: text)
    }
  }

  private func isWord(at offset: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    offset < text.count && ScalarSet.isWord(UTF8Coding.scalar(in: text, at: offset).value)
  }

  private func isWord(before offset: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard offset > 0 else { return false }
    // A scalar takes at most four bytes: go back over its continuation bytes.
    var start = offset - 1
    while start > 0, offset - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
    let (scalar, length) = UTF8Coding.scalar(in: text, at: start)
    return start + length == offset && ScalarSet.isWord(scalar)
  }
}
