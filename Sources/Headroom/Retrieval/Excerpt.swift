/// A part of an original, and how much of it there is.
public struct Excerpt: Sendable, Equatable {
  public enum Unit: Sendable { case byte, line, row }

  public let bytes: [UInt8]
  /// What the counts count.
  public let unit: Unit
  /// In the whole text that was searched.
  public let total: Int
  /// That were selected.
  public let found: Int
  /// That are in `bytes`: fewer than `found` when the limit of bytes was reached. A first line or row that is longer
  /// than the limit is cut within, and counts as not shown.
  public let shown: Int

  public var isComplete: Bool { shown == found }

  /// Everything, or as many bytes as the limit allows.
  init(whole bytes: [UInt8], limit: Int?) {
    let end = Excerpt.end(of: bytes.indices, in: bytes, limit: limit)
    self.bytes = end == bytes.count ? bytes : Array(bytes[..<end])
    unit = .byte
    total = bytes.count
    found = bytes.count
    shown = end
  }

  /// The bytes from the start of one unit to the end of another: lines with their ends, rows with what stands between
  /// them.
  init(exactly range: Range<Int>, of units: Units, in bytes: [UInt8], limit: Int?) {
    let start = units.ranges[range.lowerBound].lowerBound
    var count = range.count
    func end(of unit: Int) -> Int {
      guard units.kind == .line else { return units.ranges[unit].upperBound }
      return unit + 1 < units.ranges.count ? units.ranges[unit + 1].lowerBound : bytes.count
    }
    if let limit {
      count = range.prefix { end(of: $0) - start <= limit }.count
    }
    let last =
      count > 0
      ? end(of: range.lowerBound + count - 1)
      : Excerpt.end(of: start..<end(of: range.lowerBound), in: bytes, limit: limit)
    self.bytes = Array(bytes[start..<last])
    unit = units.kind == .row ? .row : .line
    total = units.ranges.count
    found = range.count
    shown = count
  }

  /// Units with their numbers, in the order of the text. When the limit is reached, ranges at the end of the list are
  /// left out first; a list by rank gives way to smaller ones further down.
  init(numbered ranges: [Range<Int>], ranked: Bool, of units: Units, in bytes: [UInt8], limit: Int?) {
    var isChosen = [Bool](repeating: false, count: units.ranges.count)
    var left = limit ?? .max
    var wanted = isChosen
    for range in ranges {
      let fresh = range.filter { !isChosen[$0] }
      for unit in range { wanted[unit] = true }
      let size = fresh.reduce(0) { $0 + units.ranges[$1].count + String($1 + 1).utf8.count + 2 }
      if size > left {
        if ranked { continue } else { left = 0 }
      } else {
        left -= size
        for unit in fresh { isChosen[unit] = true }
      }
    }
    var text: [UInt8] = []
    for index in isChosen.indices where isChosen[index] {
      if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
      text += "\(index + 1):".utf8
      text += bytes[units.ranges[index]]
    }
    shown = isChosen.count(where: { $0 })
    found = wanted.count(where: { $0 })
    if shown == 0, let first = ranges.first?.first {
      text += "\(first + 1):".utf8
      text += bytes[units.ranges[first].lowerBound..<Excerpt.end(of: units.ranges[first], in: bytes, limit: limit)]
    }
    self.bytes = text
    unit = units.kind == .row ? .row : .line
    total = units.ranges.count
  }

  /// The end of `range`, or where the limit falls in it, not within a character.
  private static func end(of range: Range<Int>, in bytes: [UInt8], limit: Int?) -> Int {
    guard let limit, range.count > limit else { return range.upperBound }
    var end = range.lowerBound + max(limit, 0)
    var steps = 0
    while end > range.lowerBound, steps < 3, bytes[end] & 0xC0 == 0x80 {
      end -= 1
      steps += 1
    }
    return end
  }
}
