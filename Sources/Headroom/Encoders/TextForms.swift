/// The shorter forms of some lines of one kind of text. One conforming type is one encoder with its decoder.
///
/// An encoder recognises its kind by a strict grammar, says what it can make of the lines, and reads its own forms back. It neither prices
/// nor verifies them: the pipeline does, for all encoders alike.
protocol TextForms: SendableMetatype {
  /// The word its headers begin with; see ``Frame``.
  static var name: String { get }
  static var kind: Segment.Kind { get }

  /// Whether its complete forms keep what a file says in every line, so that they may stand for a file the agent is going to edit.
  static var isSafeForFiles: Bool { get }

  /// Whether it is tried on lines of every kind, and not only on those it finds.
  static var isGeneral: Bool { get }

  /// Whether its lines are quoted or applied as they stand, so that no general form may take their place.
  static var isQuoted: Bool { get }

  /// The runs of lines that are of its kind, in order and disjoint. The hint is what the tool call tells; the lines decide.
  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>]

  /// Reads the lines. Nil when nothing can be made of them.
  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter)

  /// Forms that hold everything, the simplest first: frames that decode to the very lines (`identical`, `lossless`), or text without its
  /// presentation (`normalized`).
  func complete() -> [Candidate]

  /// A form with lines out of view; nil when none can be. What is kept stands in it as it was, and `[lines a-b]` where something is left
  /// out: see ``CutText``.
  func cut(_ request: CutRequest) -> Candidate?

  /// The lines that a frame stands for, without a newline at their end. Nil when the frame is damaged.
  static func decode(_ frame: Frame) -> [UInt8]?
}

extension TextForms {
  static var isSafeForFiles: Bool { false }
  static var isGeneral: Bool { false }
  static var isQuoted: Bool { isSafeForFiles }
  func complete() -> [Candidate] { [] }
  func cut(_ request: CutRequest) -> Candidate? { nil }
  static func decode(_ frame: Frame) -> [UInt8]? { nil }
}

/// All encoders of text other than JSON, in the order in which they claim lines: the strictest grammar first.
enum TextEncoders {
  static let all: [any TextForms.Type] = [
    HTMLForms.self, NumberedFileForms.self, DiffForms.self, CommitLog.self, BlameForms.self, OnelineLog.self,
    DiffStat.self, TestForms.self, BuildForms.self, StackTraceForms.self, SearchForms.self, CodeForms.self,
    StructuredForms<XMLText>.self, StructuredForms<YAMLText>.self, StructuredForms<SectionsText>.self,
    StructuredForms<RuledText>.self,
    LongListingForms.self, PathListForms.self, StructuredForms<CSVText>.self, StructuredForms<AlignedText>.self,
    LogForms.self, ProseForms.self,
  ]

  /// The lines that the frame at `position` stands for, and where it ends.
  static func decode(_ text: [UInt8], at position: Int) -> (lines: [UInt8], end: Int)? {
    guard let frame = Frame(text, at: position), let encoder = all.first(where: { $0.name == frame.name }),
      let lines = encoder.decode(frame)
    else { return nil }
    return (lines, frame.end)
  }
}
