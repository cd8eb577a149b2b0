/// Output of compilers, linters, build tools, package managers and CI.
struct BuildForms: TextForms {
  static let name = "build"
  static let kind = Segment.Kind.build

  private let lines: TextLines

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] { lines.isEmpty ? [] : [0..<lines.count] }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) { self.lines = lines }

  func complete() -> [Candidate] {
    guard let (detail, body) = PhraseNotation.encode(lines, isWhole: { _ in false }, isApart: { _ in false }) else {
      return []
    }
    return [
      Candidate(name: "build", fidelity: .identical, bytes: Frame.write(BuildForms.name, detail: detail, body: body))
    ]
  }

  static func decode(_ frame: Frame) -> [UInt8]? { PhraseNotation.decode(frame) }
}
