/// The tools that a request declares, as far as they lead to what was cut.
struct ClientTools {
  /// Where the model gets with them: a shell, else our tool under the name that the client gives it, else nowhere.
  var path: RetrievalPath { hasShell ? .shell : retrievalTool.map { .tool(named: $0) } ?? .none }
  private(set) var hasShell = false
  /// What the client calls the tool of our MCP server.
  private(set) var retrievalTool: String?
  /// Whether one has the very name that ours has.
  private(set) var hasOwnName = false
  /// Whether there is no tool whose results the client brings: none at all, or only such as the provider runs.
  private(set) var isEmpty = true

  /// Reads `tools` in all formats: names stand in the tool, in its `function` or `custom`, or in lists of declarations.
  init(_ document: JSONDocument) {
    var root = 0
    if !document.hasMember("tools", of: 0) {
      // The envelopes of Gemini CLI and of a WebSocket.
      root = document.member("request", of: 0) ?? document.member("response", of: 0) ?? 0
    }
    for list in ["tools", "functions"] as [StaticString] {
      for tool in document.elements(of: document.member(list, of: root)) { read(tool, document) }
    }
  }

  private mutating func read(_ tool: Int, _ document: JSONDocument) {
    let type = document.text(of: document.member("type", of: tool)) ?? []
    if shellTypes.contains(type) || type.starts(with: "bash_".utf8) { hasShell = true }
    if type.isEmpty || clientTypes.contains(where: { type.starts(with: $0) }) { isEmpty = false }
    name(document.member("name", of: tool), document)
    for wrapper in ["function", "custom"] as [StaticString] {
      name(document.member("name", of: document.member(wrapper, of: tool)), document)
    }
    for list in ["functionDeclarations", "function_declarations"] as [StaticString] {
      for declaration in document.elements(of: document.member(list, of: tool)) {
        name(document.member("name", of: declaration), document)
      }
    }
  }

  private mutating func name(_ value: Int?, _ document: JSONDocument) {
    guard let name = document.text(of: value) else { return }
    if shellNames.contains(Self.plain(name)) { hasShell = true }
    if name == ownName { hasOwnName = true }
    // The name is written into markers, so it has to be one that is accepted as a name.
    guard retrievalTool == nil, name.suffix(ownName.count).elementsEqual(ownName), name.count <= 128,
      name.allSatisfy({ Self.isNamePart($0) })
    else { return }
    retrievalTool = String(decoding: name, as: UTF8.self)
  }

  /// A name in lower case, without what separates its words.
  private static func plain(_ name: [UInt8]) -> [UInt8] {
    name.compactMap { byte in
      switch byte {
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      default: byte
      }
    }
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

private let ownName = Array(RetrievalTool.name.utf8)
/// What agents call the tool that runs commands where they run, without underscores and hyphens. Names of tools that run them elsewhere, in
/// a container or a pod, are not here.
private let shellNames = Set(
  [
    "bash", "shell", "sh", "zsh", "powershell", "terminal", "exec", "localshell", "runcommand", "executecommand",
    "execcommand",
    "runcommands", "runterminalcmd", "runterminalcommand", "runinterminal", "runshellcommand", "shellcommand",
    "executeshellcommand", "executebash", "runbash", "bashcommand", "runbashcommand", "unifiedexec", "developershell",
    "launchprocess", "bashtool", "shelltool", "shellexec",
  ].map { Array($0.utf8) })
private let shellTypes = [Array("local_shell".utf8), Array("shell".utf8)]
/// What the types of tools begin with that the client runs.
private let clientTypes = [
  "function", "custom", "local_shell", "shell", "apply_patch", "computer", "bash_", "text_editor_", "memory_",
].map { Array($0.utf8) }
