/// What a source file declares, and on which lines.
public struct Outline: Sendable {
  public enum Kind: String, Sendable {
    case type, function, value
  }

  /// A declaration.
  public struct Item: Sendable {
    public var kind: Kind
    /// Its name, where it has one.
    public var name: [UInt8]
    /// The lines it stands on, from 1, with its decorators and without the comment before it.
    public var lines: ClosedRange<Int>
    /// How many declarations it stands in.
    public var depth: Int
    /// The bytes of it.
    var range: Range<Int>
    /// The lines that a skeleton leaves out, from 0; empty when there are none.
    var body: Range<Int>
  }

  public internal(set) var items: [Item] = []
  /// Whether a skeleton shows a line, counted from 0.
  var isKept: [Bool]
  /// The lines of imports that stand together, from 0, with the names of what is imported.
  var imports: [(lines: Range<Int>, names: [Range<Int>])] = []

  init(lines: Int) { isKept = [Bool](repeating: false, count: lines) }

  mutating func keep(_ lines: Range<Int>) {
    for line in lines.clamped(to: isKept.indices) { isKept[line] = true }
  }
}
