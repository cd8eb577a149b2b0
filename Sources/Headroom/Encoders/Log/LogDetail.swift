/// What the header of a log frame says: `12 templates, * each value, ** the rest, @ the @= line above, ^ the value above`.
struct LogDetail {
  struct Used {
    var head = false
    var rest = false
    var same = false
  }

  var templates: Int
  var signs: LogWriter.Signs
  var used = Used()

  static let valueSigns = Array("*~#%?$&!+".utf8)
  static let headSigns = Array("@~&%$+!".utf8)
  /// Stands for the last value in the same place.
  static let same = UInt8(ascii: "^")

  var text: [UInt8] {
    let value = Character(UnicodeScalar(signs.value))
    let head = Character(UnicodeScalar(signs.head))
    var text = "\(templates) templates, \(value) each value"
    if used.rest { text += ", \(value)\(value) the rest" }
    if used.head { text += ", \(head) the \(head)= line above" }
    if used.same { text += ", ^ the value above" }
    return Array(text.utf8)
  }

  init(templates: Int, signs: LogWriter.Signs, used: Used) {
    self.templates = templates
    self.signs = signs
    self.used = used
  }

  init?(_ detail: [UInt8]) {
    let reader = LineReader(detail, at: 0, lines: 1)
    var p = 0
    let end = detail.count
    guard let count = reader.integer(at: &p, end: end, digits: 4), reader.skip(" templates, ", at: &p, end: end),
      p < end, LogDetail.valueSigns.contains(detail[p])
    else { return nil }
    templates = count
    signs = LogWriter.Signs(value: detail[p], head: 0)
    p += 1
    guard reader.skip(" each value", at: &p, end: end) else { return nil }
    if p + 3 < end, detail[p + 2] == signs.value, reader.skip(", ", at: &p, end: end) {
      p += 2
      guard reader.skip(" the rest", at: &p, end: end) else { return nil }
      used.rest = true
    }
    if p + 3 < end, LogDetail.headSigns.contains(detail[p + 2]), reader.skip(", ", at: &p, end: end) {
      signs.head = detail[p]
      p += 1
      guard reader.skip(" the ", at: &p, end: end), p < end, detail[p] == signs.head else { return nil }
      p += 1
      guard reader.skip("= line above", at: &p, end: end) else { return nil }
      used.head = true
    }
    if reader.skip(", ^ the value above", at: &p, end: end) { used.same = true }
    guard p == end else { return nil }
  }
}
