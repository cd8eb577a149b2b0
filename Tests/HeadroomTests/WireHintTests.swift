import Testing

@testable import Headroom

/// What a block knows of the call it answers and of what the user wants.
@Suite struct WireHintTests {
  @Test func claudeCodeTools() throws {
    let hints = try hints(WireBody.claudeCode.text)
    #expect(hints.map { text($0.toolName) } == ["Bash", "Read", "Read", "Grep", "str_replace_based_edit_tool"])
    #expect(hints.map { text($0.command) } == [#"swift test --filter "Parser""#, nil, nil, nil, nil])
    #expect(hints.map { text($0.path) } == [nil, "/src/Parser.swift", "/src/Parser.swift", "src", "/src/Lexer.swift"])
    #expect(text(hints[0].input) == #"{"command": "swift test --filter \"Parser\"", "timeout": 6e4}"#)
  }

  @Test func chatTools() throws {
    let hints = try hints(WireBody.chat.text)
    #expect(
      hints.map { text($0.toolName) } == ["read_file", "read_file", "run_terminal_cmd", "query", "legacy", "exec"])
    #expect(hints.map { text($0.command) } == [nil, nil, "kubectl get pods -A", nil, nil, "grep -n 'node 7' pods.txt"])
    #expect(hints.map { text($0.path) } == ["deploy/app.yaml", "deploy/app.yaml", nil, nil, nil, nil])
    #expect(text(hints[3].input) == "select * from pods")
  }

  @Test func codexTools() throws {
    let hints = try hints(WireBody.codex.text)
    #expect(hints.map { text($0.toolName) } == ["exec_command", "local_shell_call", "apply_patch", "shell"])
    #expect(
      hints.map { text($0.command) } == ["rg -n footer", "ls -la | sort", nil, #"git log '--format=%h it'\''s'"#])
    #expect(text(hints[2].input)?.hasPrefix("*** Begin Patch\n") == true)
  }

  @Test func geminiCallsOfOneNameAreAnsweredInOrder() throws {
    let hints = try hints(WireBody.gemini.text)
    #expect(hints.map { text($0.toolName) } == ["read_file", "run_shell_command", "read_file", "fetch", "fetch"])
    #expect(hints.map { text($0.path) } == ["/src/a.swift", nil, "/src/b.swift", nil, nil])
    #expect(hints.map { text($0.command) } == [nil, "wc -l /src/*", nil, nil, nil])
  }

  @Test func callsOfOneNameKeepTheirOrderWhenAnotherIsLate() throws {
    func call(_ name: String, _ path: String) -> String {
      #"{"functionCall":{"name":"\#(name)","args":{"path":"\#(path)"}}}"#
    }
    func result(_ name: String) -> String {
      #"{"functionResponse":{"name":"\#(name)","response":{"output":"\#(WireBody.lines("x"))"}}}"#
    }
    let text = #"""
      {"contents":[{"role":"model","parts":[\#(call("slow", "s")),\#(call("read", "a")),\#(call("read", "b"))]},
       {"role":"user","parts":[\#(result("read")),\#(result("read")),\#(result("slow"))]}]}
      """#
    #expect(try hints(text).map { self.text($0.path) } == ["a", "b", "s"])
  }

  @Test func aCallWithoutResultDoesNotShiftTheNextOnes() throws {
    let text = #"""
      {"contents":[
       {"role":"model","parts":[{"functionCall":{"name":"read","args":{"path":"cancelled"}}}]},
       {"role":"user","parts":[{"text":"stop"}]},
       {"role":"model","parts":[{"functionCall":{"name":"read","args":{"path":"wanted"}}}]},
       {"role":"user","parts":[{"functionResponse":{"name":"read","response":{"output":"\#(WireBody.lines("x"))"}}}]}]}
      """#
    #expect(try hints(text).map { self.text($0.path) } == ["wanted"])
  }

  @Test func anIdThatIsUsedAgainMeansTheLastCall() throws {
    func turn(_ path: String) -> String {
      #"{"role":"assistant","tool_calls":[{"id":"call_0","function":{"name":"read","arguments":"{\"path\":\"\#(path)\"}"}}]}"#
    }
    let result = #"{"role":"tool","tool_call_id":"call_0","content":"x"}"#
    let hints = try hints("[\(turn("a")),\(result),\(turn("b")),\(result),\(result)]")
    #expect(hints.map { text($0.path) } == ["a", "b", "b"])
  }

  @Test func resultsInAnyOrderFindTheirCalls() throws {
    let calls = (0..<50).map { #"{"type":"tool_use","id":"toolu_\#($0)","name":"n","input":{"path":"p\#($0)"}}"# }
    let order = (0..<50).map { $0 * 37 % 50 }
    let results = order.map { #"{"type":"tool_result","tool_use_id":"toolu_\#($0)","content":"x"}"# }
    let text = #"""
      [{"role":"assistant","content":[\#(calls.joined(separator: ","))]},{"role":"user","content":[\#(results.joined(separator: ","))]}]
      """#
    #expect(try hints(text).map { self.text($0.path) } == order.map { "p\($0)" })
  }

  @Test func aResultWithoutACallHasNoHint() throws {
    let hint = try #require(hints(#"[{"role":"tool","tool_call_id":"lost","name":"read","content":"x"}]"#).first)
    #expect(hint == Hint(toolName: Array("read".utf8)))
  }

  @Test(
    arguments: [
      (#"{"command":["bash","-lc","make"]}"#, "make"), (#"{"command":["/bin/sh","-c","a b"]}"#, "a b"),
      (#"{"command":["ls","-c"]}"#, "ls -c"), (#"{"command":["bash","-x","run.sh"]}"#, "bash -x run.sh"),
      (#"{"command":["echo",""]}"#, "echo ''"),
      (#"{"cmd":"x","command":[]}"#, "x"),
      (#"{"command":["a",1],"script":"s"}"#, "s"), (#"{"command":"view","path":"f"}"#, nil), (#"{"command":7}"#, nil),
      (#"["ls"]"#, nil), (#"{"command":"a","command":"b"}"#, nil), ("ls", nil), ("", nil),
    ] as [(String, String?)])
  func commandLines(input: String, command: String?) {
    #expect(text(Hint(toolName: nil, input: Array(input.utf8), userText: []).command) == command)
  }

  // MARK: What the user said

  @Test func userTextIsWhatStandsBeforeTheCallAndAfterTheResult() throws {
    #expect(
      try hints(WireBody.claudeCode.text).map { text($0.userText) } == Array(
        repeating: "Why does the parser test fail?", count: 4)
        + ["Why does the parser test fail?\nMind the lexer, too."])
    #expect(
      try hints(WireBody.chat.text).map { text($0.userText) } == Array(repeating: "Which pods crash?", count: 5)
        + ["And on node 7?"])
    #expect(try hints(WireBody.codex.text).allSatisfy { text($0.userText) == "Fix the footer." })
    #expect(try hints(WireBody.gemini.text).allSatisfy { text($0.userText) == "Compare the two files." })
  }

  @Test func laterTurnsDoNotChangeTheHint() throws {
    let start = #"""
      {"role":"user","content":"first"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"n"}}]},
      {"role":"tool","tool_call_id":"a","content":"x"},{"role":"user","content":"second"}
      """#
    let now = try hints("[\(start)]")
    let later = try hints(#"[\#(start),{"role":"assistant","content":"done"},{"role":"user","content":"third"}]"#)
    #expect(now == later)
    #expect(text(now[0].userText) == "first\nsecond")
  }

  @Test func textOfTheAgentIsNotTheUsers() throws {
    func said(_ content: String) throws -> String? {
      let text =
        #"[{"role":"user","content":"real"},{"role":"assistant","content":"a"},{"role":"user","content":[{"type":"tool_result","content":"x"},{"type":"text","text":"\#(content)"}]}]"#
      return try self.text(hints(text)[0].userText)
    }
    #expect(try said(#"\n<system-reminder>note</system-reminder>\n\n"#) == "real")
    #expect(
      try said(#"<system-reminder>note</system-reminder> and more"#)
        == "real\n<system-reminder>note</system-reminder> and more")
    #expect(try said("plain") == "real\nplain")
  }

  // MARK: Support

  private func hints(_ text: String) throws -> [Hint] {
    let body = try #require(RequestBody(Array(text.utf8)))
    return body.blocks.indices.map { body.hint(of: $0) }
  }

  private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
}
