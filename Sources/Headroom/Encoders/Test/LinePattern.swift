/// What a line of a test runner looks like: `test <name> ... ok`.
///
/// Slots stand between angle brackets:
/// `<indent>` the spaces at the start · `<name>` the test · `<group>` its class or worker · `<rest>` anything, also nothing ·
/// `<time>` a decimal number, `<time->` one with spaces before it · `<n>` an integer, `<n->` one with spaces before it ·
/// `<marks>` the letters of a progress line · and, which can be computed and so need not be shown, `<percent>`: `[ 12%]`, and
/// `<pad>` and `<dots>`: what fills the line up to the width of all.
///
/// A text slot ends where the next literal begins; the last one has what the parts behind it leave. A second `<name>` stands for the same
/// bytes as the first.
struct LinePattern: @unchecked Sendable {
  enum Slot: UInt8, Sendable {
    case literal, indent, group, name, rest, time, alignedTime, number, alignedNumber, marks, percent, pad, dots

    var isText: Bool { self == .group || self == .name || self == .rest }
    var isDerived: Bool { self == .percent || self == .pad || self == .dots }

    init?(_ word: String) {
      switch word {
      case "indent": self = .indent
      case "group": self = .group
      case "name": self = .name
      case "rest": self = .rest
      case "time": self = .time
      case "time-": self = .alignedTime
      case "n": self = .number
      case "n-": self = .alignedNumber
      case "marks": self = .marks
      case "percent": self = .percent
      case "pad": self = .pad
      case "dots": self = .dots
      default: return nil
      }
    }
  }

  struct Part: Sendable {
    var slot: Slot
    /// The literal, as a range of the pattern's text.
    var start = 0
    var count = 0
  }

  private let text: StaticString
  /// Allocated once for each pattern of the program and never freed, so that patterns are copied as plain bytes.
  private let parts: UnsafeBufferPointer<Part>
  /// The text slot that takes what the others leave; the number of parts when there is none.
  private let wide: Int

  init(_ text: StaticString) {
    var parts: [Part] = []
    var position = 0
    let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "<"), let end = bytes[position...].firstIndex(of: UInt8(ascii: ">")),
        let slot = Slot(String(decoding: bytes[position + 1..<end], as: UTF8.self))
      {
        parts.append(Part(slot: slot))
        position = end + 1
      } else {
        if parts.last?.slot != .literal { parts.append(Part(slot: .literal, start: position)) }
        parts[parts.count - 1].count += 1
        position += 1
      }
    }
    self.init(text, parts)
  }

  private init(_ text: StaticString, _ parts: [Part]) {
    self.text = text
    let memory = UnsafeMutableBufferPointer<Part>.allocate(capacity: parts.count)
    _ = memory.initialize(from: parts)
    self.parts = UnsafeBufferPointer(memory)
    var hasName = false
    var wide = parts.count
    for (i, part) in parts.enumerated() where part.slot.isText {
      if part.slot == .name {
        if hasName { continue }
        hasName = true
      }
      wide = i
    }
    self.wide = wide
  }

  /// The pattern without the slots that can be computed.
  var brief: LinePattern { isDerived ? LinePattern(text, parts.filter { !$0.slot.isDerived }) : self }

  func has(_ slot: Slot) -> Bool { parts.contains { $0.slot == slot } }
  var isDerived: Bool { parts.contains { $0.slot.isDerived } }

  /// The bytes that the line may begin with behind its indentation; nil when it may be any.
  var firstBytes: [UInt8]? {
    guard let part = parts.first(where: { $0.slot != .indent }) else { return nil }
    switch part.slot {
    case .literal: return [(text.utf8Start + part.start).pointee]
    case .number, .time: return Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
    case .alignedNumber, .alignedTime: return Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
    case .marks: return Array(".sxXFEuS,".utf8)
    default: return nil
    }
  }

  /// The two bytes that must stand behind the number that the line begins with; 0 where it may be any.
  var behindNumber: (UInt8, UInt8) {
    guard let first = parts.firstIndex(where: { $0.slot != .indent }), first + 1 < parts.count,
      parts[first].slot == .number || parts[first].slot == .alignedNumber, parts[first + 1].slot == .literal
    else { return (0, 0) }
    let literal = text.utf8Start + parts[first + 1].start
    return (literal[0], parts[first + 1].count > 1 ? literal[1] : 0)
  }

  /// The byte that the line must end with; nil when it may be any.
  var lastByte: UInt8? {
    guard let part = parts.last else { return nil }
    switch part.slot {
    case .literal: return (text.utf8Start + part.start + part.count - 1).pointee
    case .percent: return UInt8(ascii: "]")
    default: return nil
    }
  }

  // MARK: Reading

  /// Where the slots of a line are.
  struct Match {
    var indent = 0..<0
    var group = 0..<0
    var name = 0..<0
    var rest = 0..<0
    var time = 0..<0
    var number = 0..<0
    /// A second integer, such as the number of all tests.
    var total = 0..<0
    var percent = 0..<0
    var fill = 0..<0
    var marks = 0..<0
  }

  /// Whether the line begins and ends as the pattern does: nearly all lines that are of another shape are told by that.
  @inline(__always)
  private func mayMatch(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    guard let first = parts.first, let last = parts.last else { return false }
    if last.slot == .literal {
      guard line.count >= last.count, isLiteral(last, bytes, at: line.upperBound - last.count, end: line.upperBound)
      else { return false }
    }
    var start = line.lowerBound
    var opening = first
    if first.slot == .indent, parts.count > 1 {
      while start < line.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
      opening = parts[1]
    }
    return opening.slot != .literal || isLiteral(opening, bytes, at: start, end: line.upperBound)
  }

  /// Reads the line; nil when it is not of this shape.
  @inline(__always)
  func match(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Match? {
    guard mayMatch(bytes, line) else { return nil }
    var m = Match()
    return read(bytes, line, into: &m) ? m : nil
  }

  /// Whether the line is of this shape.
  @inline(__always)
  func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    guard mayMatch(bytes, line) else { return false }
    var m = Match()
    return read(bytes, line, into: &m)
  }

  @inline(never)
  private func read(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, into m: inout Match) -> Bool {
    var start = line.lowerBound
    var end = line.upperBound
    var hasName = false
    for i in 0..<wide {
      let part = parts[i]
      switch part.slot {
      case .literal:
        guard isLiteral(part, bytes, at: start, end: end) else { return false }
        start += part.count
      case .group, .rest, .name:
        if part.slot == .name, hasName {
          guard end - start >= m.name.count, LinePattern.isSame(bytes, m.name, start) else { return false }
          start += m.name.count
          continue
        }
        guard let stop = find(part: i + 1, bytes, from: start + (part.slot == .rest ? 0 : 1), end: end) else {
          return false
        }
        if part.slot == .group { m.group = start..<stop } else if part.slot == .name { m.name = start..<stop }
        if part.slot == .name { hasName = true }
        if part.slot == .rest { m.rest = start..<stop }
        start = stop
      default:
        guard let stop = forward(part.slot, bytes, start, end) else { return false }
        m.set(part.slot, start..<stop)
        start = stop
      }
    }
    guard wide < parts.count else { return start == end }
    // What stands behind the wide slot, from the end of the line. A repeated name is only known when the slot is.
    for i in stride(from: parts.count - 1, to: wide, by: -1) {
      let part = parts[i]
      switch part.slot {
      case .literal:
        guard end - start >= part.count, isLiteral(part, bytes, at: end - part.count, end: end) else { return false }
        end -= part.count
      case .name:
        guard hasName, end - start >= m.name.count, LinePattern.isSame(bytes, m.name, end - m.name.count) else {
          return false
        }
        end -= m.name.count
      default:
        guard let begin = backward(part.slot, bytes, start, end) else { return false }
        m.set(part.slot, begin..<end)
        end = begin
      }
    }
    switch parts[wide].slot {
    case .rest: m.rest = start..<end
    case .group:
      guard end > start else { return false }
      m.group = start..<end
    default:
      guard end > start else { return false }
      m.name = start..<end
    }
    return true
  }

  private func isLiteral(_ part: Part, _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, end: Int) -> Bool {
    guard end - start >= part.count else { return false }
    let literal = text.utf8Start + part.start
    for i in 0..<part.count where bytes[start + i] != literal[i] { return false }
    return true
  }

  private static func isSame(_ bytes: UnsafeBufferPointer<UInt8>, _ a: Range<Int>, _ start: Int) -> Bool {
    for i in 0..<a.count where bytes[a.lowerBound + i] != bytes[start + i] { return false }
    return true
  }

  /// Where the literal `part` is first found.
  private func find(part: Int, _ bytes: UnsafeBufferPointer<UInt8>, from: Int, end: Int) -> Int? {
    guard part < parts.count, parts[part].slot == .literal, from <= end - parts[part].count else { return nil }
    for i in from...end - parts[part].count where isLiteral(parts[part], bytes, at: i, end: end) { return i }
    return nil
  }

  private func forward(_ slot: Slot, _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var p = start
    switch slot {
    case .indent:
      while p < end, bytes[p] == UInt8(ascii: " ") { p += 1 }
      return p
    case .pad:
      while p < end, bytes[p] == UInt8(ascii: " ") { p += 1 }
      return p > start ? p : nil
    case .dots:
      while p < end, bytes[p] == UInt8(ascii: ".") { p += 1 }
      return p > start ? p : nil
    case .marks:
      while p < end, LinePattern.isMark(bytes[p]) { p += 1 }
      return p > start ? p : nil
    case .percent: return LinePattern.isPercent(bytes, start, end) ? start + 6 : nil
    default:
      if slot == .alignedTime || slot == .alignedNumber { while p < end, bytes[p] == UInt8(ascii: " ") { p += 1 } }
      let digits = p
      while p < end, bytes[p] &- 0x30 < 10 { p += 1 }
      guard p > digits else { return nil }
      if slot == .time || slot == .alignedTime, p + 1 < end, bytes[p] == UInt8(ascii: "."), bytes[p + 1] &- 0x30 < 10 {
        p += 1
        while p < end, bytes[p] &- 0x30 < 10 { p += 1 }
      }
      return p
    }
  }

  private func backward(_ slot: Slot, _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var p = end
    switch slot {
    case .indent: return end
    case .pad:
      while p > start, bytes[p - 1] == UInt8(ascii: " ") { p -= 1 }
      return p < end ? p : nil
    case .dots:
      while p > start, bytes[p - 1] == UInt8(ascii: ".") { p -= 1 }
      return p < end ? p : nil
    case .marks:
      while p > start, LinePattern.isMark(bytes[p - 1]) { p -= 1 }
      return p < end ? p : nil
    case .percent: return end - start >= 6 && LinePattern.isPercent(bytes, end - 6, end) ? end - 6 : nil
    default:
      while p > start, bytes[p - 1] &- 0x30 < 10 { p -= 1 }
      guard p < end else { return nil }
      if slot == .time || slot == .alignedTime, p - 1 > start, bytes[p - 1] == UInt8(ascii: "."),
        bytes[p - 2] &- 0x30 < 10
      {
        p -= 1
        while p > start, bytes[p - 1] &- 0x30 < 10 { p -= 1 }
      }
      if slot == .alignedTime || slot == .alignedNumber {
        while p > start, bytes[p - 1] == UInt8(ascii: " ") { p -= 1 }
      }
      return p
    }
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "s"), UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "F"),
      UInt8(ascii: "E"), UInt8(ascii: "u"), UInt8(ascii: "S"), UInt8(ascii: ","), UInt8(ascii: "*"):
      true
    default: false
    }
  }

  /// `[  7%]`.
  private static func isPercent(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard end - start >= 6, bytes[start] == UInt8(ascii: "["), bytes[start + 4] == UInt8(ascii: "%"),
      bytes[start + 5] == UInt8(ascii: "]"), bytes[start + 3] &- 0x30 < 10
    else { return false }
    return (1...2).allSatisfy { bytes[start + $0] == UInt8(ascii: " ") || bytes[start + $0] &- 0x30 < 10 }
  }

  // MARK: Writing

  /// Calls `body` for each part in order, with the bytes of literals.
  func write(to out: inout [UInt8], _ slot: (Slot, inout [UInt8]) -> Void) {
    for part in parts {
      if part.slot == .literal {
        out += UnsafeBufferPointer(start: text.utf8Start + part.start, count: part.count)
      } else {
        slot(part.slot, &out)
      }
    }
  }
}

extension LinePattern.Match {
  fileprivate mutating func set(_ slot: LinePattern.Slot, _ range: Range<Int>) {
    switch slot {
    case .indent: indent = range
    case .time, .alignedTime: time = range
    case .number, .alignedNumber: if number.isEmpty { number = range } else { total = range }
    case .percent: percent = range
    case .pad, .dots: fill = range
    case .marks: marks = range
    default: break
    }
  }
}
