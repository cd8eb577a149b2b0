/// How far a shorter form is from the original.
public enum Fidelity: String, Sendable, Comparable, CaseIterable {
  /// Decoding gives the same bytes.
  case identical
  /// Presentation was removed: colours, overwritten progress, padding. No content.
  case normalized
  /// Decoding gives the same information: JSON values, lines and their order.
  case lossless
  /// Content was cut. The original is stored, and a marker says what was cut and how to get it.
  case lossy

  private var rank: Int {
    switch self {
    case .identical: 0
    case .normalized: 1
    case .lossless: 2
    case .lossy: 3
    }
  }

  public static func < (a: Fidelity, b: Fidelity) -> Bool { a.rank < b.rank }
}

/// How much the user allows.
public enum Level: String, Sendable, CaseIterable {
  /// Nothing is ever cut.
  case lossless
  /// Large results of kinds where it is safe may be cut, the original stored. Never errors.
  case balanced
  /// As balanced, with a lower size floor and a tighter budget.
  case aggressive
}

/// A shorter form of a text, before it is priced.
struct Candidate: Sendable {
  /// The encoder and its form, for reports: `json table`.
  var name: String
  var fidelity: Fidelity
  var bytes: [UInt8]
  /// Its tokens, where the encoder knows them already.
  var tokens: Int?
  /// Lines of the original that are out of view, where the form does not bring the marker that says so.
  var cutLines = 0
}
