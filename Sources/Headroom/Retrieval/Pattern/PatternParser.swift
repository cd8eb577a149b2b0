/// What a pattern says, as a tree.
indirect enum PatternNode: Equatable {
  case empty
  case set(ScalarSet)
  case assertion(PatternAssertion)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// `most` is nil for "any number of times".
  case repetition(PatternNode, least: Int, most: Int?)
}

/// Reads the text of a pattern. The grammar is in the comment of `Pattern`.
struct PatternParser {
  private struct Flags {
    var ignoresCase = false
    var dotMatchesNewline = false
  }

  private let scalars: [UInt32]
  private var position = 0
  private var flags = Flags()
  private var depth = 0
  /// Nested groups recurse, and the stack is finite.
  private static let deepest = 200
  private static let mostRepetitions = 1000

  init(_ text: String) { scalars = text.unicodeScalars.map(\.value) }

  mutating func parse() throws(SelectionError) -> PatternNode {
    let node = try choice()
    if position < scalars.count { throw error("a ) without its (") }
    return node
  }

  private mutating func choice() throws(SelectionError) -> PatternNode {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(SelectionError) -> PatternNode {
    var nodes: [PatternNode] = []
    while let next = peek(), next != "|", next != ")" {
      guard let atom = try atom() else { continue }
      nodes.append(try repetition(of: atom))
    }
    switch nodes.count {
    case 0: return .empty
    case 1: return nodes[0]
    default: return .sequence(nodes)
    }
  }

  private mutating func repetition(of atom: PatternNode) throws(SelectionError) -> PatternNode {
    guard let (least, most) = try count() else { return atom }
    if take("+") { throw error("possessive repetition is not offered") }
    _ = take("?")
    if try count() != nil { throw error("a repetition of a repetition") }
    return .repetition(atom, least: least, most: most)
  }

  /// `*`, `+`, `?`, `{m}`, `{m,}` or `{m,n}`, or nil. A brace that is none of these stands for itself.
  private mutating func count() throws(SelectionError) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = position
    guard take("{") else { return nil }
    guard let least = number() else {
      position = start
      return nil
    }
    var most: Int? = least
    if take(",") { most = number() }
    guard take("}") else {
      position = start
      return nil
    }
    if max(least, most ?? 0) > Self.mostRepetitions { throw error("more than \(Self.mostRepetitions) repetitions") }
    if let most, most < least { throw error("a repetition whose end is before its start") }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let start = position
    var value = 0
    while let digit = peek(), ("0"..."9").contains(digit) {
      value = min(value * 10 + Int(digit.value - 0x30), Self.mostRepetitions + 1)
      position += 1
    }
    return position > start ? value : nil
  }

  /// One unit that a repetition can follow; nil for a flag group, which is none.
  private mutating func atom() throws(SelectionError) -> PatternNode? {
    let scalar = scalars[position]
    position += 1
    switch Unicode.Scalar(scalar) {
    case "(": return try group()
    case "[": return .set(try bracket())
    case ".": return .set(flags.dotMatchesNewline ? .any : .anyButNewline)
    case "^": return .assertion(.lineStart)
    case "$": return .assertion(.lineEnd)
    case "\\": return try escape()
    case "*", "+", "?": throw error("nothing to repeat")
    default: return literal(scalar)
    }
  }

  private func literal(_ scalar: UInt32) -> PatternNode {
    var set = ScalarSet(scalar)
    if flags.ignoresCase { set.foldCase() }
    return .set(set)
  }

  private mutating func group() throws(SelectionError) -> PatternNode? {
    let outer = flags
    if take("?"), try groupHead() { return nil }
    depth += 1
    if depth > Self.deepest { throw error("groups nested more than \(Self.deepest) deep") }
    let node = try choice()
    depth -= 1
    guard take(")") else { throw error("a ( without its )") }
    flags = outer
    return node
  }

  /// What follows `(?`. True when that was flags alone, as in `(?i)`, which hold until the group around them ends.
  private mutating func groupHead() throws(SelectionError) -> Bool {
    if take(":") { return false }
    if take("P") || peek() == "<" {
      guard take("<"), let first = peek(), first != "=", first != "!" else { throw error("look-around is not offered") }
      while let next = peek(), next != ">" { position += next == ")" ? scalars.count : 1 }
      guard take(">") else { throw error("a group name without its >") }
      return false
    }
    var value = true
    while let next = peek() {
      position += 1
      switch next {
      case "i": flags.ignoresCase = value
      case "s": flags.dotMatchesNewline = value
      case "m": break  // ^ and $ are the ends of a line always
      case "-": value = false
      case ":": return false
      case ")": return true
      case "=", "!", ">": throw error("look-around is not offered")
      default: throw error("an unknown flag after (?")
      }
    }
    throw error("a ( without its )")
  }

  private mutating func escape() throws(SelectionError) -> PatternNode {
    guard let next = peek() else { throw error("a \\ at the end") }
    let assertion: PatternAssertion? =
      switch next {
      case "b": .wordBoundary
      case "B": .noWordBoundary
      case "<": .wordStart
      case ">": .wordEnd
      case "A": .textStart
      case "z", "Z": .textEnd
      default: nil
      }
    if let assertion {
      position += 1
      return .assertion(assertion)
    }
    if ("1"..."9").contains(next) { throw error("back-references cannot be matched in linear time") }
    switch try escapedSet() {
    case .set(let set): return .set(set)
    case .scalar(let scalar): return literal(scalar)
    }
  }

  private enum Escaped {
    case set(ScalarSet)
    case scalar(UInt32)
  }

  /// What follows a backslash, where it stands for scalars.
  private mutating func escapedSet() throws(SelectionError) -> Escaped {
    guard let next = peek() else { throw error("a \\ at the end") }
    position += 1
    switch next {
    case "d": return .set(.digit)
    case "D": return .set(.notDigit)
    case "w": return .set(.word)
    case "W": return .set(.notWord)
    case "s": return .set(.space)
    case "S": return .set(.notSpace)
    case "t": return .scalar(0x09)
    case "n": return .scalar(0x0A)
    case "v": return .scalar(0x0B)
    case "f": return .scalar(0x0C)
    case "r": return .scalar(0x0D)
    case "e": return .scalar(0x1B)
    case "0": return .scalar(0)
    case "x": return .scalar(try hexadecimal(digits: 2))
    case "u": return .scalar(try hexadecimal(digits: 4))
    default:
      if next.value < 0x80, ScalarSet.word.contains(next.value), next != "_" {
        throw error("an unknown escape \\\(next)")
      }
      return .scalar(next.value)
    }
  }

  /// `digits` hexadecimal digits, or any number of them in braces.
  private mutating func hexadecimal(digits: Int) throws(SelectionError) -> UInt32 {
    let braced = take("{")
    var value: UInt32 = 0
    var count = 0
    while braced || count < digits, let next = peek(), let digit = next.properties.isASCIIHexDigit ? next : nil {
      value = min(value << 4 | (digit.value < 0x40 ? digit.value - 0x30 : (digit.value | 0x20) - 0x57), 0x11_0000)
      position += 1
      count += 1
    }
    let closed = braced ? take("}") && count > 0 : count == digits
    guard closed, Unicode.Scalar(value) != nil else { throw error("\\x or \\u without a character's number") }
    return value
  }

  /// What follows `[`.
  private mutating func bracket() throws(SelectionError) -> ScalarSet {
    var set = ScalarSet()
    let isNegated = take("^")
    let first = position
    while true {
      guard let next = peek() else { throw error("a [ without its ]") }
      if next == "]", position > first { break }
      position += 1
      if next == "[", let named = try posixClass() {
        set.insert(named)
        continue
      }
      var lower = next.value
      if next == "\\" {
        switch try bracketEscape() {
        case .set(let escaped):
          set.insert(escaped)
          continue
        case .scalar(let scalar): lower = scalar
        }
      }
      set.insert(lower...(try rangeEnd(from: lower) ?? lower))
    }
    position += 1
    if flags.ignoresCase { set.foldCase() }
    if isNegated { set.negate() }
    return set
  }

  /// The upper end of a range such as `a-z`, after its lower end; nil when there is no range.
  private mutating func rangeEnd(from lower: UInt32) throws(SelectionError) -> UInt32? {
    guard peek() == "-", position + 1 < scalars.count, scalars[position + 1] != 0x5D else { return nil }
    let start = position
    position += 2
    var upper = scalars[position - 1]
    if upper == 0x5C {
      guard case .scalar(let escaped) = try bracketEscape() else {
        position = start
        return nil
      }
      upper = escaped
    }
    if upper < lower { throw error("a range whose end is before its start") }
    return upper
  }

  private mutating func bracketEscape() throws(SelectionError) -> Escaped {
    if peek() == "b" {
      position += 1
      return .scalar(0x08)
    }
    return try escapedSet()
  }

  /// `[:alpha:]` after its first `[`.
  private mutating func posixClass() throws(SelectionError) -> ScalarSet? {
    guard peek() == ":" else { return nil }
    var end = position + 1
    var name = ""
    while end < scalars.count, let scalar = Unicode.Scalar(scalars[end]), ("a"..."z").contains(scalar) {
      name.unicodeScalars.append(scalar)
      end += 1
    }
    guard end + 1 < scalars.count, scalars[end] == 0x3A, scalars[end + 1] == 0x5D else { return nil }
    guard let set = ScalarSet.posix(name) else { throw error("no class [:\(name):]") }
    position = end + 2
    return set
  }

  private func peek() -> Unicode.Scalar? {
    position < scalars.count ? Unicode.Scalar(scalars[position]) : nil
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    position += 1
    return true
  }

  private func error(_ what: String) -> SelectionError {
    SelectionError(.invalidPattern, "bad pattern: \(what), at character \(min(position, scalars.count))")
  }
}
