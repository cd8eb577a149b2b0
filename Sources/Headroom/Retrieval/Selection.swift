/// The part of an original that someone asks for.
///
/// The fields narrow one another in the order of their declaration: `path` chooses a value, `rows` or `lines` a range
/// of it, `grep` the lines or rows that match, `query` the best of those. With none set, the selection is the whole
/// original.
public struct Selection: Sendable, Equatable {
  /// A place in a JSON document: `a.b[3].c`, `a["key with.dots"]`, `[-1]`.
  public var path: String?
  /// Rows: the elements of the array that the document is, or of the largest array of objects in it; the rows below the names of the
  /// largest table in a text; or else the lines.
  public var rows: NumberRange?
  public var lines: NumberRange?
  /// A regular expression; see `Pattern` for its syntax.
  public var grep: String?
  /// Words to rank by relevance.
  public var query: String?
  /// How many segments a query returns.
  public var segments: Int
  /// The most bytes to return; nil for no limit. What is beyond it is left out whole, line by line or row by row.
  public var byteLimit: Int?

  public init(
    path: String? = nil, rows: NumberRange? = nil, lines: NumberRange? = nil, grep: String? = nil, query: String? = nil,
    segments: Int = 8, byteLimit: Int? = nil
  ) {
    self.path = path
    self.rows = rows
    self.lines = lines
    self.grep = grep
    self.query = query
    self.segments = segments
    self.byteLimit = byteLimit
  }
}

/// Numbers from 1, both ends included: `3-17`, `100-`, `-20` (the first twenty) or `7`.
public struct NumberRange: Sendable, Equatable {
  public let first: Int
  /// Nil for "to the end".
  public let last: Int?

  /// - Throws: `SelectionError` with the code `invalidRange`.
  public init(_ text: String) throws(SelectionError) {
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = ends.map { NumberRange.number($0) }
    let isValid = zip(ends, numbers).allSatisfy { $0.isEmpty || $1 != nil } && numbers.contains { $0 != nil }
    let first = numbers.first.flatMap { $0 } ?? 1
    let last = ends.count == 1 ? first : numbers.last.flatMap { $0 }
    guard isValid, first > 0, last.map({ $0 >= first }) ?? true else {
      throw SelectionError(.invalidRange, "bad range \(text.prefix(40)): use 3-17, 100-, -20 or 7; numbers start at 1")
    }
    self.first = first
    self.last = last
  }

  private static func number(_ digits: Substring) -> Int? {
    digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
  }

  /// The range as offsets into `count` things; what lies beyond them is left out.
  func clamped(to count: Int) -> Range<Int> {
    let end = min(last ?? count, count)
    return first > end ? count..<count : first - 1..<end
  }
}

/// Why a part of an original cannot be given.
public struct SelectionError: Error, Sendable, Equatable, CustomStringConvertible {
  public struct Code: Sendable, Hashable {
    private enum Value { case invalidRange, invalidPattern, invalidPath, notFound, conflict }
    private let value: Value

    /// Not a range of numbers.
    public static let invalidRange = Code(value: .invalidRange)
    /// Not a regular expression, or one that is not offered.
    public static let invalidPattern = Code(value: .invalidPattern)
    /// Not a path.
    public static let invalidPath = Code(value: .invalidPath)
    /// The original has no such path, row or line.
    public static let notFound = Code(value: .notFound)
    /// Two selections that exclude each other.
    public static let conflict = Code(value: .conflict)
  }

  public let code: Code
  /// One line for people.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
