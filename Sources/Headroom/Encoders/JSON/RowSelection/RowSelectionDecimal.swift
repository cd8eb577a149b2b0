extension RowSelection {
  /// A number as `mantissa` times a power of ten, read without floating point.
  struct Decimal {
    /// At most 18 digits, the last of them not 0; further digits are cut.
    private(set) var mantissa = 0
    private(set) var exponent = 0
    private var digits = 0

    private static let mostDigits = 18
    private static let farthestExponent = 1_000_000

    /// Reads a number in the grammar of JSON. Nil for anything else.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
      guard !text.isEmpty, Cell.isNumber(text) else { return nil }
      let isNegative = text[0] == UInt8(ascii: "-")
      var hasPoint = false
      var i = isNegative ? 1 : 0
      while i < text.count, text[i] | 0x20 != UInt8(ascii: "e") {
        if text[i] == UInt8(ascii: ".") {
          hasPoint = true
        } else {
          append(Int(text[i] - 0x30), isFraction: hasPoint)
        }
        i += 1
      }
      if i < text.count { exponent += Decimal.exponent(text[(i + 1)...]) }
      while mantissa != 0, mantissa % 10 == 0 {
        mantissa /= 10
        digits -= 1
        exponent += 1
      }
      if mantissa == 0 { exponent = 0 }
      if isNegative { mantissa = -mantissa }
    }

    private mutating func append(_ digit: Int, isFraction: Bool) {
      if digits < Decimal.mostDigits {
        mantissa = mantissa * 10 + digit
        if mantissa > 0 { digits += 1 }
        if isFraction { exponent -= 1 }
      } else if !isFraction {
        exponent += 1
      }
    }

    private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
      var value = 0
      for byte in text where byte &- 0x30 < 10 { value = min(value * 10 + Int(byte - 0x30), farthestExponent) }
      return text.first == UInt8(ascii: "-") ? -value : value
    }

    /// The digits before the decimal point: 3 for 120, 0 for 0.5, -1 for 0.05.
    var magnitude: Int { exponent + digits }

    /// The number in units of 10^`unit`, toward zero, and no farther from 0 than `most`.
    func scaled(_ unit: Int, most: Int) -> Int {
      guard mantissa != 0 else { return 0 }
      guard magnitude - unit <= Decimal.mostDigits else { return mantissa < 0 ? -most : most }
      guard magnitude - unit > 0 else { return 0 }
      var value = mantissa
      for _ in 0..<abs(exponent - unit) { value = exponent > unit ? value * 10 : value / 10 }
      return min(max(value, -most), most)
    }
  }

  /// Sorts by a range of bits, from the lowest digit up.
  enum RadixSort {
    private static let width = 11
    private static let fewest = 256

    /// `keys` must be ascending already in the bits below `lowestBit` among keys that are equal above.
    static func sort(_ keys: inout [UInt64], lowestBit: Int, bitCount: Int) {
      guard keys.count >= fewest else { return keys.sort() }
      var other = [UInt64](repeating: 0, count: keys.count)
      for digit in 0..<(bitCount + width - 1) / width {
        let shift = UInt64(lowestBit + digit * width)
        let mask = UInt64(1 << width - 1)
        var ends = [Int](repeating: 0, count: 1 << width)
        for key in keys { ends[Int(key >> shift & mask)] += 1 }
        var end = 0
        for i in ends.indices {
          let count = ends[i]
          ends[i] = end
          end += count
        }
        for key in keys {
          let bucket = Int(key >> shift & mask)
          other[ends[bucket]] = key
          ends[bucket] += 1
        }
        swap(&keys, &other)
      }
    }
  }
}
