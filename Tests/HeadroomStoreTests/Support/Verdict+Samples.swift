import Headroom

extension BlockIdentity {
  /// The identity of a block with this text.
  static func sample(_ id: String, _ text: String) -> BlockIdentity {
    BlockIdentity(callID: Array(id.utf8), digest: (0..<32).map { UInt8(truncatingIfNeeded: $0 * text.count) })
  }
}

extension Verdict {
  static func sample(_ form: String?, handle: String? = "k3m9qz", targets: [Target] = []) -> Verdict {
    Verdict(
      form: form.map { Array($0.utf8) }, kind: "log", encoder: form == nil ? nil : "log", fidelity: .identical,
      tokensBefore: 900, tokensAfter: form == nil ? 900 : 70, handle: handle.flatMap { Handle($0) }, targets: targets)
  }
}
