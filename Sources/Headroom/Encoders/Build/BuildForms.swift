/// Output of compilers, linters, build tools, package managers and CI.
///
/// Complete forms say repeated phrases and runs of lines once, see ``PhraseNotation``:
///
///     [build, 3 lines, $1-$1 first]
///     $1=cc -std=gnu11 -Wall -O3 -I../deps/lua/src -c
///     3× $1 {adlist, ae, anet}.c -o {}.o
///     make: *** [Makefile:412: redis-server] Error 1
///
/// The cut form keeps errors, steps and verdicts as they are, counts progress, and names the places of warnings like one above:
///
///     [lines 2-88: 87 Compiling]
///     warning: unused variable: `x`
///      --> src/a.rs:12:9
///     [lines 92-104: 3 like line 89: src/b.rs:4:9, src/c.rs:7:13 31:5]
///     error[E0308]: mismatched types
struct BuildForms: TextForms {
  static let name = "build"
  static let kind = Segment.Kind.build

  private let lines: TextLines
  private let facts: BuildFacts

  /// Up to so many errors stand in a complete form as they were; more are findings, of which there may be hundreds alike.
  private static let mostVerbatim = 40

  static func find(in lines: TextLines, hint: Hint) -> [Range<Int>] { BuildFinder.find(lines, hint) }

  init?(_ lines: TextLines, hint: Hint, counter: TokenCounter) {
    self.lines = lines
    facts = BuildFacts(lines, isGo: BuildFinder.isGo(hint))
  }

  func complete() -> [Candidate] {
    let facts = facts.lines
    let errors = facts.count { $0.kind == .error }
    func isVerbatim(_ line: Int) -> Bool {
      facts[line].kind == .verdict || facts[line].kind == .error && errors <= BuildForms.mostVerbatim
    }
    guard let (detail, body) = PhraseNotation.encode(lines, isWhole: isVerbatim, isApart: isVerbatim) else { return [] }
    return [
      Candidate(name: "build", fidelity: .identical, bytes: Frame.write(BuildForms.name, detail: detail, body: body))
    ]
  }

  func cut(_ request: CutRequest) -> Candidate? {
    BuildCut(lines, facts, request).text.candidate("build cut")
  }

  static func decode(_ frame: Frame) -> [UInt8]? { PhraseNotation.decode(frame) }
}
