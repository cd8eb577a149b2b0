/// One edit of a byte buffer: the bytes in `range` become `replacement`. All other bytes stay as they are.
public struct Splice: Sendable, Equatable {
  /// The bytes to replace, as offsets into the original buffer.
  public var range: Range<Int>
  public var replacement: [UInt8]

  public init(range: Range<Int>, replacement: [UInt8]) {
    self.range = range
    self.replacement = replacement
  }
}

extension [UInt8] {
  /// This buffer with `splices` applied. With none, the same buffer.
  ///
  /// - Precondition: the ranges ascend, do not overlap and lie inside the buffer.
  public func applying(_ splices: [Splice]) -> [UInt8] {
    if splices.isEmpty { return self }
    var result: [UInt8] = []
    result.reserveCapacity(count + splices.reduce(0) { $0 + $1.replacement.count - $1.range.count })
    var end = 0
    for splice in splices {
      precondition(splice.range.lowerBound >= end, "splices must ascend and not overlap")
      result += self[end..<splice.range.lowerBound]
      result += splice.replacement
      end = splice.range.upperBound
    }
    result += self[end...]
    return result
  }
}

extension [Splice] {
  /// By their places; those at one place as they are.
  var inOrder: [Splice] {
    enumerated().sorted { ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset) }
      .map(\.element)
  }
}
