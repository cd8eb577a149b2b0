import Headroom

/// The lines of Prometheus' text format.
struct MetricsPage {
  private(set) var text = ""

  /// A metric: what its samples are of.
  mutating func begin(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Int) {
    sample(name, labels, String(value))
  }

  mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
    text += name
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0)=\"\(MetricsPage.escaped($1))\"" }.joined(separator: ",") + "}"
    }
    text += " \(value)\n"
  }

  /// - Parameters:
  ///   - digits: how many decimal digits of a second the values have: 3 for milliseconds.
  ///   - bounds: of two significant digits, as the distribution knows no more.
  mutating func histogram(
    _ name: String, _ labels: [(String, String)], _ values: Distribution, digits: Int, bounds: [Int]
  ) {
    for bound in bounds {
      sample(
        name + "_bucket", labels + [("le", MetricsPage.decimal(bound, digits: digits))], values.count(upTo: bound))
    }
    sample(name + "_bucket", labels + [("le", "+Inf")], values.count)
    sample(name + "_sum", labels, MetricsPage.decimal(values.sum, digits: digits))
    sample(name + "_count", labels, values.count)
  }

  /// `value` divided by a power of ten, in full: a binary fraction would not be exact.
  static func decimal(_ value: Int, digits: Int) -> String {
    var all = String(value.magnitude)
    if all.count <= digits { all = String(repeating: "0", count: digits - all.count + 1) + all }
    var fraction = all.suffix(digits)
    while fraction.last == "0" { fraction.removeLast() }
    return (value < 0 ? "-" : "") + all.dropLast(digits) + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// A label's value: backslash, quote and newline are escaped, nothing else may be. Other control characters have no place in a name.
  private static func escaped(_ value: String) -> String {
    var escaped = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7f ? "\u{fffd}" : scalar)
      }
    }
    return escaped
  }
}
