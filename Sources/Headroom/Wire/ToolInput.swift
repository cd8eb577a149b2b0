/// Finds the command line and the path in the input of a tool call. Agents name these members in a handful of ways.
enum ToolInput {
  /// The longest input that is read, in bytes.
  static let longest = 64 << 10

  private static let commandKeys: [StaticString] = ["command", "cmd", "script", "command_line"]
  private static let pathKeys: [StaticString] = [
    "file_path", "path", "filename", "filepath", "filePath", "file", "absolute_path", "target_file", "notebook_path",
  ]
  /// What file editors call a command. It is none of a shell.
  private static let editorCommands: [StaticString] = ["view", "create", "str_replace", "insert", "undo_edit"]
  private static let shells: [StaticString] = ["bash", "sh", "zsh", "dash", "ksh", "fish"]

  static func path(in document: JSONDocument) -> [UInt8]? {
    pathKeys.lazy.compactMap { document.text(of: document.member($0, of: 0)) }.first
  }

  /// The command line: a string as it is, an argument vector as a shell would read it.
  static func command(in document: JSONDocument) -> [UInt8]? {
    for key in commandKeys {
      guard let value = document.member(key, of: 0) else { continue }
      if document.nodes[value].kind == .array {
        let words = document.elements(of: value).map { document.text(of: $0) }
        guard !words.isEmpty, !words.contains(nil) else { continue }
        return line(words.compactMap(\.self))
      }
      if let text = document.text(of: value), !editorCommands.contains(where: { document.isString(value, $0) }) {
        return text
      }
    }
    return nil
  }

  /// `["bash", "-lc", "ls -l | wc"]` is the command `ls -l | wc`; other vectors are joined, with quotes where a word needs them.
  private static func line(_ words: [[UInt8]]) -> [UInt8] {
    let program = words[0].split(separator: UInt8(ascii: "/")).last ?? []
    if words.count >= 3, words[1].first == UInt8(ascii: "-"), words[1].last == UInt8(ascii: "c"),
      shells.contains(where: {
        program.elementsEqual(UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount))
      })
    {
      return words[2]
    }
    return Array(words.map(quoted).joined(separator: CollectionOfOne(UInt8(ascii: " "))))
  }

  private static func quoted(_ word: [UInt8]) -> [UInt8] {
    let isPlain =
      !word.isEmpty
      && word.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
          true
        default: "-_./=:,+@%^".utf8.contains(byte)
        }
      }
    if isPlain { return word }
    let quote = UInt8(ascii: "'")
    return [quote] + word.flatMap { $0 == quote ? Array(#"'\''"#.utf8) : [$0] } + [quote]
  }
}

extension Hint {
  /// The hint of a call: command and path are looked up in its input.
  init(toolName: [UInt8]?, input: [UInt8]?, userText: [UInt8]) {
    self.init(toolName: toolName, input: input, command: nil, path: nil, userText: userText)
    guard let input, let document = try? JSONDocument(input) else { return }
    path = ToolInput.path(in: document)
    command = ToolInput.command(in: document)
  }
}
