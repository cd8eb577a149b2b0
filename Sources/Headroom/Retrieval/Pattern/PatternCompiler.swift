/// Turns the tree of a pattern into the program of a nondeterministic automaton.
struct PatternCompiler {
  private(set) var instructions: [PatternInstruction] = []
  private(set) var sets: [ScalarSet] = []

  /// Repetition counts multiply; a larger program would be slow on long texts.
  private static let mostInstructions = 2000

  mutating func compile(_ node: PatternNode) throws(SelectionError) {
    try add(node)
    instructions.append(.match)
  }

  private mutating func add(_ node: PatternNode) throws(SelectionError) {
    if instructions.count > Self.mostInstructions {
      throw SelectionError(.invalidPattern, "bad pattern: its repetitions make it too large")
    }
    switch node {
    case .empty: break
    case .set(let set): instructions.append(.consume(set: number(of: set)))
    case .assertion(let assertion): instructions.append(.assert(assertion))
    case .sequence(let nodes): for node in nodes { try add(node) }
    case .choice(let branches): try addChoice(branches)
    case .repetition(let body, let least, let most): try addRepetition(of: body, least: least, most: most)
    }
  }

  private mutating func number(of set: ScalarSet) -> Int {
    if let known = sets.lastIndex(of: set) { return known }
    sets.append(set)
    return sets.count - 1
  }

  private mutating func addChoice(_ branches: [PatternNode]) throws(SelectionError) {
    var jumps: [Int] = []
    for branch in branches.dropLast() {
      let split = instructions.count
      instructions.append(.jump(0))
      try add(branch)
      jumps.append(instructions.count)
      instructions.append(.jump(0))
      instructions[split] = .split(split + 1, instructions.count)
    }
    if let last = branches.last { try add(last) }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }

  private mutating func addRepetition(of body: PatternNode, least: Int, most: Int?) throws(SelectionError) {
    for _ in 0..<least { try add(body) }
    guard let most else {
      let split = instructions.count
      instructions.append(.jump(0))
      try add(body)
      instructions.append(.jump(split))
      instructions[split] = .split(split + 1, instructions.count)
      return
    }
    var splits: [Int] = []
    for _ in least..<most {
      splits.append(instructions.count)
      instructions.append(.jump(0))
      try add(body)
    }
    for split in splits { instructions[split] = .split(split + 1, instructions.count) }
  }

  /// The bytes that the first consumed scalar can start with; nil when a match can consume nothing.
  func firstBytes() -> [Bool]? {
    var result = [Bool](repeating: false, count: 256)
    var seen = [Bool](repeating: false, count: instructions.count)
    var pending = [0]
    while let next = pending.popLast() {
      if seen[next] { continue }
      seen[next] = true
      switch instructions[next] {
      case .match: return nil
      case .assert: pending.append(next + 1)
      case .jump(let target): pending.append(target)
      case .split(let one, let other): pending += [one, other]
      case .consume(let number):
        let set = sets[number]
        for byte in 0..<128 where set.contains(UInt32(byte)) { result[byte] = true }
        if set.reachesBeyondASCII {
          for byte in 128..<256 { result[byte] = true }
        }
      }
    }
    return result
  }
}
