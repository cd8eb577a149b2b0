/// Lines with their repeated phrases and runs said once.
///
///     [build, 4 lines, $1-$1 first]
///     $1=cc -std=gnu11 -Wall -O3 -I../deps/lua/src -c
///     make: Entering directory '/src'
///     3× $1 {adlist, ae, anet}.c -o {}.o
///     $1 dict.c -o dict.o 2> /dev/null
///
/// Names are used as a shell would: `$(1)2` is the phrase with a `2` behind it. Where the text itself has `$1`, another sign is taken.
enum PhraseNotation {
  private static let signs: [UInt8] = Array("$%@&~".utf8)
  /// What a frame may stand for at most: so that a made-up one cannot fill the memory.
  private static let mostBytes = 1 << 25

  /// The detail of the header and the lines below it; nil when nothing repeats.
  ///
  /// - Parameters:
  ///   - isWhole: whether no phrase may be taken out of a line.
  ///   - isApart: whether a line may not be part of a run.
  static func encode(_ lines: TextLines, isWhole: (Int) -> Bool, isApart: (Int) -> Bool) -> (
    detail: [UInt8], body: [UInt8]
  )? {
    lines.text.withUnsafeBufferPointer { bytes in
      var ranges = (0..<lines.count).map { lines[$0] }
      guard let base = bytes.baseAddress, lines.range.upperBound < Int(Int32.max) else { return nil }
      let part = UnsafeBufferPointer(rebasing: bytes[lines.range])
      let sign = signs.first { isFree($0, part) }
      let blocks = blocks(ranges, bytes)
      for block in blocks {
        for line in block.lines { ranges[line] = ranges[line].lowerBound + block.prefix..<ranges[line].upperBound }
      }
      let sequence = PieceSequence(bytes, ranges) { sign == nil || isWhole($0) }
      let legend = PhraseLegend(sequence, in: bytes)
      guard let sign = sign ?? (legend.phrases.isEmpty ? signs[0] : nil) else { return nil }

      // The lines with names in place of phrases.
      var text = ByteWriter(capacity: part.count / 2)
      var rendered: [Range<Int>] = []
      rendered.reserveCapacity(ranges.count)
      func write(_ pieces: Range<Int>, most: Int) {
        let start = text.count
        legend.cover(pieces, most: most) { piece in
          switch piece {
          case .pieces(let pieces):
            let range = sequence.bytes(of: pieces)
            text.append(base + range.lowerBound, range.count)
          case .phrase(let number, let end):
            let next = end < pieces.upperBound ? bytes[Int(sequence.starts[end])] : 0
            append(sign, number + 1, isClosed: next &- 0x30 < 10, to: &text)
          }
        }
        rendered.append(start..<text.count)
        text.append(UInt8(ascii: "\n"))
      }
      for phrase in legend.phrases { write(phrase, most: phrase.count - 1) }
      for line in ranges.indices { write(sequence.pieces(of: line), most: .max) }

      var out = ByteWriter(capacity: text.count)
      for (number, range) in rendered[..<legend.phrases.count].enumerated() {
        append(sign, number + 1, isClosed: false, to: &out)
        out.append(UInt8(ascii: "="))
        out.append(UnsafeBufferPointer(rebasing: text.view[range]))
        out.append(UInt8(ascii: "\n"))
      }
      let shown = Array(rendered[legend.phrases.count...])
      if shown.contains(where: { LineRunNotation.isHead(UnsafeBufferPointer(rebasing: text.view[$0])) }) { return nil }
      var runs = blocks.count
      for block in blocks {
        let first = block.lines.lowerBound
        if block.prefix > 0 {
          let start = lines[first].lowerBound
          let prefix = UnsafeBufferPointer(rebasing: bytes[start..<start + block.prefix])
          guard LineRunNotation.writeHead(block.lines.count, prefix, to: &out) else { return nil }
        } else {
          runs -= 1
        }
        runs += LineRunNotation.writeAll(
          Array(shown[block.lines]), text.view, depth: block.prefix > 0 ? 1 : 0, isApart: { isApart(first + $0) },
          to: &out)
      }
      guard runs > 0 || !legend.phrases.isEmpty else { return nil }
      var detail: [UInt8] = []
      if !legend.phrases.isEmpty {
        let name = String(decoding: [sign], as: UTF8.self)
        detail = Array("\(name)1-\(name)\(legend.phrases.count) first".utf8)
      }
      // Without the last newline.
      out.truncate(to: out.count - 1)
      return out.count > 0 ? (detail, out.bytes) : nil
    }
  }

  /// Lines that follow each other and bear the same label, such as `[job 1] ` or `web  | `: the label is said once.
  private struct Block {
    var lines: Range<Int>
    /// The length of the label; 0 when there is none.
    var prefix: Int
  }

  /// Fewer lines than this are no block.
  private static let leastBlock = 8

  private static func blocks(_ lines: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>) -> [Block] {
    var blocks: [Block] = []
    var plain = 0
    var line = 0
    while line < lines.count {
      let length = label(UnsafeBufferPointer(rebasing: bytes[lines[line]]))
      var end = line + 1
      if length > 0 {
        let label = UnsafeBufferPointer(rebasing: bytes[lines[line]][..<(lines[line].lowerBound + length)])
        while end < lines.count, UnsafeBufferPointer(rebasing: bytes[lines[end]]).has(label, at: 0) { end += 1 }
        if end - line >= leastBlock {
          if plain < line { blocks.append(Block(lines: plain..<line, prefix: 0)) }
          blocks.append(Block(lines: line..<end, prefix: length))
          plain = end
        }
      }
      line = end
    }
    if plain < lines.count { blocks.append(Block(lines: plain..<lines.count, prefix: 0)) }
    return blocks
  }

  /// The length of the label that a line begins with.
  private static func label(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    let most = min(line.count, 80)
    for i in 1..<max(2, most) where i < most && line[i] == UInt8(ascii: " ") {
      if line[0] == UInt8(ascii: "["), line[i - 1] == UInt8(ascii: "]") { return i + 1 }
      if line[i - 1] == UInt8(ascii: "|"), i > 3, PieceSequence.isWord(line[0]), line[0] &- 0x30 >= 10 { return i + 1 }
      if line[i] == UInt8(ascii: "{") { return 0 }
    }
    return 0
  }

  private static func append(_ sign: UInt8, _ number: Int, isClosed: Bool, to out: inout ByteWriter) {
    out.append(sign)
    if isClosed { out.append(UInt8(ascii: "(")) }
    out.append(decimal: number)
    if isClosed { out.append(UInt8(ascii: ")")) }
  }

  /// Whether the text has nothing that reads as a name with this sign.
  private static func isFree(_ sign: UInt8, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = 0
    while position < text.count {
      guard let place = text[position...].firstIndex(of: sign) else { return true }
      if place + 1 < text.count, text[place + 1] &- 0x30 < 10 || text[place + 1] == UInt8(ascii: "(") { return false }
      position = place + 1
    }
    return true
  }

  /// The lines that a frame stands for.
  static func decode(_ frame: Frame) -> [UInt8]? {
    var sign: UInt8 = 0
    var count = 0
    if !frame.detail.isEmpty {
      let detail = frame.detail
      let reader = LineReader(detail, at: 0, lines: 1)
      sign = detail[0]
      var p = 1
      guard signs.contains(sign), reader.skip("1-", at: &p, end: detail.count), p < detail.count, detail[p] == sign
      else { return nil }
      p += 1
      guard let last = reader.integer(at: &p, end: detail.count), reader.skip(" first", at: &p, end: detail.count),
        p == detail.count, last < frame.lines.count
      else { return nil }
      count = last
    }
    var phrases: [[UInt8]] = []
    var size = 0
    for number in 0..<count {
      let line = Array(frame.lines.text[frame.lines[number]])
      let start = Array("\(number + 1)=".utf8)
      guard line.first == sign, line.dropFirst().starts(with: start) else { return nil }
      var phrase: [UInt8] = []
      guard expand(line[(start.count + 1)...], sign, phrases, to: &phrase) else { return nil }
      size += phrase.count
      guard size < mostBytes else { return nil }
      phrases.append(phrase)
    }
    // First the runs, then the names in their lines.
    var lines: [UInt8] = []
    var position = count
    while position < frame.lines.count {
      let range = frame.lines[position]
      let isHead = frame.lines.text.withUnsafeBufferPointer {
        LineRunNotation.isHead(UnsafeBufferPointer(rebasing: $0[range]))
      }
      if isHead {
        guard LineRunNotation.read(frame.lines, at: &position, most: mostBytes, to: &lines) else { return nil }
      } else {
        lines += frame.lines.text[range]
        lines.append(UInt8(ascii: "\n"))
        position += 1
      }
    }
    guard !lines.isEmpty else { return nil }
    lines.removeLast()
    if phrases.isEmpty { return lines }
    var out: [UInt8] = []
    out.reserveCapacity(lines.count * 2)
    return expand(lines[...], sign, phrases, to: &out) ? out : nil
  }

  /// Writes phrases in place of their names.
  private static func expand(_ text: ArraySlice<UInt8>, _ sign: UInt8, _ phrases: [[UInt8]], to out: inout [UInt8])
    -> Bool
  {
    text.withUnsafeBufferPointer { text in
      var copied = 0
      var i = 0
      while i < text.count {
        guard text[i] == sign else {
          i += 1
          continue
        }
        let isClosed = i + 1 < text.count && text[i + 1] == UInt8(ascii: "(")
        guard let number = LineRun.number(text, at: i + (isClosed ? 2 : 1), end: text.count) else {
          i += 1
          continue
        }
        var end = number.end
        if isClosed {
          guard end < text.count, text[end] == UInt8(ascii: ")") else { return false }
          end += 1
        }
        guard number.value >= 1, number.value <= phrases.count else { return false }
        out += text[copied..<i]
        out += phrases[number.value - 1]
        guard out.count < mostBytes else { return false }
        copied = end
        i = end
      }
      out += text[copied...]
      return true
    }
  }
}
