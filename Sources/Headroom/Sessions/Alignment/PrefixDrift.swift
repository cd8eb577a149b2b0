/// What changed at the beginning of the prompt between two requests of one conversation, and what that costs: a provider's cache is keyed by
/// the beginning, so everything behind the first change is written again.
public struct PrefixDrift: Sendable, Equatable {
  /// One place that changed.
  public struct Span: Sendable, Equatable {
    /// Where it is: `system[1].text`.
    public var path: String
    /// Where it starts in the current body, in bytes.
    public var offset: Int
    /// How many bytes it had and has.
    public var oldLength: Int
    public var newLength: Int
    public var kind: VolatileKind
  }

  /// In the order of the prompt.
  public var spans: [Span]
  /// About how many tokens have to be written again, which stood in the cache otherwise.
  public var tokensRewritten: Int
  /// What that costs more than to read them, in millionths of a dollar; in input tokens for a model whose prices are not known.
  public var cost: Int

  /// A token of instructions has about so many bytes.
  private static let bytesPerToken = 4

  /// Compares two requests that follow one another; nil when nothing changed before the conversation, or one is no request.
  public static func compare(previous: [UInt8], current: [UInt8], model: String) -> PrefixDrift? {
    guard let previous = RequestBody(previous), let current = RequestBody(current) else { return nil }
    let prices = (CostModel(model: model) ?? .inTokens(format: current.format)).prices
    return compare(PromptHead(previous), PromptHead(current), prices: prices)
  }

  static func compare(_ previous: PromptHead, _ current: PromptHead, prices: TokenPrices) -> PrefixDrift? {
    if current.isSame(as: previous) { return nil }
    var spans: [Span] = []
    var kept: Int?
    var before = 0
    for part in current.parts {
      let old = previous.parts.first { $0.path == part.path }
      let changes = TextChanges.between(old?.bytes ?? [], part.bytes, isText: !part.isTools)
      for change in changes {
        spans.append(
          Span(
            path: part.path, offset: part.offset + change.new.lowerBound, oldLength: change.old.count,
            newLength: change.new.count, kind: part.isTools ? .tools : kind(change, old?.bytes ?? [], part.bytes)))
      }
      if kept == nil, let first = changes.first { kept = before + first.new.lowerBound }
      before += part.bytes.count
    }
    for part in previous.parts where !current.parts.contains(where: { $0.path == part.path }) {
      spans.append(
        Span(
          path: part.path, offset: part.offset, oldLength: part.bytes.count, newLength: 0,
          kind: part.isTools ? .tools : .text))
    }
    guard !spans.isEmpty else { return nil }
    let tokens = max(0, previous.bodySize - (kept ?? before)) / bytesPerToken
    return PrefixDrift(
      spans: spans, tokensRewritten: tokens, cost: CostModel.rounded(tokens * (prices.cacheWrite - prices.cacheRead)))
  }

  /// How far around a change is looked at.
  private static let surroundings = 24

  private static func kind(_ change: TextChanges.Change, _ old: [UInt8], _ new: [UInt8]) -> VolatileKind {
    let text = change.new.isEmpty ? old[change.old] : new[change.new]
    let kind = VolatileText.kind(of: text)
    guard kind == .number || kind == .text, !change.new.isEmpty else { return kind }
    let around = max(0, change.new.lowerBound - surroundings)..<min(new.count, change.new.upperBound + surroundings)
    return VolatileText.hasNameOfDate(new[around]) && text.count <= surroundings ? .date : kind
  }
}

/// Where two texts differ, word by word.
struct TextChanges {
  struct Change: Equatable {
    var old: Range<Int>
    var new: Range<Int>
  }

  /// The most pairs of words that are compared for where a text has become longer or shorter.
  private static let mostPairs = 1 << 18

  /// The changes, in order. Empty for equal texts.
  static func between(_ old: [UInt8], _ new: [UInt8], isText: Bool) -> [Change] {
    if old == new { return [] }
    guard isText else {
      let prefix = zip(old, new).prefix { $0 == $1 }.count
      let room = min(old.count, new.count) - prefix
      let suffix = zip(old.reversed(), new.reversed()).prefix(room).prefix { $0 == $1 }.count
      return [Change(old: prefix..<old.count - suffix, new: prefix..<new.count - suffix)]
    }
    let (a, b) = (VolatileText.words(old[...]).map(\.range), VolatileText.words(new[...]).map(\.range))
    func same(_ i: Int, _ j: Int) -> Bool { old[a[i]] == new[b[j]] }
    var start = 0
    while start < min(a.count, b.count), same(start, start) { start += 1 }
    var end = 0
    while end < min(a.count, b.count) - start, same(a.count - 1 - end, b.count - 1 - end) { end += 1 }
    let (rest, other) = (start..<a.count - end, start..<b.count - end)
    let pairs =
      rest.count == other.count
      ? zip(rest, other).filter { same($0, $1) }
      : rest.count * other.count <= mostPairs ? common(rest, other, same) : []
    var changes: [Change] = []
    var (i, j) = (rest.lowerBound, other.lowerBound)
    for (nextI, nextJ) in pairs + [(rest.upperBound, other.upperBound)] {
      if i < nextI || j < nextJ {
        changes.append(
          Change(old: bytes(a, i..<nextI, old.count), new: bytes(b, j..<nextJ, new.count)))
      }
      (i, j) = (nextI + 1, nextJ + 1)
    }
    return changes
  }

  private static func bytes(_ words: [Range<Int>], _ part: Range<Int>, _ end: Int) -> Range<Int> {
    let start = part.lowerBound < words.count ? words[part.lowerBound].lowerBound : end
    return start..<(part.isEmpty ? start : words[part.upperBound - 1].upperBound)
  }

  /// The longest common subsequence.
  private static func common(
    _ a: Range<Int>, _ b: Range<Int>, _ same: (Int, Int) -> Bool
  ) -> [(Int, Int)] {
    let width = b.count + 1
    var lengths = [Int32](repeating: 0, count: (a.count + 1) * width)
    for i in (0..<a.count).reversed() {
      for j in (0..<b.count).reversed() {
        lengths[i * width + j] =
          same(a.lowerBound + i, b.lowerBound + j)
          ? lengths[(i + 1) * width + j + 1] + 1 : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
      }
    }
    var pairs: [(Int, Int)] = []
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      if same(a.lowerBound + i, b.lowerBound + j) {
        pairs.append((a.lowerBound + i, b.lowerBound + j))
        (i, j) = (i + 1, j + 1)
      } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    return pairs
  }
}
