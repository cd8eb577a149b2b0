/// How the columns of a table are written, so that what repeats or follows from something else is said once.
struct TablePlan {
  enum Form {
    /// Each row has the value.
    case cells
    /// One value in all rows, said in the header.
    case constant(ValuePool.ID)
    /// Integers with one step between rows.
    case series(first: Int, step: Int)
    /// Times with one step between rows, in seconds.
    case times(first: TimeStamp, step: Int)
    /// A text made of other columns of the same row.
    case computed(Template)
    /// Determined by another column; the pairs stand in a table in the header.
    case lookup(Int)
    /// One value but for a few rows, which the header names.
    case mostly(ValuePool.ID, except: [(id: ValuePool.ID, rows: [Int])])
    /// Each row has the number of a value that the header lists.
    case codes([ValuePool.ID])
    /// Each row has what stands between a prefix and a suffix that all share.
    case affix(prefix: [UInt8], suffix: [UInt8])
    /// Each row has the number of rows that follow below it in a table of its own.
    case nested(Int)

    /// Whether rows have a cell for the column.
    var isVisible: Bool {
      switch self {
      case .cells, .codes, .affix, .nested: true
      default: false
      }
    }
  }

  /// A text with the values of other columns in it.
  struct Template {
    enum Part {
      case literal([UInt8])
      case column(Int, Source)
    }
    /// What of the other column's text is taken.
    enum Source {
      case whole
      /// What follows the last slash.
      case basename
      /// What an ``TablePlan/Form/affix(prefix:suffix:)`` column has in its cells.
      case core
    }
    var parts: [Part]
  }

  /// A column that determines others, and the rows where each of its values first stands.
  struct Lookup {
    var key: Int
    var columns: [Int]
    var rows: [Int]
  }

  /// A column of arrays of objects, lifted into a table of its own.
  struct Nested {
    var table: RenderedTable
    /// The rows of the nested table that belong to each row of this one; empty where the column has another value.
    var rows: [Range<Int>]
  }

  var rowCount: Int
  var columns: [TableColumn]
  var forms: [Form]
  var lookups: [Lookup] = []
  var nested: [Nested] = []
  /// Whether the order of columns must come back whatever it costs.
  var keepsOrder = false
}

/// A date and time to the second, `2026-01-02T03:04:05` with or without `Z`.
struct TimeStamp: Equatable {
  /// Seconds since 1970-01-01T00:00:00, counted without leap seconds.
  var seconds: Int
  var isUTC: Bool

  init(seconds: Int, isUTC: Bool) {
    self.seconds = seconds
    self.isUTC = isUTC
  }

  /// Nil unless writing the time gives the same text again.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard text.count == 19 || (text.count == 20 && text[19] == UInt8(ascii: "Z")) else { return nil }
    let pattern: StaticString = "0000-00-00T00:00:00"
    for i in 0..<19 {
      let expected = pattern.utf8Start[i]
      if expected == UInt8(ascii: "0") ? text[i] &- 0x30 > 9 : text[i] != expected { return nil }
    }
    func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + Int(text[$1] - 0x30) } }
    let year = number(0..<4)
    let month = number(5..<7)
    let day = number(8..<10)
    let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
    guard year >= 1, 1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second < 60 else { return nil }
    let days = TimeStamp.days(year, month, day)
    guard TimeStamp.civil(days) == (year, month, day) else { return nil }
    self.init(seconds: days * 86_400 + hour * 3_600 + minute * 60 + second, isUTC: text.count == 20)
  }

  var text: [UInt8] {
    var out = ByteWriter(capacity: 32)
    write(into: &out)
    return out.bytes
  }

  func write(into out: inout ByteWriter) {
    let day = (seconds - ((seconds % 86_400) + 86_400) % 86_400) / 86_400
    let time = seconds - day * 86_400
    let (year, month, monthDay) = TimeStamp.civil(day)
    func append(_ value: Int, width: Int, _ out: inout ByteWriter) {
      var bound = 10
      for _ in 1..<width {
        if value < bound { out.append(UInt8(ascii: "0")) }
        bound *= 10
      }
      out.append(decimal: value)
    }
    append(year, width: 4, &out)
    out.append(UInt8(ascii: "-"))
    append(month, width: 2, &out)
    out.append(UInt8(ascii: "-"))
    append(monthDay, width: 2, &out)
    out.append(UInt8(ascii: "T"))
    append(time / 3_600, width: 2, &out)
    out.append(UInt8(ascii: ":"))
    append(time / 60 % 60, width: 2, &out)
    out.append(UInt8(ascii: ":"))
    append(time % 60, width: 2, &out)
    if isUTC { out.append(UInt8(ascii: "Z")) }
  }

  /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar, counting years from March so that the leap day is last.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }
}
