import Foundation
import Headroom
import HeadroomStore
import NIOCore
import NIOHTTP1

/// Whether requests can be served: the store answers, and each upstream does.
struct Readiness: Sendable {
  let upstreams: Upstreams
  let verdicts: any VerdictLedger
  let client: UpstreamClient

  struct Report: Sendable {
    /// What was tried, and what is wrong with it; nil when nothing is.
    var parts: [(name: String, fault: String?)]

    var isReady: Bool { parts.allSatisfy { $0.fault == nil } }

    /// `{"ready":true,"store":"ok","anthropic":"ok"}`
    var json: [UInt8] {
      let members = parts.map { name, fault in
        "\"\(name)\":" + String(decoding: JSONString.quoted(Array((fault ?? "ok").utf8)), as: UTF8.self)
      }
      return Array("{\"ready\":\(isReady),\(members.joined(separator: ","))}\n".utf8)
    }
  }

  private static let patience = Duration.seconds(3)

  func check() async -> Report {
    var parts = [(name: "store", fault: storeFault())]
    await withTaskGroup(of: (Int, String?).self) { group in
      for (index, provider) in Provider.allCases.enumerated() {
        group.addTask { (index, await upstreamFault(upstreams[provider])) }
      }
      var faults = [String?](repeating: nil, count: Provider.allCases.count)
      for await (index, fault) in group { faults[index] = fault }
      parts += zip(Provider.allCases, faults).map { ($0.rawValue, $1) }
    }
    return Report(parts: parts)
  }

  private func storeFault() -> String? {
    do {
      _ = try verdicts.verdicts(
        [BlockIdentity(callID: [], digest: [UInt8](repeating: 0, count: 32))], orLatest: [false])
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Any answer will do: whether a request is accepted is between the client and the provider.
  private func upstreamFault(_ address: String) async -> String? {
    await withTaskGroup(of: String?.self) { group in
      group.addTask {
        do {
          _ = try await client.send(.HEAD, address + "/", [:], .none)
          return nil
        } catch {
          return "\(error)"
        }
      }
      group.addTask {
        try? await Task.sleep(for: Readiness.patience)
        return "no answer within \(Readiness.patience.components.seconds) s"
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
  }
}
