/// The results that a compaction takes out of a conversation, and the stubs that stand for them from then on.
///
/// A plan belongs to one place of a conversation: whatever goes on from there has it, a fork taken before has not. In the journal it is
/// text, a line for each result.
struct EpochPlan: Equatable {
  /// The topic of plans in the journal.
  static let topic = "epoch"

  /// One result and its stub.
  struct Replacement: Equatable {
    /// The number of the block among those of the request.
    var block: Int
    /// The SHA-256 of its payload.
    var digest: [UInt8]
    var stub: Verdict
  }

  var reason: EpochReason
  /// How many turns of the model there were.
  var turns: Int
  var replacements: [Replacement]

  init(reason: EpochReason, turns: Int, replacements: [Replacement]) {
    self.reason = reason
    self.turns = turns
    self.replacements = replacements
  }

  // MARK: The entry in the journal

  private static let version = "epoch 1"

  var entry: [UInt8] {
    var out = Array("\(EpochPlan.version) \(reason.rawValue) \(turns) \(replacements.count)\n".utf8)
    for replacement in replacements {
      let stub = replacement.stub
      out += "\(replacement.block) \(stub.tokensBefore) \(stub.tokensAfter) \(stub.handle?.name ?? "-") ".utf8
      out += HexadecimalText.text(replacement.digest) + " \(stub.kind.count) \(stub.kind) ".utf8
      out += (stub.form ?? []) + [UInt8(ascii: "\n")]
    }
    return out
  }

  /// Reads an entry. Nil when it is damaged or of a later version.
  init?(_ entry: [UInt8]) {
    var lines = entry.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    guard let head = lines.popFirst().map({ String(decoding: $0, as: UTF8.self).split(separator: " ") }),
      head.count == 5, head[0] + " " + head[1] == EpochPlan.version,
      let reason = EpochReason(rawValue: String(head[2])),
      let turns = Int(head[3]), lines.popLast()?.isEmpty == true, Int(head[4]) == lines.count
    else { return nil }
    self.reason = reason
    self.turns = turns
    replacements = []
    for line in lines {
      guard let replacement = Replacement(line) else { return nil }
      replacements.append(replacement)
    }
  }
}

extension EpochPlan.Replacement {
  fileprivate init?(_ line: ArraySlice<UInt8>) {
    let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 6, omittingEmptySubsequences: false)
    guard fields.count == 7 else { return nil }
    let numbers = [0, 1, 2, 5].map { Int(String(decoding: fields[$0], as: UTF8.self)) }
    guard let block = numbers[0], let before = numbers[1], let after = numbers[2], let kindLength = numbers[3],
      let digest = HexadecimalText.bytes(fields[4]), digest.count == 32, kindLength >= 0, fields[6].count > kindLength
    else { return nil }
    let rest = fields[6]
    let kindEnd = rest.startIndex + kindLength
    guard rest[kindEnd] == UInt8(ascii: " ") else { return nil }
    self.init(
      block: block, digest: digest,
      stub: Verdict(
        form: Array(rest[(kindEnd + 1)...]), kind: String(decoding: rest[..<kindEnd], as: UTF8.self), encoder: "stub",
        fidelity: .lossy, tokensBefore: before, tokensAfter: after,
        handle: Handle(String(decoding: fields[3], as: UTF8.self))))
  }
}
