/// Lines as numbered pieces: words, and the signs between them. Equal pieces have equal numbers.
struct PieceSequence {
  /// The number of each piece. Behind each line stands one that no other piece has.
  private(set) var ids: [Int32] = []
  /// Where each piece starts; the one behind a line starts where the line ends.
  private(set) var starts: [Int32] = []
  /// The first piece of each line, and one behind the last line.
  private(set) var lineStarts: [Int32] = [0]

  /// - Parameter isWhole: whether a line is never to be taken apart. It becomes one piece that no other line has.
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ lines: [Range<Int>], isWhole: (Int) -> Bool) {
    guard let base = bytes.baseAddress else { return }
    let estimate = lines.reduce(0) { $0 + $1.count } / 4
    ids.reserveCapacity(estimate)
    starts.reserveCapacity(estimate)
    lineStarts.reserveCapacity(lines.count + 1)
    var index = ByteIndex(capacity: min(estimate / 4, 1 << 16))
    for (number, line) in lines.enumerated() {
      if isWhole(number) {
        add(Int32(truncatingIfNeeded: -2 * number - 2), line.lowerBound)
      } else {
        var start = line.lowerBound
        while start < line.upperBound {
          let first = base[start]
          var end = start + 1
          if PieceSequence.isWord(first) {
            while end < line.upperBound, PieceSequence.isWord(base[end]) { end += 1 }
          } else {
            while end < line.upperBound, base[end] == first { end += 1 }
          }
          add(Int32(truncatingIfNeeded: index.add(start..<end, in: base).number), start)
          start = end
        }
      }
      add(Int32(truncatingIfNeeded: -2 * number - 3), line.upperBound)
      lineStarts.append(Int32(truncatingIfNeeded: ids.count))
    }
  }

  private mutating func add(_ id: Int32, _ start: Int) {
    ids.append(id)
    starts.append(Int32(truncatingIfNeeded: start))
  }

  /// The pieces of a line, without the one behind it.
  func pieces(of line: Int) -> Range<Int> { Int(lineStarts[line])..<Int(lineStarts[line + 1]) - 1 }

  /// The bytes of some pieces of a line.
  func bytes(of pieces: Range<Int>) -> Range<Int> {
    Int(starts[pieces.lowerBound])..<Int(starts[pieces.upperBound])
  }

  /// Whether a byte belongs to words: all but blanks and what encloses or joins words.
  @inline(__always)
  static func isWord(_ byte: UInt8) -> Bool { wordTable[Int(byte)] }

  private static let wordTable: [Bool] = {
    var table = [Bool](repeating: true, count: 256)
    for byte in " \t/=:()[]{},;\"'`\\|<>".utf8 { table[Int(byte)] = false }
    return table
  }()
}
