import TestSupport
import Testing

@testable import Headroom

/// What holds for every encoder of text, to be tried on some text.
enum TextFormsCheck {
  /// The frames of an encoder for the runs it finds, each decoded and compared with its lines. Returns how many there were.
  @discardableResult
  static func roundTrip(_ encoder: any TextForms.Type, _ text: [UInt8], hint: Hint = Hint(), mustDecode: Bool = true)
    -> Int
  {
    let lines = TextLines(text)
    return Tokenizer(vocabulary: .o200k).withCounter { counter in
      var frames = 0
      var end = 0
      for run in encoder.find(in: lines, hint: hint) {
        #expect(run.lowerBound >= end && !run.isEmpty && run.upperBound <= lines.count, "runs in order")
        end = run.upperBound
        let part = lines[run]
        for form in encoder.init(part, hint: hint, counter: counter)?.complete() ?? [] where form.fidelity == .identical
        {
          let back = Frame(form.bytes, at: 0).flatMap { frame in
            frame.end == form.bytes.count ? encoder.decode(frame) : nil
          }
          let isSame = back.map { $0.elementsEqual(part.bytes) } ?? false
          if mustDecode {
            #expect(
              isSame, "\(excerpt(part.bytes))\n->\n\(excerpt(form.bytes[...]))\n->\n\(excerpt((back ?? [])[...]))")
          }
          if isSame { frames += 1 }
        }
      }
      return frames
    }
  }

  /// The only frame of a text that is one run.
  static func frame(_ encoder: any TextForms.Type, _ text: String, hint: Hint = Hint()) -> String? {
    let lines = TextLines(Array(text.utf8))
    return Tokenizer(vocabulary: .o200k).withCounter { counter in
      encoder.init(lines, hint: hint, counter: counter)?.complete().last.map {
        String(decoding: $0.bytes, as: UTF8.self)
      }
    }
  }

  /// Damages a frame and what it was made from: neither may crash.
  static func fuzz(_ encoder: any TextForms.Type, _ text: [UInt8], hint: Hint = Hint(), seed: UInt64, times: Int) {
    var generator = SeededGenerator(seed: seed)
    let lines = TextLines(text)
    let frame = Tokenizer(vocabulary: .o200k).withCounter { counter in
      encoder.init(lines, hint: hint, counter: counter)?.complete().last?.bytes
    }
    for _ in 0..<times {
      roundTrip(encoder, damaged(text, using: &generator), hint: hint, mustDecode: false)
      if let frame, let read = Frame(damaged(frame, using: &generator), at: 0) { _ = encoder.decode(read) }
    }
  }

  static func damaged(_ text: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...5, using: &generator) where !text.isEmpty {
      let at = Int.random(in: text.indices, using: &generator)
      let end = min(text.count, at + Int.random(in: 1...40, using: &generator))
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: text[at] = UInt8.random(in: 0...255, using: &generator)
      case 1: text.removeSubrange(at..<end)
      case 2: text.insert(contentsOf: text[at..<end], at: at)
      case 3: text.insert(":/-\"\\*~ \n[]0"[generator.next()], at: at)
      case 4: text.insert(contentsOf: Array("12:".utf8), at: at)
      default: if at % 8 == 0 { text.removeSubrange(at...) }
      }
    }
    return text
  }

  /// The kept lines and the gaps of a cut account for every line.
  static func cut(_ encoder: any TextForms.Type, _ text: [UInt8], budget: Int, query: String = "", hint: Hint = Hint())
    -> String?
  {
    let lines = TextLines(text)
    return Tokenizer(vocabulary: .o200k).withCounter { counter in
      let request = CutRequest(
        budget: budget, query: Query(Array(query.utf8)), handle: Handle(of: text), retrieval: .none, level: .balanced)
      guard let candidate = encoder.init(lines, hint: hint, counter: counter)?.cut(request) else { return nil }
      let cut = String(decoding: candidate.bytes, as: UTF8.self)
      var last = 0
      var gone = 0
      for gap in gaps(cut) {
        #expect(gap.lowerBound > last && gap.upperBound <= lines.count, "gaps in order")
        last = gap.upperBound
        gone += gap.count
      }
      #expect(gone == candidate.cutLines)
      return cut
    }
  }

  /// The lines that are out of view, from 1.
  static func gaps(_ cut: String) -> [ClosedRange<Int>] {
    cut.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("[lines ") else { return nil }
      let numbers = line.dropFirst(7).prefix { $0.isNumber || $0 == "-" }.split(separator: "-").compactMap { Int($0) }
      guard numbers.count == 2, numbers[0] <= numbers[1] else { return nil }
      return numbers[0]...numbers[1]
    }
  }

  static func excerpt(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes.prefix(1_200), as: UTF8.self) }
}

extension String {
  fileprivate subscript(_ random: UInt64) -> UInt8 {
    let bytes = Array(utf8)
    return bytes[Int(random % UInt64(bytes.count))]
  }
}
