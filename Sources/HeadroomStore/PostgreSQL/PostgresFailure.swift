import Headroom

/// What went wrong with a connection, in the words of PostgreSQL.
struct PostgresFailure: Error, Sendable {
  enum Kind: Sendable, Equatable {
    /// There is no connection.
    case connecting
    /// There was one.
    case lost
    /// The server does not answer.
    case late
    /// The server refuses, with a state of SQL (PostgreSQL's manual, appendix A).
    case server(String)
  }

  let kind: Kind
  let message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    // libpq tells some things on more than one line.
    self.message = String(message.split(whereSeparator: \.isNewline).first ?? "no message")
  }

  /// Whether the connection is of no more use.
  var isOfConnection: Bool {
    switch kind {
    case .connecting, .lost, .late: true
    // The server shuts down, or somebody ended the session.
    case .server(let state): state.hasPrefix("57P") || state.hasPrefix("08")
    }
  }

  /// Whether the same may succeed at once on another connection or at another moment.
  var isPassing: Bool {
    switch kind {
    case .lost: true
    case .connecting, .late: false
    // Ended by somebody; of two that waited for each other, this one had to give way.
    case .server(let state): ["57P01", "57P05", "40P01", "40001"].contains(state) || state.hasPrefix("08")
    }
  }

  /// Whether those who come next should not wait too.
  var isLasting: Bool {
    switch kind {
    case .connecting, .late: true
    case .lost: false
    case .server(let state): ["57014", "55P03", "53300", "57P02", "57P03"].contains(state)
    }
  }

  /// The tables are not there.
  var isMissingTable: Bool { kind == .server("42P01") }
}

extension StoreError {
  /// What the database at `place` reports, in the words of a store.
  init(place: String, _ failure: PostgresFailure) {
    let (code, message): (Code, String) =
      switch failure.kind {
      case .connecting: (.unavailable, "cannot open the store \(place): \(failure.message)")
      case .lost: (.failed, "the connection to the store \(place) was lost: \(failure.message)")
      case .late: (.failed, "the store \(place) does not answer: \(failure.message)")
      case .server(let state):
        switch state {
        case "53100": (.failed, "cannot write the store \(place): the disk is full")
        case "55P03": (.failed, "the store \(place) is in use by another process")
        case "57014": (.failed, "the store \(place) does not answer: \(failure.message)")
        case "25006": (.unavailable, "cannot write the store \(place): it is read-only")
        case "XX001", "XX002": (.damaged, "the store \(place) is damaged")
        case _ where state.hasPrefix("28") || state.hasPrefix("3D") || state == "42501":
          (.unavailable, "cannot open the store \(place): \(failure.message)")
        default: (.failed, "the store \(place) failed: \(failure.message)")
        }
      }
    self.init(code, message, cause: failure)
  }
}
