extension RowSelection {
  /// Texts that differ only in numbers and names made by machines have one template.
  ///
  ///     Retry 3/5 for job_4711 after 30.5ms       Retry # for job_# after #ms
  ///     2026-03-01T10:00:00Z                      #T#Z
  ///     sha d3d9446802a44259                      sha #
  enum Template {
    /// A text is known by its first bytes.
    static let longest = 192

    /// The hash of the template of `text`.
    static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest + 1) { buffer in
        var count = 0
        var i = 0
        let end = min(text.count, longest)
        while i < end {
          let start = i
          var shape = WordShape()
          while i < end, shape.take(text[i]) { i += 1 }
          if i == start {
            buffer[count] = text[i]
            count += 1
            i += 1
          } else if shape.isMade {
            appendMask(to: buffer, &count)
          } else {
            append(text[start..<i], to: buffer, &count)
          }
        }
        return TermHash.hash(UnsafeBufferPointer(rebasing: buffer[..<count]))
      }
    }

    /// A word with its digits masked.
    private static func append(
      _ word: Slice<UnsafeBufferPointer<UInt8>>, to buffer: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int
    ) {
      var isNumber = false
      for byte in word {
        let isDigit = byte &- 0x30 < 10
        if !isDigit {
          buffer[count] = byte
          count += 1
        } else if !isNumber {
          appendMask(to: buffer, &count)
        }
        isNumber = isDigit
      }
    }

    /// Appends `#`, or nothing where it would only lengthen a number: `3/5`, `10:00:00`, `127.0.0.1`.
    private static func appendMask(to buffer: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
      if count >= 2, buffer[count - 2] == mask {
        switch buffer[count - 1] {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "-"):
          count -= 1
          return
        default: break
        }
      }
      buffer[count] = mask
      count += 1
    }

    private static let mask = UInt8(ascii: "#")

    /// What a word is made of.
    private struct WordShape {
      private var length = 0
      private var hasDigit = false
      private var hasLetterAfterDigit = false
      private var isHexadecimal = true

      /// Whether `byte` belongs to the word.
      mutating func take(_ byte: UInt8) -> Bool {
        let isDigit = byte &- 0x30 < 10
        guard isDigit || (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 else { return false }
        length += 1
        hasDigit = hasDigit || isDigit
        hasLetterAfterDigit = hasLetterAfterDigit || (hasDigit && !isDigit)
        isHexadecimal = isHexadecimal && (isDigit || (byte | 0x20) &- 0x61 < 6)
        return true
      }

      /// A number, a hexadecimal name, or a longer word with letters behind digits.
      var isMade: Bool { hasDigit && ((isHexadecimal && length >= 4) || (hasLetterAfterDigit && length >= 6)) }
    }
  }
}
