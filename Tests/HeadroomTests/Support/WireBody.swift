/// Request bodies as clients send them, written by hand: a rich one for each wire format.
enum WireBody: String, CaseIterable {
  case claudeCode, chat, codex, gemini, geminiCLI

  var bytes: [UInt8] { Array(text.utf8) }

  var text: String {
    switch self {
    case .claudeCode: Self.claudeCodeText
    case .chat: Self.chatText
    case .codex: Self.codexText
    case .gemini: Self.geminiText
    // The envelope that Gemini CLI sends with a personal account.
    case .geminiCLI: #"{"model":"gemini-2.5-pro","project":"p","request":\#(Self.geminiText)}"#
    }
  }

  /// A text of 30 lines, as it stands between the quotes of a JSON string.
  static func lines(_ name: String) -> String {
    (1...30).map { #"src/\#(name).swift:\#($0 * 7):    let \#(name) = value[\"\#($0)\"]"# }.joined(separator: #"\n"#)
  }

  /// Claude Code: thinking with signatures, cache breakpoints, parallel calls, a failed call, server tools.
  private static let claudeCodeText = #"""
    {
      "model": "claude-sonnet-4-5-20250929", "max_tokens": 32000, "temperature": 1.0, "stream": true,
      "metadata": {"user_id": "user_1_account__session_2", "nonce": 9007199254740993},
      "system": [{"type": "text", "text": "You are a coding agent.", "cache_control": {"type": "ephemeral", "ttl": "1h", "scope": "global"}}],
      "tools": [{"name": "Bash", "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}}},
        {"name": "Read", "input_schema": {"type": "object"}, "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
      "thinking": {"type": "enabled", "budget_tokens": 31999},
      "messages": [
        {"role": "user", "content": [
          {"type": "text", "text": "<system-reminder>\nToday is a day.\n</system-reminder>"},
          {"type": "text", "text": "Why does the parser test fail?"}]},
        {"role": "assistant", "content": [
          {"type": "thinking", "thinking": "Run it. \u00e9 1.0", "signature": "EqoBCkgIAhABGAIiQL2\/Zk+w=="},
          {"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3pzix\/LafPsn4a"},
          {"type": "text", "text": "I will look."},
          {"type": "tool_use", "id": "toolu_01A", "name": "Bash", "input": {"command": "swift test --filter \"Parser\"", "timeout": 6e4}},
          {"type": "tool_use", "id": "toolu_01B", "name": "Read", "input": {"file_path": "/src/Parser.swift", "limit": 200}},
          {"type": "tool_use", "id": "toolu_01C", "name": "Grep", "input": {"pattern": "func parse", "path": "src", "-n": true}}]},
        {"role": "user", "content": [
          {"type": "tool_result", "tool_use_id": "toolu_01A", "content": "\#(lines("alpha"))", "is_error": true},
          {"tool_use_id": "toolu_01B", "type": "tool_result", "content": [
            {"type": "text", "text": "\#(lines("beta"))", "cache_control": {"type": "ephemeral"}},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}},
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "\#(lines("document"))"}},
            {"type": "search_result", "source": "https://example.com", "title": "t", "content": [{"type": "text", "text": "\#(lines("search"))"}]},
            {"type": "hologram", "text": "\#(lines("hologram"))"},
            {"type": "text", "text": "\#(lines("gamma"))"}]},
          {"type": "tool_result", "tool_use_id": "toolu_01C", "content": "\#(lines("delta"))", "cache_control": {"type": "ephemeral", "ttl": "5m"}},
          {"type": "text", "text": "<system-reminder>The list of tasks is empty.</system-reminder>\n"}]},
        {"role": "assistant", "content": [
          {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "parser"}},
          {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [
            {"type": "web_search_result", "url": "https://example.com", "title": "x", "encrypted_content": "\#(lines("encrypted"))"}]},
          {"type": "mcp_tool_use", "id": "mcptoolu_1", "name": "echo", "server_name": "s", "input": {}},
          {"type": "mcp_tool_result", "tool_use_id": "mcptoolu_1", "is_error": false, "content": [{"type": "text", "text": "\#(lines("mcp"))"}]},
          {"type": "thinking", "thinking": "", "signature": "c2lnbmF0dXJl"},
          {"type": "tool_use", "id": "toolu_01D", "name": "str_replace_based_edit_tool", "input": {"command": "view", "path": "/src/Lexer.swift"}}]},
        {"role": "user", "content": [
          {"type": "tool_result", "tool_use_id": "toolu_01D", "content": [{"type": "text", "text": "\#(lines("epsilon"))"}]},
          {"type": "text", "text": "Mind the lexer, too.", "cache_control": {"type": "ephemeral"}}]}
      ]
    }
    """#

  /// Chat Completions: nulls, empty lists, parallel calls, a custom tool, the old function role, parts.
  private static let chatText = #"""
    {"model":"gpt-5.1","messages":[
      {"role":"developer","content":"Be brief."},
      {"role":"user","content":[{"type":"text","text":"Which pods crash?"},{"type":"image_url","image_url":{"url":"data:,"}}]},
      {"role":"assistant","content":null,"refusal":null,"tool_calls":[
        {"id":"call_1","type":"function","function":{"name":"run_terminal_cmd","arguments":"{\"command\": \"kubectl get pods -A\"}"}},
        {"id":"call_2","type":"function","function":{"name":"read_file","arguments":"{\"path\":\"deploy\\/app.yaml\"}"}},
        {"id":"call_3","type":"custom","custom":{"name":"query","input":"select * from pods"}}]},
      {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"\#(lines("yaml"))"},{"type":"text","text":"\#(lines("more"))"}]},
      {"role":"tool","tool_call_id":"call_1","name":"run_terminal_cmd","content":"\#(lines("pods"))"},
      {"role":"tool","tool_call_id":"call_3","content":""},
      {"role":"assistant","content":[],"tool_calls":[],"function_call":{"name":"legacy","arguments":"{}"}},
      {"role":"function","name":"legacy","content":"\#(lines("legacy"))"},
      {"role":"assistant","content":"Three do.","tool_calls":null,"annotations":[]},
      {"role":"user","content":"And on node 7?"},
      {"role":"assistant","content":null,"tool_calls":[{"id":"call_4","type":"function","function":{"name":"exec","arguments":"{\"cmd\":[\"grep\",\"-n\",\"node 7\",\"pods.txt\"]}"}}]},
      {"role":"tool","tool_call_id":"call_4","content":"\#(lines("node"))"},
      {"role":"tool","tool_call_id":"call_5","content":null}],
     "tools":[],"stop":null,"temperature":1.0,"seed":9007199254740993,"stream_options":{}}
    """#

  /// Codex: reasoning, argument vectors, patches, items of the server, lists as output.
  private static let codexText = #"""
    {"model":"gpt-5.3-codex","instructions":"You are Codex.","store":false,"stream":true,"prompt_cache_key":"0199-abc",
     "previous_response_id":"resp_0a1","include":["reasoning.encrypted_content"],"parallel_tool_calls":true,"tools":[],
     "input":[
      {"type":"message","role":"developer","content":[{"type":"input_text","text":"Sandbox is on."}]},
      {"type":"message","role":"user","content":[{"type":"input_text","text":"<environment_context>\n  <cwd>/src</cwd>\n</environment_context>"}]},
      {"role":"user","content":"Fix the footer."},
      {"type":"compaction","encrypted_content":"\#(lines("compaction"))"},
      {"type":"reasoning","id":"rs_1","summary":[],"content":null,"encrypted_content":"gAAAAABo+\/=="},
      {"type":"function_call","name":"exec_command","arguments":"{\"cmd\":\"rg -n footer\", \"yield_time_ms\": 1000.0}","call_id":"call_a"},
      {"type":"local_shell_call","id":"lsh_1","call_id":"call_b","status":"completed","action":{"type":"exec","command":["bash","-lc","ls -la | sort"],"env":{}}},
      {"type":"custom_tool_call","status":"completed","call_id":"call_c","name":"apply_patch","input":"*** Begin Patch\n*** Update File: a.md\n@@\n-old\n+new\n*** End Patch"},
      {"type":"function_call_output","call_id":"call_a","output":"\#(lines("footer"))"},
      {"type":"local_shell_call_output","call_id":"call_b","output":"\#(lines("listing"))"},
      {"type":"custom_tool_call_output","call_id":"call_c","output":"{\"output\":\"Success\",\"metadata\":{\"exit_code\":0}}"},
      {"type":"message","role":"assistant","phase":"commentary","content":[{"type":"output_text","text":"Next the test."}]},
      {"type":"item_reference","id":"msg_1"},
      {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"footer"}},
      {"type":"telepathy","output":"\#(lines("telepathy"))"},
      {"type":"shell_call_output","call_id":"call_x","output":[{"stdout":"\#(lines("stdout"))","stderr":"","outcome":{"type":"exit","exit_code":0}}]},
      {"type":"function_call","name":"shell","arguments":"{\"command\":[\"git\",\"log\",\"--format=%h it's\"],\"workdir\":\"/src\"}","call_id":"call_d"},
      {"type":"function_call","name":"view_image","arguments":"{\"path\":\"shot.png\"}","call_id":"call_e"},
      {"type":"function_call_output","call_id":"call_d","status":"incomplete","output":[{"type":"input_text","text":"\#(lines("log"))"},{"type":"input_image","image_url":"data:,"}]},
      {"type":"function_call_output","call_id":"call_e","output":[]}]}
    """#

  /// Gemini: ids absent, calls of one name side by side, errors, responses with structure.
  private static let geminiText = #"""
    {"systemInstruction":{"parts":[{"text":"Be exact."}]},"contents":[
      {"role":"user","parts":[{"text":"Compare the two files."}]},
      {"role":"model","parts":[{"text":"","thought":true,"thoughtSignature":"CsYB"},
        {"functionCall":{"name":"read_file","args":{"absolute_path":"/src/a.swift"}}},
        {"functionCall":{"name":"run_shell_command","args":{"command":"wc -l /src/*"}}},
        {"functionCall":{"name":"read_file","args":{"absolute_path":"/src/b.swift"}}}]},
      {"role":"user","parts":[
        {"functionResponse":{"name":"read_file","response":{"output":"\#(lines("first"))"}}},
        {"functionResponse":{"name":"run_shell_command","response":{"error":"\#(lines("failed"))","exitCode":1.0}}},
        {"functionResponse":{"name":"read_file","response":{"output":"\#(lines("second"))"}}},
        {"inlineData":{"mimeType":"image/png","data":"\#(lines("pixels"))"}}]},
      {"role":"model","parts":[{"functionCall":{"id":"fc-9","name":"fetch","args":{}}}]},
      {"role":"function","parts":[
        {"function_response":{"id":"fc-9","name":"fetch","response":{"status":"ok","pages":[{"text":"\#(lines("page"))"},{"text":"short"},["\#(lines("nested"))"]]}}}]}],
     "generationConfig":{"temperature":1.0}}
    """#
}
