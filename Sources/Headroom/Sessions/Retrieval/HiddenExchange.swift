/// What passed between the model and the tool in one answer, out of the client's sight.
///
/// The client has one answer where the model gave several, with results of the tool between them. What the model gave is kept as it came, so
/// that later requests can hold what the upstream saw.
struct HiddenExchange: Equatable {
  /// One answer of the model, and the results that it got.
  struct Round: Equatable {
    /// Its parts: content blocks, calls or items. Those that the client saw stand here to tell where the hidden ones belong.
    var parts: [Part]
    /// The whole message, in the format where parts are no list of their own.
    var message: [UInt8]?
    var results: [[UInt8]]
  }

  struct Part: Equatable {
    /// JSON as it came.
    var json: [UInt8]
    var isHidden: Bool
  }

  var rounds: [Round] = []
  /// Whether the last round called tools of the client, too: then its results stand beside the client's in the next turn.
  var isOpen = false

  /// The exchange as JSON, for a journal: `{"rounds":[{"parts":[[1,…],[0,…]],"message":…,"results":[…]}],"open":true}`.
  var entry: [UInt8] {
    func list(_ elements: [[UInt8]]) -> [UInt8] {
      [UInt8(ascii: "[")] + Array(elements.joined(separator: CollectionOfOne(UInt8(ascii: ",")))) + [UInt8(ascii: "]")]
    }
    let rounds = rounds.map { round in
      let parts = round.parts.map { Array("[\($0.isHidden ? 1 : 0),".utf8) + $0.json + [UInt8(ascii: "]")] }
      let message = round.message.map { Array(#","message":"#.utf8) + $0 } ?? []
      return Array(#"{"parts":"#.utf8) + list(parts) + message + Array(#","results":"#.utf8) + list(round.results)
        + [UInt8(ascii: "}")]
    }
    return Array(#"{"rounds":"#.utf8) + list(rounds) + Array(#","open":\#(isOpen)}"#.utf8)
  }

  init(rounds: [Round] = [], isOpen: Bool = false) {
    self.rounds = rounds
    self.isOpen = isOpen
  }

  /// Reads an entry; nil when it is none.
  init?(_ entry: [UInt8]) {
    guard let document = try? JSONDocument(entry) else { return nil }
    isOpen = document.hasMember("open", of: 0) { $0.kind == .true }
    for round in document.elements(of: document.member("rounds", of: 0)) {
      let parts = document.elements(of: document.member("parts", of: round)).map { Array(document.elements(of: $0)) }
      guard parts.allSatisfy({ $0.count == 2 }) else { return nil }
      rounds.append(
        Round(
          parts: parts.map {
            Part(json: document.lexeme(of: $0[1]), isHidden: document.integer(of: $0[0]) == 1)
          },
          message: document.member("message", of: round).map { document.lexeme(of: $0) },
          results: document.elements(of: document.member("results", of: round)).map { document.lexeme(of: $0) }))
    }
    if rounds.isEmpty { return nil }
  }
}

/// What is remembered of a response that its provider keeps and that later requests name instead of repeating it.
struct HiddenResponse: Equatable {
  /// The id of the response that holds the whole exchange, as a JSON string; the client knows that of the first.
  var id: [UInt8]
  /// Results that the next request has to bring.
  var results: [[UInt8]] = []

  var entry: [UInt8] {
    Array(#"{"id":"#.utf8) + id + Array(#","results":["#.utf8)
      + results.joined(separator: CollectionOfOne(UInt8(ascii: ","))) + Array("]}".utf8)
  }

  init(id: [UInt8], results: [[UInt8]] = []) {
    self.id = id
    self.results = results
  }

  init?(_ entry: [UInt8]) {
    guard let document = try? JSONDocument(entry), let id = document.member("id", of: 0) else { return nil }
    self.id = document.lexeme(of: id)
    results = document.elements(of: document.member("results", of: 0)).map { document.lexeme(of: $0) }
  }
}

extension JournalKey {
  /// The exchange behind the answer that makes a conversation this one.
  static func exchange(_ digest: [UInt8]) -> JournalKey { JournalKey(topic: "exchange", digest: digest) }

  /// How the model of a conversation gets at what was cut.
  static func retrieval(_ digest: [UInt8]) -> JournalKey { JournalKey(topic: "retrieval", digest: digest) }
}
