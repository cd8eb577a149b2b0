/// The date and time in a line, by where its parts end: `[Sun Dec 04 04:47:44 2005]`, `2015-10-18 18:01:47,978`, `081109 203615`.
struct LogStamp {
  /// Where the parts of a stamp end, as far as the stamps of neighbouring lines may be alike.
  enum Part: Int, CaseIterable { case date, hour, minute, second }

  /// Offsets in the text.
  var start: Int
  var dateEnd: Int
  var hourEnd: Int
  var minuteEnd: Int
  var secondEnd: Int

  func end(of part: Part) -> Int {
    switch part {
    case .date: dateEnd
    case .hour: hourEnd
    case .minute: minuteEnd
    case .second: secondEnd
    }
  }

  /// How far into a line a stamp may start.
  private static let farthest = 80

  /// The stamp of a line: at its start, at its first digit, or behind its first bracket.
  @inline(__always)
  init?(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) {
    var p = line.lowerBound
    let end = line.upperBound
    guard p < end else { return nil }
    if LogStamp.isDigit(base[p]) {
      if let stamp = LogStamp(base, at: p, end: end) { self = stamp; return }
    } else {
      if base[p] == UInt8(ascii: "[") { p += 1 }
      if let stamp = LogStamp(base, at: p, end: end) { self = stamp; return }
    }
    let limit = min(end, line.lowerBound + LogStamp.farthest)
    while p < limit, !LogStamp.isDigit(base[p]) { p += 1 }
    if p > line.lowerBound, p < limit, let stamp = LogStamp(base, at: p, end: end) { self = stamp; return }
    while p < limit, base[p] != UInt8(ascii: "[") { p += 1 }
    guard p < limit, let stamp = LogStamp(base, at: p + 1, end: end) else { return nil }
    self = stamp
  }

  /// The stamp at an offset.
  private init?(_ base: UnsafePointer<UInt8>, at start: Int, end: Int) {
    var p = start
    dateEnd = start
    var numbers = 0
    // At most five groups of digits or names before the clock: `Sun Dec 04`, `12/Dec/2015`, `2015-10-18T`.
    for _ in 0..<5 {
      guard p < end else { return nil }
      let groupStart = p
      while p < end, LogStamp.isDigit(base[p]) { p += 1 }
      let digits = p - groupStart
      if digits == 0 {
        guard p + 3 <= end, LogStamp.isName(base + p) else { return nil }
        p += 3
      } else if digits == 6, dateEnd == groupStart - 1, dateEnd - start == 6 || dateEnd - start == 8,
        LogStamp.isBelow(base + groupStart, 24), LogStamp.isBelow(base + groupStart + 2, 60)
      {
        // `081109 203615`
        self.start = start
        hourEnd = groupStart + 2
        minuteEnd = groupStart + 4
        secondEnd = groupStart + 6
        return
      } else if digits <= 2, p + 5 < end, base[p] == UInt8(ascii: ":"), LogStamp.isDigit(base[p + 1]) {
        // The clock; fields need not be padded.
        var q = p + 1
        while q < end, LogStamp.isDigit(base[q]) { q += 1 }
        if q - p <= 3, q < end, base[q] == UInt8(ascii: ":") {
          var r = q + 1
          while r < end, LogStamp.isDigit(base[r]) { r += 1 }
          if r > q + 1, r - q <= 3 {
            self.start = start
            hourEnd = p
            minuteEnd = q
            secondEnd = r
            return
          }
        }
        return nil
      } else if digits > 8 {
        return nil
      }
      dateEnd = p
      if digits > 0 { numbers += 1 }
      // `10.0.0.1 00:05:23` is an address and an age.
      guard p + 1 < end, numbers <= 3 else { return nil }
      switch base[p] {
      case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "T"), UInt8(ascii: "."): p += 1
      case UInt8(ascii: " "), UInt8(ascii: ","):
        if base[p] == UInt8(ascii: ","), base[p + 1] != UInt8(ascii: " ") { return nil }
        p += 1
        if base[p] == UInt8(ascii: " ") { p += 1 }
      default: return nil
      }
    }
    return nil
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  private static func isBelow(_ p: UnsafePointer<UInt8>, _ limit: Int) -> Bool {
    Int(p[0] &- 0x30) * 10 + Int(p[1] &- 0x30) < limit
  }

  /// Whether three letters name a month or a day of the week.
  private static func isName(_ p: UnsafePointer<UInt8>) -> Bool {
    guard p[0] &- 0x41 < 26, p[1] &- 0x61 < 26, p[2] &- 0x61 < 26 else { return false }
    let name = UInt32(p[0]) << 16 | UInt32(p[1]) << 8 | UInt32(p[2])
    return names.contains(name)
  }

  private static let names: [UInt32] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon", "Tue", "Wed", "Thu",
    "Fri", "Sat", "Sun",
  ].map { $0.utf8.reduce(0) { $0 << 8 | UInt32($1) } }
}
