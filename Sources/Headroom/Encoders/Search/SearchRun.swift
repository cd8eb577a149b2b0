/// Lines of a search tool, read: groups of consecutive records with the same path.
struct SearchRun {
  /// How the tool wrote its lines, in words that a header shows.
  enum Layout: String, CaseIterable {
    case inline = "path:line:text"
    case inlineColumn = "path:line:column:text"
    case heading = "path above line:text"
    case headingColumn = "path above line:column:text"
    case single = "line:text"
    case singleColumn = "line:column:text"
    case plain = "path:text"

    var hasColumn: Bool { self == .inlineColumn || self == .headingColumn || self == .singleColumn }
    var hasHeadings: Bool { self == .heading || self == .headingColumn }
    var hasPath: Bool { self != .single && self != .singleColumn }
    var hasNumber: Bool { self != .plain }
    var withColumn: Layout {
      switch self {
      case .inline: .inlineColumn
      case .heading: .headingColumn
      case .single: .singleColumn
      default: self
      }
    }
  }

  enum Kind: UInt8 {
    case match
    /// A line around a match: `-` stands where a match has `:`.
    case context
    /// The function that a match is in: `=`.
    case function
    /// `--` between parts that do not touch.
    case separator
    /// A line that says something else, such as which file is binary.
    case other

    init?(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: ":"): self = .match
      case UInt8(ascii: "-"): self = .context
      case UInt8(ascii: "="): self = .function
      default: return nil
      }
    }

    var separator: UInt8 {
      switch self {
      case .context: UInt8(ascii: "-")
      case .function: UInt8(ascii: "=")
      default: UInt8(ascii: ":")
      }
    }
  }

  struct Record {
    var kind: Kind
    var number = 0
    var column = 0
    /// What the line says, in the text.
    var text: Range<Int>
    /// The line it stands in.
    var line: Int
  }

  struct Group {
    /// The path, in the text.
    var path: Range<Int>
    var records: Range<Int>
  }

  var layout: Layout
  var groups: [Group] = []
  var records: [Record] = []
  /// The lines that all of this stands in.
  var lines: Range<Int>

  /// Whether `--` stands between any two files.
  var isSeparatedBetweenFiles: Bool {
    guard groups.count > 1, !layout.hasHeadings else { return false }
    return groups.dropLast().allSatisfy { records[$0.records.upperBound - 1].kind == .separator }
  }

  var matches: Int { records.reduce(0) { $1.kind == .match ? $0 + 1 : $0 } }
}
