/// Writes lines of a shape from what stands in its slots.
struct TestLineWriter {
  /// What the slots hold, as ranges of `bytes`.
  var match: LinePattern.Match
  var bytes: UnsafeBufferPointer<UInt8>
  /// What stands there instead.
  var name: [UInt8]?
  var time: ArraySlice<UInt8>?
  var number: Int?

  func write(_ pattern: LinePattern, _ progress: TestProgress, to out: inout [UInt8]) {
    let start = out.count
    pattern.write(to: &out) { slot, out in
      switch slot {
      case .literal: break
      case .indent: out += bytes[match.indent]
      case .group: out += bytes[match.group]
      case .name: if let name { out += name } else { out += bytes[match.name] }
      case .rest: out += bytes[match.rest]
      case .marks: out += bytes[match.marks]
      case .time, .alignedTime:
        guard let time else {
          out += bytes[match.time]
          return
        }
        if slot == .alignedTime { append(spaces: match.time.count - time.count, to: &out) }
        out += time
      case .number, .alignedNumber:
        guard let number else {
          out += bytes[match.number]
          return
        }
        let digits = String(number).utf8
        if slot == .alignedNumber { append(spaces: match.number.count - digits.count, to: &out) }
        out += digits
      case .percent:
        let digits = String(progress.percent ?? 0).utf8
        out.append(UInt8(ascii: "["))
        append(spaces: 3 - digits.count, to: &out)
        out += digits
        out += "%]".utf8
      case .pad, .dots:
        let count = out[start...].withUnsafeBufferPointer { progress.fill(behind: $0) }
        out += repeatElement(UInt8(ascii: slot == .pad ? " " : "."), count: count)
      }
    }
  }

  private func append(spaces count: Int, to out: inout [UInt8]) {
    if count > 0 { out += repeatElement(UInt8(ascii: " "), count: count) }
  }
}
