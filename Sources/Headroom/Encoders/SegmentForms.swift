/// A segment and what the encoders can make of it.
final class SegmentForms {
  let segment: Segment
  private let json: JSONForms?
  /// The encoder that found the segment.
  private let own: (any TextForms)?
  /// Those that are tried on everything; made when asked for, as an own form is usually good enough.
  private lazy var general: [any TextForms] = makeGeneral()
  private let makeGeneral: () -> [any TextForms]

  /// The forms of JSON.
  init(_ segment: Segment, _ document: JSONDocument, in text: [UInt8], counter: TokenCounter) {
    self.segment = segment
    json = JSONForms(document, isLines: segment.kind == .jsonLines, in: text, range: segment.range, counter: counter)
    own = nil
    makeGeneral = { [] }
  }

  /// The forms of lines that `encoder` has found; nil for lines that none has.
  init(_ lines: TextLines, _ encoder: (any TextForms.Type)?, hint: Hint, counter: TokenCounter) {
    segment = Segment(kind: encoder?.kind ?? .text, range: lines.range)
    json = nil
    own = encoder?.init(lines, hint: hint, counter: counter)
    makeGeneral = {
      guard !hint.isFileRead, encoder?.isQuoted != true else { return [] }
      return TextEncoders.all.filter { $0.isGeneral && $0.name != encoder?.name }
        .compactMap { $0.init(lines, hint: hint, counter: counter) }
    }
  }

  /// Complete forms of the encoder of this kind, the simplest first.
  func complete() -> [Candidate] { json?.complete() ?? own?.complete() ?? [] }

  /// Complete forms of the encoders that are tried on everything.
  func generalForms() -> [Candidate] { general.flatMap { $0.complete() } }

  /// A form with content out of view, by the first encoder that has one.
  func cut(_ request: CutRequest) -> Candidate? {
    if let json { return json.cut(request) }
    return own?.cut(request) ?? general.lazy.compactMap { $0.cut(request) }.first
  }

  // MARK: Which encoder

  /// Every part of a text with its forms, in order; together they cover it but for newlines and blank lines between them.
  static func all(of lines: TextLines, hint: Hint, counter: TokenCounter) -> [SegmentForms] {
    // A file keeps its text, whatever it holds, as the agent may quote it in an edit.
    var segments =
      hint.isFileRead ? [Segment(kind: .text, range: lines.text.indices)] : Segmenter.segments(lines.text)
    // Data in the scripts of a page is part of the page.
    if segments.count > 1, !HTMLForms.find(in: lines, hint: hint).isEmpty {
      segments = [Segment(kind: .text, range: lines.text.indices)]
    }
    return segments.flatMap { segment -> [SegmentForms] in
      if let document = segment.document { return [SegmentForms(segment, document, in: lines.text, counter: counter)] }
      let part = lines.lines(in: segment.range)
      return claims(part, hint: hint).map { SegmentForms(part[$0.lines], $0.encoder, hint: hint, counter: counter) }
    }
  }

  private struct Claim {
    var lines: Range<Int>
    var encoder: (any TextForms.Type)?
  }

  /// Lets one encoder after another find its lines among those that no other has found yet.
  private static func claims(_ lines: TextLines, hint: Hint) -> [Claim] {
    var claims = lines.isEmpty ? [] : [Claim(lines: 0..<lines.count)]
    for encoder in TextEncoders.all where encoder.isSafeForFiles || !hint.isFileRead {
      claims = claims.flatMap { claim -> [Claim] in
        guard claim.encoder == nil else { return [claim] }
        let first = claim.lines.lowerBound
        var result: [Claim] = []
        var end = first
        for run in encoder.find(in: lines[claim.lines], hint: hint) where !run.isEmpty {
          let found = first + run.lowerBound..<first + run.upperBound
          if end < found.lowerBound { result.append(Claim(lines: end..<found.lowerBound)) }
          result.append(Claim(lines: found, encoder: encoder))
          end = found.upperBound
        }
        if end < claim.lines.upperBound { result.append(Claim(lines: end..<claim.lines.upperBound)) }
        return result
      }
    }
    return claims
  }
}
