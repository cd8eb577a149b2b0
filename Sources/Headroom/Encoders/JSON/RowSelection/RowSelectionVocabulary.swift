extension RowSelection {
  /// What one value says about its row.
  enum Signal: UInt8, Comparable {
    case none
    /// Worth seeing rather than others.
    case warning
    /// Never cut.
    case error

    static func < (a: Signal, b: Signal) -> Bool { a.rawValue < b.rawValue }
  }

  /// What the name of a member says about its values.
  struct Role: OptionSet {
    let rawValue: UInt16

    /// How severe something is: `level`, `severity`.
    static let level = Role(rawValue: 1)
    /// How something is or went: `status`, `outcome`.
    static let state = Role(rawValue: 2)
    /// What kind of thing it is: `type`, `event`.
    static let kind = Role(rawValue: 4)
    /// How urgent it is: `priority`.
    static let urgency = Role(rawValue: 8)
    /// May be a status code of HTTP.
    static let http = Role(rawValue: 16)
    /// Not 0 where something failed: `exit_code`, `errno`.
    static let exit = Role(rawValue: 32)
    /// Says something only where something failed: `error`, `stderr`.
    static let failure = Role(rawValue: 64)
    /// True where something failed: `timed_out`.
    static let flag = Role(rawValue: 128)
    /// False where something failed: `ok`.
    static let success = Role(rawValue: 256)

    /// Roles whose values are words.
    static let words: Role = [.level, .state, .kind, .urgency]
  }

  /// The words by which tools name failures.
  enum Vocabulary {
    // MARK: Names

    /// What the name of a member says, as it stands between its quotes.
    static func role(ofKey key: UnsafeBufferPointer<UInt8>) -> Role {
      guard key.count <= 64 else { return [] }
      var visitor = NameVisitor()
      Terms.scan(key, in: key.indices, &visitor)
      return visitor.role
    }

    /// What the names on a path say: of the last member, and `failure` where any is named so.
    static func role(of path: [Name.Step]) -> Role {
      var role: Role = []
      for case .key(let lexeme) in path {
        let own = lexeme.dropFirst().dropLast().withUnsafeBufferPointer { Vocabulary.role(ofKey: $0) }
        role = role.intersection(.failure).union(own)
      }
      return role
    }

    private struct NameVisitor: TermVisitor {
      private var parts: [UInt64] = []
      private var joined: UInt64 = 0

      mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
        if kind == .part { parts.append(TermHash.hash(word)) }
        if kind == .identifier || kind == .compound { joined = TermHash.hash(word) }
      }

      var role: Role {
        var words = parts
        while words.count > 1, let last = words.last, fillers[last] != nil { words.removeLast() }
        guard let last = words.last else { return [] }
        var role = Role(rawValue: UInt16(lastNames[last] ?? 0))
        if words.count > 1 {
          // `exit_code` and `response_status`, but not `zip_code`.
          let pair = pairs[words[words.count - 2]].map { Role(rawValue: UInt16($0)) } ?? []
          if codes[last] != nil { role = role.subtracting([.http, .exit]).union(pair) }
        }
        if failures[joined] != nil || words.contains(where: { failures[$0] != nil }) { role.insert(.failure) }
        if parts.contains(where: { neutral[$0] != nil }) { role.remove(.failure) }
        return role
      }
    }

    /// The lists of words, each with the value of its words. Where two lists have a word, the values are joined.
    private static func table(_ lists: [(words: String, roles: Role)]) -> TermTable {
      table(lists.map { ($0.words, Int($0.roles.rawValue)) })
    }

    private static func table(_ lists: [(words: String, value: Int)]) -> TermTable {
      var words: [(hash: UInt64, value: Int)] = []
      for (list, value) in lists {
        for word in list.split(whereSeparator: \.isWhitespace) {
          let hash = Array(word.utf8).withUnsafeBufferPointer { TermHash.hash($0) }
          if let known = words.firstIndex(where: { $0.hash == hash }) {
            words[known].value |= value
          } else {
            words.append((hash, value))
          }
        }
      }
      var table = TermTable(capacity: words.count)
      for word in words { table.insert(word.hash, word.value) }
      return table
    }

    private static func table(_ words: String) -> TermTable { table([(words, 1)]) }

    private static let lastNames = table([
      ("level lvl loglevel levelname severity sev risk criticality threat", .level),
      ("status", [.state, .http]),
      ("state outcome result conclusion phase verdict health condition disposition reason", .state),
      ("type kind event", .kind),
      ("priority prio urgency", .urgency),
      ("code", [.http, .exit]),
      ("statuscode httpstatus httpcode", .http),
      ("exitcode exitstatus returncode retcode rc errno", .exit),
      ("timeout timed timedout oom oomkilled killed rejected denied aborted unhealthy down", .flag),
      ("exceeded breached violated invalid corrupt corrupted broken dead", .flag),
      ("success successful succeeded ok passed healthy ready alive reachable valid", .success),
    ])
    /// What stands before `code` or `status`.
    private static let pairs = table([("exit return ret", .exit), ("http status response", .http)])
    private static let codes = table("code status")
    private static let failures = table(
      """
      error errors err errored exception exceptions failure failures fail failed failing traceback stacktrace stderr
      crash crashed panic fault
      """)
    /// A name with one of these is of a setting, a rate or a place, not of a failure.
    private static let neutral = table(
      """
      rate ratio pct percent percentage handler handling page budget margin bar threshold max maximum allow allowed
      ignore ignored on retry retries log logs url uri link file path policy tolerance correction std standard mean
      squared square absolute relative median deviation domain domains
      """)
    /// Words at the end of a name that say nothing: `status_text`, `timed_out`.
    private static let fillers = table("name text value label string str out")

    // MARK: Values

    /// What a text says where the name of its member has one of the `words` roles. Texts of more than six words are
    /// prose and say nothing here.
    static func signal(_ text: UnsafeBufferPointer<UInt8>, _ role: Role) -> Signal {
      guard 1...64 ~= text.count else { return .none }
      var visitor = ValueVisitor(role: role)
      Terms.scan(text, in: text.indices, &visitor)
      guard visitor.count <= 6 else { return .none }
      return visitor.count == 1 ? max(visitor.signal, visitor.signalAlone) : visitor.signal
    }

    private struct ValueVisitor: TermVisitor {
      let role: Role
      private(set) var signal = Signal.none
      /// What a word says that is ambiguous among others: `down`, `high`.
      private(set) var signalAlone = Signal.none
      private(set) var count = 0
      private var isNegated = false

      init(role: Role) { self.role = role }

      mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
        let hash = TermHash.hash(word)
        let isPart = kind == .part || kind == .number
        if isPart { count += 1 }
        if !(isPart && isNegated) {
          signal = max(signal, Vocabulary.signal(anywhere[hash], in: role))
          signalAlone = max(signalAlone, Vocabulary.signal(alone[hash], in: role))
        }
        if isPart { isNegated = negations[hash] != nil }
      }
    }

    /// The lower four bits of a word are the roles in which it is an error, the next four those in which it is a
    /// warning.
    private static func signal(_ meaning: Int?, in role: Role) -> Signal {
      guard let meaning else { return .none }
      let roles = Int(role.rawValue & Role.words.rawValue)
      return meaning & roles != 0 ? .error : meaning >> 4 & roles != 0 ? .warning : .none
    }

    private static func errors(_ roles: Role) -> Int { Int(roles.rawValue) }
    private static func warnings(_ roles: Role) -> Int { Int(roles.rawValue) << 4 }

    private static let anywhere = table([
      ("error errors errored err fatal panic emergency emerg", errors([.level, .state, .kind])),
      ("fail fails failed failing", errors([.level, .state, .kind])),
      ("failure failures exception crash crashed oomkilled fault outage", errors([.level, .state, .kind])),
      ("critical crit severe", errors([.level, .state])),
      ("timeout timedout aborted denied rejected refused declined forbidden unauthorized", errors(.state)),
      ("unhealthy unreachable unavailable notready notfound degraded outofsync deadlineexceeded", errors(.state)),
      ("killed evicted backoff crashloopbackoff imagepullbackoff", errors(.state)),
      ("corrupt corrupted malicious infected compromised breached", errors(.state)),
      ("warn warning warnings", warnings([.level, .state, .kind])),
      ("cancelled canceled expired blocked exited unstable flaky slow retrying throttled", warnings(.state)),
      ("partial missing suspicious anomalous anomaly", warnings(.state)),
      ("critical urgent highest blocker emergency p0 p1", warnings(.urgency)),
    ])
    /// Words that say something only when the value is nothing else.
    private static let alone = table([
      ("high alert blocker disaster e f sev0 sev1", errors(.level)),
      ("down offline dead lost broken invalid violation violated exceeded alarm", errors(.state)),
      ("w major moderate important", warnings(.level)),
    ])
    private static let negations = table("no non not without zero 0")

    /// Whether a text under a name for failures says that there was none.
    static func saysNothing(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
      guard text.count <= 16 else { return text.allSatisfy { $0 <= 0x20 } }
      var visitor = NothingVisitor()
      Terms.scan(text, in: text.indices, &visitor)
      return visitor.saysNothing
    }

    private struct NothingVisitor: TermVisitor {
      private(set) var saysNothing = true
      private var count = 0

      mutating func visit(_ word: UnsafeBufferPointer<UInt8>, _ kind: Terms.Kind) {
        guard kind == .part || kind == .number else { return }
        let hash = TermHash.hash(word)
        // `no errors`, but not `error`.
        saysNothing = saysNothing && (nothings[hash] != nil || (count == 1 && failures[hash] != nil))
        count += 1
      }
    }

    private static let nothings = table("0 false no none null nil n a na ok success successful passed undefined")
  }
}
