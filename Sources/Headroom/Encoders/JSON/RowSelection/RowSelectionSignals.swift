extension RowSelection {
  /// The rows that report errors, and those that warn, by the names of members and their values.
  ///
  /// A signal that more than half of the rows have is the norm and says nothing: every finding of a linter is an
  /// `error`.
  struct Signals {
    /// Ascending.
    private(set) var errors: [Int] = []
    private(set) var isWarning: [Bool]
    /// Whether the columns tell errors apart.
    private(set) var isSignal: [Bool]

    private var isError: [Bool]
    private let pool: ValuePool
    private let rowCount: Int

    init(_ columns: [Values], rowCount: Int, _ pool: ValuePool) {
      self.pool = pool
      self.rowCount = rowCount
      isWarning = Array(repeating: false, count: rowCount)
      isError = isWarning
      isSignal = Array(repeating: false, count: columns.count)
      var reader = NodeReader(pool.document)
      for (index, column) in columns.enumerated() where !column.isConstant { add(column, index, &reader) }
      errors = isError.indices.filter { isError[$0] }
    }

    private mutating func add(_ column: Values, _ index: Int, _ reader: inout NodeReader) {
      let role = Vocabulary.role(of: column.path)
      var signals = column.distinct.indices.map { number -> Signal in
        let id = column.distinct[number]
        switch pool.kind(id) {
        case .array, .object: return reader.signal(Int(column.nodes[number]), role)
        case .string where pool.isText(id): return Signals.signal(ofText: pool.text(id), role)
        case .number: return Signals.signal(ofNumber: pool.lexeme(id), role)
        case let kind: return Signals.signal(ofKind: kind, role)
        }
      }
      if !role.isDisjoint(with: [.http, .exit, .level]) {
        let codes = column.distinct.map { Signals.code(pool.text($0), pool.kind($0)) }
        raise(&signals, by: codes, column, role)
      }
      dropNorm(&signals, column.counts)
      guard signals.contains(where: { $0 != .none }) else { return }
      isSignal[index] = true
      for (row, number) in column.numbers.enumerated() where number >= 0 {
        switch signals[Int(number)] {
        case .error: isError[row] = true
        case .warning: isWarning[row] = true
        case .none: break
        }
      }
    }

    // MARK: Single values

    static func signal(ofText text: UnsafeBufferPointer<UInt8>, _ role: Role) -> Signal {
      if role.contains(.failure) { return Vocabulary.saysNothing(text) ? .none : .error }
      if role.contains(.success), text.elementsEqual("false".utf8) { return .error }
      if role.contains(.flag), text.elementsEqual("true".utf8) { return .error }
      if !role.isDisjoint(with: .words) { return max(Vocabulary.signal(text, role), LineLevel.signal(text)) }
      return role.isEmpty ? LineLevel.signal(text) : .none
    }

    static func signal(ofNumber lexeme: UnsafeBufferPointer<UInt8>, _ role: Role) -> Signal {
      guard role.contains(.failure) else { return .none }
      // Zero in any spelling has no other digit before its exponent.
      let isZero = lexeme.prefix { $0 | 0x20 != UInt8(ascii: "e") }.allSatisfy { !(0x31...0x39 ~= $0) }
      return isZero ? .none : .error
    }

    static func signal(ofKind kind: JSONDocument.Kind, _ role: Role) -> Signal {
      switch kind {
      case .true: role.isDisjoint(with: [.failure, .flag]) ? .none : .error
      case .false: role.contains(.success) ? .error : .none
      default: .none
      }
    }

    // MARK: Codes

    /// The integer that a value is, or that its text starts with: `404 Not Found`.
    private static func code(_ text: UnsafeBufferPointer<UInt8>, _ kind: JSONDocument.Kind) -> Int? {
      guard kind == .number || kind == .string else { return nil }
      var end = 0
      let isNegative = text.first == UInt8(ascii: "-")
      if isNegative { end = 1 }
      let start = end
      var value = 0
      while end < text.count, text[end] &- 0x30 < 10, end < start + 9 {
        value = value * 10 + Int(text[end] - 0x30)
        end += 1
      }
      guard end > start, end == text.count || (kind == .string && text[end] == UInt8(ascii: " ")) else { return nil }
      return isNegative ? -value : value
    }

    /// Codes mean something only where all values of the column are codes.
    private func raise(_ signals: inout [Signal], by codes: [Int?], _ column: Values, _ role: Role) {
      var present: [(number: Int, code: Int)] = []
      for number in codes.indices where pool.kind(column.distinct[number]) != .null {
        guard let code = codes[number] else { return }
        present.append((number, code))
      }
      guard let mode = present.max(by: { column.counts[$0.number] < column.counts[$1.number] })?.code else { return }
      let isHTTP = role.contains(.http) && present.allSatisfy { 100...599 ~= $0.code }
      let isExit = role.contains(.exit) && mode == 0
      // Pino and Bunyan count 30 for information and 50 for errors, Python 20 and 40.
      let isLevel = role.contains(.level) && present.allSatisfy { $0.code % 10 == 0 && 10...60 ~= $0.code }
      let errorLevel = mode == 30 ? 50 : 40
      for (number, code) in present {
        if (isHTTP && code >= 400) || (isExit && code != 0) || (isLevel && code >= errorLevel) {
          signals[number] = .error
        } else if isLevel, code >= errorLevel - 10 {
          signals[number] = max(signals[number], .warning)
        }
      }
    }

    // MARK: The norm

    private static let fewValues = 8

    /// Takes the signal from values that more than half of the rows have: from the commonest of a few values until
    /// half of the rows are left, from all of many values.
    private func dropNorm(_ signals: inout [Signal], _ counts: [Int]) {
      for signal in [Signal.error, .warning] {
        var numbers = signals.indices.filter { signals[$0] == signal }
        var rows = numbers.reduce(0) { $0 + counts[$1] }
        let areFew = numbers.count <= Signals.fewValues
        while rows * 2 > rowCount,
          let commonest = numbers.indices.max(by: { counts[numbers[$0]] < counts[numbers[$1]] })
        {
          let dropped = areFew ? [numbers.remove(at: commonest)] : numbers
          if !areFew { numbers = [] }
          for number in dropped {
            signals[number] = .none
            rows -= counts[number]
          }
        }
      }
    }
  }

  /// The level that a line of a log names by itself.
  enum LineLevel {
    private static let reach = 64

    /// What stands at the start of `text`: a level in capitals, `level=error`, `error:`, `ValueError: …`. Texts
    /// without a space are no lines.
    static func signal(_ text: UnsafeBufferPointer<UInt8>) -> Signal {
      guard text.count >= 8, text.prefix(256).contains(UInt8(ascii: " ")) else { return .none }
      let end = min(text.count, reach)
      var i = 0
      var isFirst = true
      var followsLevel = false
      while i < end {
        guard isLetter(text[i]) else {
          i += 1
          continue
        }
        let start = i
        while i < text.count, isLetter(text[i]) || text[i] &- 0x30 < 10 || text[i] == UInt8(ascii: "_") { i += 1 }
        let word = UnsafeBufferPointer(rebasing: text[start..<i])
        if followsLevel { return Vocabulary.signal(word, .level) }
        let next = i < text.count ? text[i] : 0
        if let signal = level(word, followedBy: next, isFirst: isFirst) { return signal }
        followsLevel = next == UInt8(ascii: "=") && Vocabulary.role(ofKey: word) == .level
        // A dotted name is one word: java.lang.IllegalStateException.
        isFirst = isFirst && next == UInt8(ascii: ".")
      }
      return .none
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// Nil when the word is no level.
    private static func level(_ word: UnsafeBufferPointer<UInt8>, followedBy next: UInt8, isFirst: Bool) -> Signal? {
      if 4...8 ~= word.count, word.allSatisfy({ $0 &- 0x41 < 26 }) {
        return levels.first { word.elementsEqual($0.word.utf8) }?.signal
      }
      guard isFirst else { return nil }
      if next == UInt8(ascii: ":") {
        return endings.contains { ends(word, with: $0) } ? .error : nil
      }
      return word.elementsEqual("Traceback".utf8) ? .error : nil
    }

    /// Whether `word` ends in a word of lower case letters, which may be capitalized.
    private static func ends(_ word: UnsafeBufferPointer<UInt8>, with ending: String) -> Bool {
      let count = ending.utf8.count
      guard word.count >= count else { return false }
      return zip(word.suffix(count), ending.utf8).allSatisfy { $0 | 0x20 == $1 }
    }

    private static let endings = ["error", "exception", "fatal", "panic", "failure", "failed", "critical"]
    private static let levels: [(word: String, signal: Signal)] = [
      ("ERROR", .error), ("FATAL", .error), ("CRITICAL", .error), ("CRIT", .error), ("PANIC", .error),
      ("SEVERE", .error), ("EMERG", .error), ("WARN", .warning), ("WARNING", .warning),
      ("INFO", .none), ("DEBUG", .none), ("TRACE", .none), ("NOTICE", .none),
    ]
  }

  /// Reads the values inside an array or object of a cell as if each were a cell.
  struct NodeReader {
    private let document: JSONDocument
    /// The roles of the keys seen so far.
    private var roles = TermTable()

    init(_ document: JSONDocument) { self.document = document }

    /// The strongest signal of any value in the node. `role` is that of the member that the node is the value of.
    mutating func signal(_ node: Int, _ role: Role) -> Signal {
      guard document.nodes.indices.contains(node) else { return .none }
      let value = document.nodes[node]
      var strongest = Signal.none
      switch value.kind {
      case .object:
        var key = node + 1
        while key < value.next, strongest < .error {
          let own = self.role(ofKey: key)
          strongest = max(strongest, signal(key + 1, role.intersection(.failure).union(own)))
          key = document.nodes[key + 1].next
        }
      case .array:
        var element = node + 1
        while element < value.next, strongest < .error {
          strongest = max(strongest, signal(element, role))
          element = document.nodes[element].next
        }
      case .string:
        // Lines of a log are not looked for here, as texts in nested values are many.
        guard !role.isEmpty else { return .none }
        strongest = withBytes(value.range.lowerBound + 1..<value.range.upperBound - 1) { text in
          Signals.signal(ofText: text, role)
        }
      case .number: strongest = withBytes(value.range) { Signals.signal(ofNumber: $0, role) }
      default: strongest = Signals.signal(ofKind: value.kind, role)
      }
      return strongest
    }

    private mutating func role(ofKey key: Int) -> Role {
      let range = document.nodes[key].range
      let content = range.lowerBound + 1..<range.upperBound - 1
      let hash = withBytes(content) { TermHash.hash($0) }
      if let known = roles[hash] { return Role(rawValue: UInt16(known)) }
      let role = withBytes(content) { Vocabulary.role(ofKey: $0) }
      roles.insert(hash, Int(role.rawValue))
      return role
    }

    private func withBytes<R>(_ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
      document.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }
  }
}
