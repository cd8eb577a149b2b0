import Headroom

/// The JSON values of a log: one a line, or one in all.
struct LogRecords {
  let values: [JSONValue]

  init(_ bytes: [UInt8]) {
    // A log may be cut in the middle of a line, or be read while it is written.
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
      .compactMap { try? JSONDocument(bytes, in: $0.indices).root }
      .filter { $0.kind == .object }
    if lines.isEmpty, let value = try? JSONDocument(bytes).root {
      values = [value]
    } else {
      values = lines
    }
  }
}

extension JSONValue {
  /// The value of a string, or of nothing.
  var string: String? { text.map { String(decoding: $0, as: UTF8.self) } }

  /// The value of a whole number.
  var integer: Int? { kind == .number ? Int(String(decoding: lexeme, as: UTF8.self)) : nil }

  /// A point of time in milliseconds since 1970: such a number, or a date and time in UTC as `2026-02-11T21:24:19.366Z`.
  var time: Int64? {
    if let integer { return Int64(integer) }
    guard let text, text.count >= 19, text[4] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T") else { return nil }
    func number(_ range: Range<Int>) -> Int64? { Int64(String(decoding: text[range], as: UTF8.self)) }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month)
    else { return nil }
    let fraction = text.count > 23 && text[19] == UInt8(ascii: ".") ? number(20..<23) ?? 0 : 0
    let seconds = JSONValue.days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    return seconds * 1_000 + fraction
  }

  /// The days from 1970-01-01 on, in the Gregorian calendar; a year begins in March, so that leap days end it.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    return year * 365 + year / 4 - year / 100 + year / 400 + (monthFromMarch * 153 + 2) / 5 + day - 719_469
  }
}
