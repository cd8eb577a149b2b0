/// Reports of progress: what a program writes to say how far it is, of which only the last matters.
enum ProgressRuns {
  /// Runs shorter than this stay.
  private static let shortest = 4

  /// Whether a line that a program writes over may go: there is nothing in it but a report of progress, or nothing at all.
  static func mayBeOverwritten(_ line: [UInt8]) -> Bool {
    line.withUnsafeBufferPointer { bytes in
      guard !tellsOfTrouble(bytes) else { return false }
      return bytes.allSatisfy { $0 == 0x20 } || isProgress(bytes)
    }
  }

  /// Leaves one line of each run of lines that differ only in how far they are. A table of percentages is not taken for one: they never
  /// fall, reach the end, and stand beside a bar or a word for progress.
  static func fold(_ rows: inout [[UInt8]], _ numbers: inout [Int]) {
    var kept: [[UInt8]] = []
    var keptNumbers: [Int] = []
    var start = 0
    while start < rows.count {
      var end = start + 1
      if let shape = shape(of: rows[start]) {
        while end < rows.count, ProgressRuns.shape(of: rows[end]) == shape { end += 1 }
        if end - start >= shortest, isRun(rows[start..<end]) {
          kept.append(rows[end - 1])
          keptNumbers.append(numbers[start])
          start = end
          continue
        }
      }
      kept += rows[start..<end]
      keptNumbers += numbers[start..<end]
      start = end
    }
    rows = kept
    numbers = keptNumbers
  }

  private static func isRun(_ rows: ArraySlice<[UInt8]>) -> Bool {
    var last = -1
    for row in rows {
      guard let percent = row.withUnsafeBufferPointer({ share($0) }), percent >= last,
        row.withUnsafeBufferPointer({ hasBar($0) || isBusy($0) })
      else { return false }
      last = percent
    }
    return last == 100
  }

  /// A line without its digits, blanks and bars; nil when it does not say how far it is, or tells of trouble.
  private static func shape(of line: [UInt8]) -> [UInt8]? {
    line.withUnsafeBufferPointer { bytes in
      guard bytes.count < 512, share(bytes) != nil, !tellsOfTrouble(bytes) else { return nil }
      var shape: [UInt8] = []
      for byte in bytes where byte != 0x20 && byte < 0x80 && !barBytes.contains(byte) {
        let isNumber = byte &- 0x30 < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
        let next = isNumber ? UInt8(ascii: "0") : byte
        if !isNumber || shape.last != next { shape.append(next) }
      }
      return shape
    }
  }

  private static let barBytes = Array("#=->._".utf8)

  /// How far a line says it is, in whole per cent: `45%`, or `8.1/18.2` beside a bar.
  private static func share(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    percentage(bytes) ?? (hasBar(bytes) ? fraction(bytes) : nil)
  }

  /// The first `part/whole`, as far as the numbers have one digit behind the point at most.
  private static func fraction(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    func tenths(_ digits: some Sequence<UInt8>) -> Int? {
      var value = 0
      var digitsBehind = -1
      for byte in digits {
        if byte == UInt8(ascii: ".") {
          digitsBehind = 0
        } else {
          value = value * 10 + Int(byte - 0x30)
          if digitsBehind >= 0 { digitsBehind += 1 }
        }
        guard value < 1_000_000_000 else { return nil }
      }
      return digitsBehind > 1 ? nil : digitsBehind == 1 ? value : value * 10
    }
    func isNumber(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || byte == UInt8(ascii: ".") }
    for i in bytes.indices.dropFirst() where bytes[i] == UInt8(ascii: "/") && bytes[i - 1] &- 0x30 < 10 {
      var start = i
      while start > 0, isNumber(bytes[start - 1]) { start -= 1 }
      let end = bytes[(i + 1)...].firstIndex { !isNumber($0) } ?? bytes.count
      guard let part = tenths(bytes[start..<i]), let whole = tenths(bytes[(i + 1)..<end]), whole > 0, part <= whole
      else { return nil }
      return part * 100 / whole
    }
    return nil
  }

  /// The whole per cent of the first `%` behind a number.
  private static func percentage(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    for i in bytes.indices where bytes[i] == UInt8(ascii: "%") && i > 0 && bytes[i - 1] &- 0x30 < 10 {
      var start = i
      while start > 0, bytes[start - 1] &- 0x30 < 10 || bytes[start - 1] == UInt8(ascii: ".") { start -= 1 }
      var value = 0
      for byte in bytes[start..<i].prefix(4) {
        guard byte &- 0x30 < 10 else { break }
        value = value * 10 + Int(byte - 0x30)
      }
      return value <= 100 ? value : nil
    }
    return nil
  }

  /// Five characters of a bar in a row, or one that is drawn with blocks.
  private static func hasBar(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var run = 0
    for i in bytes.indices {
      // U+2500…U+28FF: lines, blocks, Braille spinners.
      if bytes[i] == 0xe2, i + 1 < bytes.count, 0x94...0xa3 ~= bytes[i + 1] { return true }
      run = bytes[i] == UInt8(ascii: "#") || bytes[i] == UInt8(ascii: "=") ? run + 1 : 0
      if run == 5 { return true }
    }
    return false
  }

  /// Whether a line reports progress.
  private static func isProgress(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    percentage(bytes) != nil || hasBar(bytes) || isBusy(bytes)
  }

  /// A spinner, `3/10`, a rate, or a word for progress.
  private static func isBusy(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for i in bytes.indices.dropFirst() where bytes[i] == UInt8(ascii: "/") {
      guard i + 1 < bytes.count else { continue }
      if bytes[i - 1] &- 0x30 < 10, bytes[i + 1] &- 0x30 < 10 { return true }
      if bytes[i + 1] == UInt8(ascii: "s"), i + 2 == bytes.count || !isLetter(bytes[i + 2]) { return true }
    }
    let first = bytes.first { $0 != 0x20 } ?? 0x20
    if spinners.contains(first), bytes.count < 4 || bytes[1] == 0x20 { return true }
    return words.contains { contains(bytes, $0) }
  }

  private static let spinners = Array("|/-\\".utf8)
  private static let words = [
    "eta", "...", "counting", "compressing", "receiving", "resolving", "download", "install", "fetch", "extract",
    "building",
    "loading", "waiting", "pulling", "progress", "unpack", "writing", "updating", "verifying", "compiling", "running",
    "preparing", "checking",
  ].map { Array($0.utf8) }

  /// Whether a line has a word that a reader must see.
  private static func tellsOfTrouble(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    trouble.contains { contains(bytes, $0) }
  }

  private static let trouble = ["error", "warn", "fail", "fatal", "exception", "denied", "panic"].map { Array($0.utf8) }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  /// Whether `word`, in lower case, is in the text in any case.
  private static func contains(_ bytes: UnsafeBufferPointer<UInt8>, _ word: [UInt8]) -> Bool {
    guard bytes.count >= word.count else { return false }
    for start in 0...bytes.count - word.count where bytes[start] | 0x20 == word[0] | 0x20 {
      var i = 1
      while i < word.count, bytes[start + i] | (isLetter(bytes[start + i]) ? 0x20 : 0) == word[i] { i += 1 }
      if i == word.count { return true }
    }
    return false
  }
}
