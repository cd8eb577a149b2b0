/// What a tool call does, as far as later calls can make its result obsolete.
enum ToolAction: Equatable {
  /// Shows a file, all of it or a part.
  case read(path: [UInt8], isWhole: Bool)
  /// Looks something up without changing anything: a search, a listing, a status.
  case look
  /// Changes files.
  case edit(paths: [[UInt8]])
  /// What a conversation is steered by: plans, instructions, answers of the user, reports of sub-agents.
  case steering
  /// A part of an original that was asked for.
  case retrieval
  case other

  init(_ hint: Hint) {
    let tool = hint.toolName.map { String(decoding: $0, as: UTF8.self).lowercased() } ?? ""
    // MCP tools carry the name of their server: `mcp__files__read_file`.
    let name = tool.components(after: "__")
    if hint.isRetrieval {
      self = .retrieval
    } else if steeringTools.contains(name) || hint.path.map(ToolAction.isInstructions) ?? false {
      self = .steering
    } else if let command = hint.command {
      self = ShellCommand(command).action
    } else if let input = hint.input, patchTools.contains(name) || input.starts(with: "*** Begin Patch".utf8) {
      self = .edit(paths: ToolAction.patchedFiles(input))
    } else if let path = hint.path, editTools.contains(name) || ToolAction.isEditorChange(hint) {
      self = .edit(paths: [path])
    } else if let path = hint.path, hint.named(name).isFileRead {
      self = .read(path: path, isWhole: !ToolAction.hasRange(hint))
    } else if lookTools.contains(name) {
      self = .look
    } else {
      self = .other
    }
  }

  /// Whether the text of a file tells an agent how to work.
  static func isInstructions(_ path: [UInt8]) -> Bool {
    let name = String(decoding: path.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self).lowercased()
    return instructionFiles.contains(name)
  }

  /// Whether two ways of naming a file may mean the same: they are the same, or one is the end of the other, from a folder on.
  static func isSameFile(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    let (a, b) = (plain(a), plain(b))
    let (short, long) = a.count < b.count ? (a, b) : (b, a)
    if short.count == long.count { return short == long }
    return short.contains(UInt8(ascii: "/")) && long.suffix(short.count).elementsEqual(short)
      && long[long.count - short.count - 1] == UInt8(ascii: "/")
  }

  private static func plain(_ path: [UInt8]) -> ArraySlice<UInt8> {
    path.starts(with: "./".utf8) ? path.dropFirst(2) : path[...]
  }

  /// Whether a call of an editor with several commands changes the file.
  private static func isEditorChange(_ hint: Hint) -> Bool {
    guard let input = hint.input, let document = try? JSONDocument(input) else { return false }
    return document.isString(
      document.member("command", of: 0), anyOf: ["create", "str_replace", "insert", "undo_edit"])
  }

  /// Whether a read asks for some lines of the file.
  private static func hasRange(_ hint: Hint) -> Bool {
    guard let input = hint.input, let document = try? JSONDocument(input) else { return true }
    return rangeKeys.contains { document.hasMember($0, of: 0, where: { $0.kind != .null }) }
  }

  /// The files that a patch names: `*** Update File: src/a.py`.
  private static func patchedFiles(_ patch: [UInt8]) -> [[UInt8]] {
    let text = (try? JSONDocument(patch)).flatMap { document in
      ["input", "patch", "diff"].lazy.compactMap { document.text(of: document.member($0, of: 0)) }.first
    }
    let marks = ["*** Update File: ", "*** Add File: ", "*** Delete File: ", "+++ b/"].map { Array($0.utf8) }
    return (text ?? patch).split(separator: UInt8(ascii: "\n")).compactMap { line in
      marks.first { line.starts(with: $0) }.map { Array(line.dropFirst($0.count)) }
    }
  }
}

extension Hint {
  fileprivate func named(_ name: String) -> Hint {
    var hint = self
    hint.toolName = Array(name.utf8)
    return hint
  }
}

extension String {
  /// What stands behind the last `separator`.
  fileprivate func components(after separator: String) -> String {
    var rest = Substring(self)
    while let range = rest.utf8.firstRange(of: separator.utf8) { rest = rest[range.upperBound...] }
    return String(rest)
  }
}

extension Substring.UTF8View {
  fileprivate func firstRange(of part: String.UTF8View) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].starts(with: part), let end = index(start, offsetBy: part.count, limitedBy: endIndex) {
        return start..<end
      }
      start = index(after: start)
    }
    return nil
  }
}

private let steeringTools: Set<String> = [
  "todowrite", "todoread", "write_todos", "update_plan", "todo_write", "todo_read", "manage_todo_list",
  "update_todo_list",
  "exitplanmode", "exit_plan_mode", "enterplanmode", "taskcreate", "taskupdate", "tasklist", "taskget", "skill",
  "activate_skill", "task", "agent", "dispatch_agent", "spawn_agent", "new_task", "think", "askuserquestion",
  "ask_user",
  "ask_followup_question", "request_user_input", "question", "memory", "save_memory",
]
private let editTools: Set<String> = [
  "edit", "multiedit", "write", "notebookedit", "write_file", "edit_file", "create_file", "replace", "replace_in_file",
  "write_to_file", "str_replace", "insert", "insert_edit_into_file", "search_replace", "edit_notebook", "delete_file",
]
private let patchTools: Set<String> = ["apply_patch", "apply_diff", "patch"]
private let lookTools: Set<String> = [
  "grep", "glob", "ls", "list", "list_dir", "list_directory", "list_files", "search", "grep_search", "file_search",
  "codebase_search", "search_files", "search_file_content", "find", "find_files", "find_path", "search_code",
  "get_errors", "diagnostics", "read_lints", "read_directory",
]
private let instructionFiles: Set<String> = [
  "skill.md", "claude.md", "agents.md", "gemini.md", "copilot-instructions.md", ".cursorrules", ".windsurfrules",
]
private let rangeKeys: [StaticString] = [
  "offset", "limit", "start_line", "end_line", "view_range", "line_start", "line_end", "lines", "pages", "startLine",
  "endLine", "start_line_one_indexed", "end_line_one_indexed_inclusive",
]
