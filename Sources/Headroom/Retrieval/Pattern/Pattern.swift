/// A regular expression over bytes, matched in time linear in the text whatever the pattern is.
///
/// `NSRegularExpression` and backtracking engines in general take exponential time on patterns such as `(a*)*b`; a
/// pattern comes from a model, so this one is simulated as a nondeterministic automaton with all its states at once
/// (Thompson, "Regular Expression Search Algorithm", 1968): at most `program size × text length` steps.
///
/// Syntax: literals, `.`, `[a-z]`, `[^…]`, `[[:alpha:]]`, `\d \w \s` and their capitals, `\b \B \< \>`, `^ $ \A \z`,
/// `(…)`, `(?:…)`, `(?<name>…)`, `a|b`, `* + ? {m} {m,} {m,n}` (lazy forms match the same lines), `(?i)`, `(?s)`, `\t
/// \n \xHH \uHHHH`. `^` and `$` are the ends of a line. A brace that is no count, and `]`, stand for themselves. What
/// cannot be matched in linear time (back-references) or is not offered (look-around) is an error. A byte that is not
/// UTF-8 counts as one character that only `.` and negated sets match.
struct Pattern: Sendable {
  let instructions: [PatternInstruction]
  let sets: [ScalarSet]
  /// The bytes a match can start with; nil when the pattern matches the empty text.
  let firstBytes: [Bool]?

  /// - Throws: `SelectionError` with the code `invalidPattern`, saying what is wrong.
  init(_ text: String) throws(SelectionError) {
    var parser = PatternParser(text)
    let node = try parser.parse()
    var compiler = PatternCompiler()
    try compiler.compile(node)
    instructions = compiler.instructions
    sets = compiler.sets
    firstBytes = compiler.firstBytes()
  }

  /// Whether the pattern occurs anywhere in `text`. For many texts use one `PatternMatcher`.
  func matches(_ text: [UInt8]) -> Bool {
    var matcher = PatternMatcher(self)
    return text.withUnsafeBufferPointer { matcher.matches($0) }
  }
}

/// One step of a compiled pattern.
enum PatternInstruction: Sendable, Equatable {
  /// Consume one scalar that the set with this number contains.
  case consume(set: Int)
  /// Go on only where the assertion holds.
  case assert(PatternAssertion)
  /// Go on at both places.
  case split(Int, Int)
  case jump(Int)
  case match
}

/// A condition on a position in the text.
enum PatternAssertion: Sendable, Equatable {
  case lineStart, lineEnd, textStart, textEnd, wordBoundary, noWordBoundary, wordStart, wordEnd
}
