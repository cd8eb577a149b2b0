/// The line that stands where content was cut: `[942 of 1000 rows stored #k3m9qz]`.
///
/// It says that the source is complete and this view is shorter: how much is stored, of how much, in which unit, and under which handle.
/// Where the reader has a way to get it, the line names it: `[942 of 1000 rows stored #k3m9qz: headroom retrieve k3m9qz --rows 3-40]`.
struct CutMarker: Equatable {
  /// What is counted: `rows`, `lines`.
  var unit: String
  var cut: Int
  var total: Int
  var handle: Handle
  var retrieval: RetrievalPath = .none

  var text: [UInt8] {
    Array("[\(cut) of \(total) \(unit) stored \(handle)\(retrieval.instruction(handle, unit: unit))]".utf8)
  }

  init(unit: String, cut: Int, total: Int, handle: Handle, retrieval: RetrievalPath = .none) {
    self.unit = unit
    self.cut = cut
    self.total = total
    self.handle = handle
    self.retrieval = retrieval
  }

  /// Reads a marker that is all of `range`, whatever way it names.
  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    let reader = LineReader(bytes, at: range.lowerBound, lines: 1)
    var p = range.lowerBound
    let end = range.upperBound
    guard reader.skip("[", at: &p, end: end), let cut = reader.integer(at: &p, end: end),
      reader.skip(" of ", at: &p, end: end),
      let total = reader.integer(at: &p, end: end), reader.skip(" ", at: &p, end: end),
      let space = bytes[p..<end].firstIndex(of: UInt8(ascii: " ")), bytes[end - 1] == UInt8(ascii: "]")
    else { return nil }
    unit = String(decoding: bytes[p..<space], as: UTF8.self)
    p = space
    guard reader.skip(" stored #", at: &p, end: end) else { return nil }
    let nameEnd = bytes[p..<end].firstIndex { $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: ":") } ?? end
    guard let handle = Handle(String(decoding: bytes[p..<nameEnd], as: UTF8.self)) else { return nil }
    self.cut = cut
    self.total = total
    self.handle = handle
  }
}

/// How the reader of a shortened text gets at what was cut. Chosen once for a conversation, from what the client has.
public struct RetrievalPath: Sendable, Equatable {
  private enum Value: Equatable { case none, shell, tool(String) }
  private let value: Value

  /// Markers name the handle alone.
  public static let none = RetrievalPath(value: .none)
  /// The reader runs commands: markers say `headroom retrieve`.
  public static let shell = RetrievalPath(value: .shell)
  /// The reader has the tool `headroom_retrieve`: markers name it.
  public static let tool = tool(named: RetrievalTool.name)

  /// The reader has the tool under the name that its client gives it, such as `mcp__headroom__headroom_retrieve`.
  public static func tool(named name: String) -> RetrievalPath { RetrievalPath(value: .tool(name)) }

  func instruction(_ handle: Handle, unit: String) -> String {
    switch value {
    case .none: ""
    case .shell: ": headroom retrieve \(handle.name) --\(unit) A-B"
    case .tool(let name): ": \(name) \(handle.name)"
    }
  }
  /// Whether a form in which content was cut names this way to it.
  func isNamed(in form: [UInt8], _ handle: Handle) -> Bool {
    let words =
      switch value {
      case .none: "\(handle)]"
      case .shell: ": headroom retrieve \(handle.name)"
      case .tool: instruction(handle, unit: "")
      }
    let name = Array(words.utf8)
    return form.withUnsafeBufferPointer { form in name.withUnsafeBufferPointer { form.contains($0) } }
  }
}
