import Foundation
import TestSupport
import Testing

@testable import Headroom

/// What a request keeps when it is forwarded: everything but the payloads that were replaced.
@Suite struct RequestFidelityTests {
  // MARK: Nothing replaced

  @Test(arguments: [
    #"{"model":"claude-x","max_tokens":1.0,"n":9007199254740993,"messages":[{"role":"user","content":"\u00e9 é \/ \ud83d\ude00"}]}"#,
    "\r\n{ \"messages\" :\t[ {\"role\" :\"user\",\n\n\"content\": [ ] } ]\n ,\"a\":1,\"a\":1.00,\"a\":-0 }\n\n",
    #"{"messages":[{"role":"tool","tool_call_id":"c","content":"half \ud83d of a pair"}],"model":"m\udc00"}"#,
    #"[{"role":"user","content":"hi"},{"role":"assistant","content":null}]"#,
    #"{"model":"m","input":"text","metadata":{"":null,"\u0000":[[],{}]}}"#,
    #"{"contents":[{"parts":[{"text":"x"}]}],"contents":null,"request":{"contents":[{"parts":[]}]}}"#,
  ])
  func withNothingReplacedTheBytesAreTheClients(text: String) throws {
    let bytes = Array(text.utf8)
    guard let body = RequestBody(bytes) else { return }
    #expect(body.replacing([:]) == bytes)
    #expect(body.replacing([99: [0x78]]) == bytes)
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func recordedRequestsComeBackIdentical() throws {
    let files = ["workloads", "agents", "headroom/fixtures", "headroom/bench_latency"].flatMap {
      RecordedData.files(below: $0, extensions: ["json"])
    }
    var requests = 0
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: file))
      guard let body = RequestBody(bytes) else { continue }
      requests += 1
      let isIdentical = body.replacing([:]) == bytes
      #expect(isIdentical, "\(file.lastPathComponent)")
    }
    #expect(requests >= 90)
  }

  // MARK: All blocks replaced

  @Test(arguments: WireBody.allCases)
  func onlyPayloadsDiffer(body: WireBody) throws {
    let request = try WireForwarding(body)
    let payloads = Set(request.client.blocks.map(\.path))
    func isOther(_ value: WireForwarding.Value) -> Bool {
      ![.array, .object].contains(value.value.kind) && !payloads.contains(value.path)
    }
    let others = request.lexemes(where: isOther)
    #expect(others.client == others.forwarded)
    let replaced = WireForwarding.values(of: request.forwarded.root, path: "", key: nil)
      .filter { payloads.contains($0.path) }.map(\.value.text)
    #expect(replaced == request.client.blocks.indices.map { WireForwarding.replacement($0) })
  }

  @Test func cacheControlStaysWhereItIs() throws {
    let request = try WireForwarding(.claudeCode)
    let marks = request.lexemes { $0.key == "cache_control" }
    #expect(marks.client == marks.forwarded)
    #expect(marks.client.count == 5)
    #expect(marks.client.contains { $0.contains(#""ttl": "1h", "scope": "global""#) })
    // The results that carry one are blocks like all others.
    for path in ["messages[2].content[1].content[0].text", "messages[2].content[2].content"] {
      #expect(request.client.blocks.contains { $0.path == path }, "\(path)")
    }
  }

  @Test func signedThinkingIsUntouched() throws {
    let request = try WireForwarding(.claudeCode)
    let thinking = request.lexemes {
      $0.value["type"].map { $0.isString("thinking") || $0.isString("redacted_thinking") } ?? false
    }
    #expect(thinking.client.count == 3)
    #expect(thinking.client == thinking.forwarded)
    #expect(thinking.forwarded[0].hasPrefix("messages[1].content[0] "))
    #expect(thinking.forwarded[1].hasPrefix("messages[1].content[1] "))
    #expect(thinking.forwarded[2].hasPrefix("messages[3].content[4] "))
  }

  @Test(arguments: WireBody.allCases)
  func membersKeepTheirOrder(body: WireBody) throws {
    let request = try WireForwarding(body)
    func keys(_ document: JSONDocument) -> [[String]] {
      WireForwarding.values(of: document.root, path: "", key: nil)
        .map { $0.value.members.map { String(decoding: $0.key.lexeme, as: UTF8.self) } }
    }
    let client = keys(request.client.document)
    #expect(client == keys(request.forwarded))
    #expect(client.contains { $0.count > 1 && $0 != $0.sorted() })
  }

  @Test func opaqueTypesAreUntouched() throws {
    let opaque = [
      "image", "document", "search_result", "hologram", "server_tool_use", "web_search_tool_result", "mcp_tool_use",
      "mcp_tool_result", "tool_use",
    ]
    let request = try WireForwarding(.claudeCode)
    for type in opaque {
      let parts = request.lexemes { value in
        value.value["type"]?.lexeme.elementsEqual("\"\(type)\"".utf8) ?? false
      }
      #expect(!parts.client.isEmpty, "\(type)")
      #expect(parts.client == parts.forwarded, "\(type)")
    }
    let data = try WireForwarding(.gemini).lexemes { $0.key == "inlineData" || $0.key == "systemInstruction" }
    #expect(data.client.count == 2)
    #expect(data.client == data.forwarded)
  }

  @Test func callsAndResultsStayPaired() throws {
    let keys = ["role", "type", "id", "tool_use_id", "tool_call_id", "call_id", "name", "is_error", "status"]
    for body in WireBody.allCases {
      let request = try WireForwarding(body)
      let pairs = request.lexemes { keys.contains($0.key ?? "") }
      #expect(pairs.client == pairs.forwarded, "\(body)")
      #expect(pairs.client.count > 10, "\(body)")
      let counts = request.lexemes { $0.value.kind == .array }
      #expect(counts.client.count == counts.forwarded.count, "\(body)")
    }
  }

  @Test func responsesItemsAreUntouched() throws {
    let request = try WireForwarding(.codex)
    let blocks = Set(["function_call_output", "custom_tool_call_output", "local_shell_call_output"])
    let items = try #require(request.client.document.root["input"]).elements
    let forwarded = try #require(request.forwarded.root["input"]).elements
    #expect(items.count == forwarded.count)
    var untouched: Set<String> = []
    for (item, other) in zip(items, forwarded) {
      let type = item["type"]?.text.map { String(decoding: $0, as: UTF8.self) } ?? "message"
      if !blocks.contains(type) {
        #expect(item.lexeme == other.lexeme, "\(type)")
        untouched.insert(type)
      }
    }
    #expect(
      untouched.isSuperset(of: [
        "message", "reasoning", "compaction", "function_call", "custom_tool_call", "local_shell_call", "item_reference",
        "web_search_call", "telepathy", "shell_call_output",
      ]))
    let keys = [
      "phase", "arguments", "encrypted_content", "previous_response_id", "prompt_cache_key", "command", "input_image",
    ]
    let values = request.lexemes { keys.contains($0.key ?? "") }
    #expect(values.client == values.forwarded)
    #expect(values.client.contains { $0.hasSuffix(#""{\"cmd\":\"rg -n footer\", \"yield_time_ms\": 1000.0}""#) })
    #expect(values.client.contains { $0.hasSuffix(#"["bash","-lc","ls -la | sort"]"#) })
  }

  @Test func nullsAndEmptyListsStay() throws {
    let request = try WireForwarding(.chat)
    let empty = request.lexemes { $0.value.kind == .null || ($0.value.kind == .array && $0.value.elements.isEmpty) }
    #expect(empty.client == empty.forwarded)
    for sent in [
      "messages[2].content null", "messages[6].content []", "messages[6].tool_calls []", "messages[8].tool_calls null",
      "messages[12].content null", "tools []", "stop null",
    ] {
      #expect(empty.forwarded.contains(sent), "\(sent)")
    }
    #expect(
      try WireForwarding(.codex).lexemes { $0.path == "input[19].output" }.forwarded == [
        "input[19].output []"
      ])
  }
}
