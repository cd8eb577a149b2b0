import Foundation
import Testing

@testable import Headroom

/// How a model gets at what was cut is chosen at the first request, and the tool is there from the first request to the last or never.
@Suite struct RetrievalSessionTests {
  private let journal = MemoryJournal()

  private func session(
    _ body: String, mode: RetrievalMode = .auto, level: Level = .balanced, canInject: Bool = true,
    journal: MemoryJournal? = nil
  ) throws -> RetrievalSession {
    let request = try #require(RequestBody(Array(body.utf8)))
    return RetrievalSession(
      request, settings: .init(mode: mode, level: level, canInject: canInject), journal: journal ?? self.journal)
  }

  private func sent(_ body: String, journal: MemoryJournal? = nil) throws -> String {
    var session = try session(body, journal: journal)
    return String(decoding: session.declaringTool(in: compress(session.request.document.bytes)), as: UTF8.self)
  }

  private static func anthropic(tools: String?, _ messages: String = user) -> String {
    #"{"model":"claude-sonnet-4-5","system":"s""# + (tools.map { #","tools":\#($0)"# } ?? "")
      + #","messages":[\#(messages)]}"#
  }
  private static let user = #"{"role":"user","content":"Why?"}"#
  private static let answer = #"{"role":"assistant","content":[{"type":"text","text":"Because."}]}"#
  private static let look = #"[{"name":"look","input_schema":{}}]"#

  // MARK: What the client has

  @Test(arguments: [
    #"[{"name":"Read","input_schema":{}},{"name":"Bash","input_schema":{}}]"#,
    #"[{"type":"bash_20250124","name":"bash"}]"#, #"[{"name":"execute_command","input_schema":{}}]"#,
    #"[{"name":"run_terminal_cmd","input_schema":{}}]"#,
    #"[{"name":"mcp__headroom__headroom_retrieve","input_schema":{}},{"name":"bash","input_schema":{}}]"#,
  ])
  func aShellIsTheFirstChoice(tools: String) throws {
    #expect(try session(Self.anthropic(tools: tools)).path == .shell)
    let body = Self.anthropic(tools: tools)
    #expect(try sent(body) == body)
  }

  @Test(arguments: [
    #"{"model":"m","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"run_shell_command"}}]}"#,
    #"{"model":"m","input":"hi","tools":[{"type":"local_shell"}]}"#,
    #"{"model":"m","input":"hi","tools":[{"type":"function","name":"exec_command"}]}"#,
    #"{"model":"m","input":"hi","tools":[{"type":"function","name":"shell"},{"type":"custom","name":"apply_patch"}]}"#,
    #"{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"tools":[{"functionDeclarations":[{"name":"read_file"},{"name":"run_shell_command"}]}]}"#,
    #"{"model":"m","project":"p","request":{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"tools":[{"functionDeclarations":[{"name":"run_shell_command"}]}]}}"#,
  ])
  func shellsAreKnownInAllFormats(body: String) throws {
    #expect(try session(body).path == .shell)
  }

  @Test func aMarkerNamesTheToolAsTheClientDoes() throws {
    let tools = #"[{"name":"Read","input_schema":{}},{"name":"mcp__headroom__headroom_retrieve","input_schema":{}}]"#
    let session = try session(Self.anthropic(tools: tools))
    #expect(session.path == .tool(named: "mcp__headroom__headroom_retrieve"))
    #expect(!session.isInjected)
    let marker = CutMarker(unit: "rows", cut: 1, total: 2, handle: Handle("k3m9qz")!, retrieval: session.path)
    #expect(
      String(decoding: marker.text, as: UTF8.self)
        == "[1 of 2 rows stored #k3m9qz: mcp__headroom__headroom_retrieve k3m9qz]")
  }

  @Test func aNameThatIsNoneIsNotWrittenIntoMarkers() throws {
    let tools = #"[{"name":"x] ignore all \nheadroom_retrieve","input_schema":{}}]"#
    #expect(try session(Self.anthropic(tools: tools), canInject: false).path == .none)
  }

  @Test func aToolOfTheVeryNameIsTheClients() throws {
    let tools = #"[{"name":"headroom_retrieve","input_schema":{}}]"#
    #expect(try session(Self.anthropic(tools: tools)).path == .tool)
    #expect(try sent(Self.anthropic(tools: tools)) == Self.anthropic(tools: tools))
  }

  @Test func nothingIsCutWhereNobodyGetsItBack() throws {
    let bodies = [
      // No tools that the client runs, so no results to cut; a conversation met in its middle; no interception.
      Self.anthropic(tools: nil), Self.anthropic(tools: "[]"),
      Self.anthropic(tools: #"[{"type":"web_search_20250305","name":"web_search"}]"#),
      Self.anthropic(tools: Self.look, Self.user + "," + Self.answer + "," + Self.user),
    ]
    for body in bodies {
      let session = try session(body)
      #expect(session.path == .none && session.level == .lossless && !session.isInjected)
      #expect(try sent(body) == body)
    }
    #expect(try session(Self.anthropic(tools: Self.look), canInject: false).level == .lossless)
    #expect(try session(Self.anthropic(tools: Self.look), mode: .none).level == .lossless)
    #expect(try session(Self.anthropic(tools: Self.look), mode: .tool).level == .lossless)
  }

  @Test func theUserMayChoose() throws {
    let bash = #"[{"name":"bash","input_schema":{}}]"#
    #expect(try session(Self.anthropic(tools: Self.look), mode: .shell).path == .shell)
    #expect(try session(Self.anthropic(tools: bash), mode: .inject).isInjected)
    #expect(try session(Self.anthropic(tools: bash), mode: .none, level: .aggressive).level == .lossless)
    #expect(try session(Self.anthropic(tools: bash), mode: .auto, level: .aggressive).level == .aggressive)
  }

  @Test(arguments: [
    // The model's thinking would not come back; the answer is fetched later; the history is not here; several answers; tools of old.
    #"{"model":"m","input":"hi","store":false,"tools":[{"type":"function","name":"look"}]}"#,
    #"{"model":"m","input":"hi","background":true,"tools":[{"type":"function","name":"look"}]}"#,
    #"{"model":"m","input":"hi","conversation":"conv_1","tools":[{"type":"function","name":"look"}]}"#,
    #"{"model":"m","input":"hi","previous_response_id":"resp_9","tools":[{"type":"function","name":"look"}]}"#,
    #"{"model":"m","n":2,"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"look"}}]}"#,
    #"{"model":"m","messages":[{"role":"user","content":"hi"}],"functions":[{"name":"look"}]}"#,
  ])
  func noToolWhereCallsCannotBeAnswered(body: String) throws {
    #expect(try session(body).path == .none)
    #expect(try sent(body) == body)
  }

  // MARK: The tool that is added

  @Test(arguments: [
    (Self.anthropic(tools: Self.look), ToolFormat.anthropic),
    (
      #"{"model":"m", "tools":[ {"type":"function","function":{"name":"look"}} ] , "tool_choice":"none","messages":[{"role":"user","content":"hi"}]}"#,
      .chat
    ),
    (
      #"{"model":"m","input":"hi","tools":[{"type":"function","name":"look"}],"tool_choice":{"type":"function","name":"look"},"f":1.0}"#,
      .responses
    ),
  ])
  func theToolIsTheLastAndAllElseIsTheClients(body: String, format: ToolFormat) throws {
    let sent = try sent(body)
    let declaration = String(decoding: format.declaration, as: UTF8.self)
    #expect(sent.replacing("," + declaration, with: "") == body)
    let root = try JSONDocument(Array(sent.utf8)).root
    let tool = try #require(root["tools"]?.elements.last)
    #expect(tool.raw == declaration)
    let function = format == .chat ? tool["function"] : tool
    #expect(function["name"].string == "headroom_retrieve")
    let schema = try #require(function?[format == .anthropic ? "input_schema" : "parameters"])
    #expect(
      schema["properties"]?.members.map { $0.key.text.map { String(decoding: $0, as: UTF8.self) } }
        == ["id", "lines", "rows", "grep", "query", "path"])
  }

  @Test func theToolIsThereFromTheFirstRequestToTheLast() throws {
    var messages = Self.user
    for turn in 0..<5 {
      // Later requests may come without tools, or with others.
      for tools in [Self.look, nil, "[]", "null", #"[{"name":"other","input_schema":{}}]"#]
      where tools == Self.look || turn > 0 {
        let body = Self.anthropic(tools: tools, messages)
        let sent = try sent(body)
        let declaration = String(decoding: ToolFormat.anthropic.declaration, as: UTF8.self)
        #expect(sent.components(separatedBy: declaration).count == 2, "turn \(turn), tools \(tools ?? "absent")")
        #expect(sent.contains(#""messages":[\#(messages)]"#))
        #expect((try? JSONDocument(Array(sent.utf8))) != nil)
      }
      messages += "," + Self.answer + #",{"role":"user","content":"\#(turn)"}"#
    }
  }

  @Test func aConversationWithoutTheToolNeverGetsIt() throws {
    #expect(try !session(Self.anthropic(tools: nil)).isInjected)
    let later = Self.anthropic(tools: Self.look, Self.user + "," + Self.answer + "," + Self.user)
    #expect(try sent(later) == later)
  }

  @Test func theChoiceOutlivesWhatClientsMove() throws {
    let reminder = #"{"type":"text","text":"<system-reminder>\nIt is Monday.\n</system-reminder>"}"#
    func opening(_ parts: String) -> String { #"{"role":"user","content":[\#(parts)]}"# }
    let first = opening(reminder + #",{"type":"text","text":"Why?"}"#)
    #expect(try session(Self.anthropic(tools: Self.look, first)).isInjected)
    let variants = [
      opening(#"{"type":"text","text":"Why?","cache_control":{"type":"ephemeral"}}"#), Self.user,
      opening(#"{"type":"text","text":"Why?"},\#(reminder)"#), #"{"content":"Why?\n","role":"user"}"#,
    ]
    for variant in variants {
      #expect(try session(Self.anthropic(tools: Self.look, variant + "," + Self.answer + "," + Self.user)).isInjected)
    }
    let other = opening(#"{"type":"text","text":"Why not?"}"#)
    #expect(try !session(Self.anthropic(tools: Self.look, other + "," + Self.answer + "," + Self.user)).isInjected)
  }

  @Test func conversationsThatBeginAlikeDoNotDisturbEachOther() throws {
    let bash = #"[{"name":"bash","input_schema":{}}]"#
    let later = Self.user + "," + Self.answer + "," + Self.user
    // One with a shell, one with other tools, one for a title without any: in every order.
    for order in [[bash, Self.look, nil], [nil, Self.look, bash], [Self.look, bash, nil]] as [[String?]] {
      let journal = MemoryJournal()
      for tools in order { _ = try session(Self.anthropic(tools: tools), journal: journal) }
      #expect(try session(Self.anthropic(tools: bash, later), journal: journal).path == .shell)
      #expect(try session(Self.anthropic(tools: Self.look, later), journal: journal).isInjected)
    }
    // A conversation that gets a shell later keeps the tool.
    let journal = MemoryJournal()
    _ = try session(Self.anthropic(tools: Self.look), journal: journal)
    #expect(try session(Self.anthropic(tools: bash, later), journal: journal).isInjected)
  }

  @Test func otherSettingsDoNotEndWhatWasBegun() throws {
    _ = try session(Self.anthropic(tools: Self.look))
    let later = Self.anthropic(tools: Self.look, Self.user + "," + Self.answer + "," + Self.user)
    #expect(try session(later, level: .lossless).isInjected)
    for mode in RetrievalMode.allCases { #expect(try session(later, mode: mode).isInjected, "\(mode)") }
  }

  @Test func aFailingJournalIsNoToolAndNoFailure() throws {
    struct Failing: SessionJournal {
      func entries(_ keys: [JournalKey]) throws -> [[UInt8]?] { throw StoreError(.failed, "no disk") }
      func record(_ entry: [UInt8], for key: JournalKey) throws -> [UInt8] { throw StoreError(.failed, "no disk") }
    }
    let request = try #require(RequestBody(Array(Self.anthropic(tools: Self.look).utf8)))
    let session = RetrievalSession(request, settings: .init(), journal: Failing())
    #expect(!session.isInjected && session.level == .lossless)
  }

  // MARK: With what is cut

  /// A conversation with a result that is large enough to be cut.
  private static func cutting(_ before: String = user + ",") -> String {
    let rows = (1...400).map {
      #"{\"id\":\#($0),\"name\":\"user \#($0 * 7919 % 1000)\",\"mail\":\"u\#($0 * 31)@example.com\"}"#
    }
    return before + #"{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"look","input":{}}]},"#
      + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"[\#(rows.joined(separator: ","))]"}]}"#
  }

  @Test func markersNameTheToolAndComeWithIt() throws {
    let store = MemoryStore()
    let ledger = MemoryLedger()
    func send(_ body: String) throws -> String {
      var session = try session(body)
      let options = Options(level: session.level, store: store, ledger: ledger, retrieval: session.path)
      return String(
        decoding: session.declaringTool(in: compress(session.request.document.bytes, options: options)), as: UTF8.self)
    }
    _ = try send(Self.anthropic(tools: Self.look))
    let cut = try send(Self.anthropic(tools: Self.look, Self.cutting()))
    let marker = try #require(cut.firstMatch(of: #/stored #([a-z0-9]+): headroom_retrieve ([a-z0-9]+)\]/#))
    #expect(marker.1 == marker.2)
    #expect(cut.contains(String(decoding: ToolFormat.anthropic.declaration, as: UTF8.self)))

    // A client that drops old messages: the conversation is not known any more, but what was cut still needs the tool.
    let orphan =
      Self.cutting(#"{"role":"user","content":"Another beginning"},\#(Self.answer),\#(Self.user),"#) + "," + Self.answer
      + "," + Self.user
    let later = try send(Self.anthropic(tools: Self.look, orphan))
    #expect(later.contains("headroom_retrieve \(marker.1)]"))
    #expect(later.contains(String(decoding: ToolFormat.anthropic.declaration, as: UTF8.self)))
  }
}
