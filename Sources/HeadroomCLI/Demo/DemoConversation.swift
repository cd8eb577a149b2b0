/// The conversation that `headroom demo` shortens: an agent looks for the cause of failing checkouts. It is made up, and the same in
/// every run.
struct DemoConversation {
  /// A tool call and what came back.
  struct Step {
    var tool: String
    var input: String
    var result: String
  }

  static let model = "gpt-4o"
  /// What must stay in view: it names the cause.
  static let needle = "PoolTimeout after 30000 ms"

  private static let question = """
    Checkout fails for some customers since about 14:00. Find the error behind it, the release that brought it, and the orders whose \
    charge failed.
    """

  let steps: [Step]
  /// The orders whose charge failed.
  let failedOrders: [Int]

  init() {
    let shop = DemoShop()
    failedOrders = shop.orders.filter(\.hasFailed).map(\.number)
    steps = [
      Step(tool: "search_logs", input: #"{"service": "checkout", "since": "14:00"}"#, result: shop.logs.line),
      Step(tool: "query_orders", input: #"{"since": "14:00", "limit": 160}"#, result: shop.rows.line),
      Step(tool: "list_deployments", input: #"{"service": "checkout"}"#, result: DemoProject.deployments.line),
      Step(tool: "list_issues", input: #"{"state": "open"}"#, result: DemoProject.issues.line),
      Step(tool: "run_command", input: #"{"command": "kubectl get pods -n shop"}"#, result: DemoProject.pods),
    ]
  }

  /// The request body, as a client of OpenAI's Chat Completions sends it.
  var body: [UInt8] {
    var messages: [JSONText] = [
      .message("system", "You are an engineer on call for an online shop. Use the tools. Answer briefly."),
      .message("user", DemoConversation.question),
    ]
    for (index, step) in steps.enumerated() {
      let call = JSONText.object([
        ("id", .string("call_\(index + 1)")), ("type", .string("function")),
        ("function", .object([("name", .string(step.tool)), ("arguments", .string(step.input))])),
      ])
      messages.append(.object([("role", .string("assistant")), ("content", .null), ("tool_calls", .array([call]))]))
      messages.append(
        .object([
          ("role", .string("tool")), ("tool_call_id", .string("call_\(index + 1)")), ("content", .string(step.result)),
        ]))
    }
    return Array(
      JSONText.object([("model", .string(DemoConversation.model)), ("messages", .array(messages))]).line.utf8)
  }
}

extension JSONText {
  fileprivate static func message(_ role: String, _ text: String) -> JSONText {
    .object([("role", .string(role)), ("content", .string(text))])
  }
}

/// Chance that is the same in every run (SplitMix64).
struct DemoChance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func pick<T>(_ values: [T]) -> T { values[number(0...values.count - 1)] }

  /// Digits as of a commit or a trace.
  mutating func hexadecimal(_ count: Int) -> String {
    String((0..<count).map { _ in pick(Array("0123456789abcdef")) })
  }
}

extension Int {
  /// With zeros in front.
  func padded(_ digits: Int) -> String {
    let text = String(self)
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }
}
