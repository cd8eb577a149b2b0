import Foundation
import Testing

/// Programs that people use, through `headroom proxy`: they understand the same as without it, and the provider gets the same but for shorter
/// tool results. What each of them does stands in `Tests/Clients`.
@Suite(.serialized, .timeLimit(.minutes(30)))
struct ClientTests {
  @Test(
    .enabled(if: ServedProxy.Environment.clients.isPresent, "packages of Tests/requirements.txt absent"),
    arguments: ["anthropic", "openai", "gemini"])
  func officialClients(name: String) throws {
    let outcome = try ServedProxy().run("\(name)_client.py", in: .clients)
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
  }

  @Test(
    .enabled(if: ServedProxy.Environment.agent.isPresent, "packages of Tests/Clients/agent-requirements.txt absent"))
  func anAgentDoesItsTask() throws {
    let outcome = try ServedProxy().run("agent_task.py", in: .agent)
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
  }
}
