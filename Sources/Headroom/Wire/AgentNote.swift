extension JSONDocument {
  /// Whether a string of a user message is one of the notes that agents add to what the user says, and move from turn to turn:
  /// `<system-reminder>The file was changed…</system-reminder>`.
  func isAgentNote(_ string: Int) -> Bool {
    var text = bytes[nodes[string].range].dropFirst().dropLast()
    while text.starts(with: lineBreak) { text = text.dropFirst(lineBreak.count) }
    while text.suffix(lineBreak.count).elementsEqual(lineBreak) { text = text.dropLast(lineBreak.count) }
    return agentTags.contains { text.starts(with: $0.open) && text.suffix($0.close.count).elementsEqual($0.close) }
  }
}

/// A line break as it is spelled in a JSON string.
private let lineBreak = Array(#"\n"#.utf8)
private let agentTags = ["system-reminder", "environment_context", "user_instructions"].map {
  (open: Array("<\($0)>".utf8), close: Array("</\($0)>".utf8))
}
