/// The sentences of a text, with the block each belongs to.
struct ProseText {
  let blocks: [ProseBlock]
  /// The sentences of all blocks in order.
  private(set) var sentences: [Range<Int>] = []
  private(set) var blockOf: [Int] = []
  /// Where the sentences of each block begin among all.
  private(set) var firstOf: [Int] = []
  /// Blocks that say word for word what one before them says.
  private(set) var isRepeated: [Bool] = []

  init(_ lines: TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
    blocks = ProseBlock.all(of: lines, bytes)
    var known = ByteIndex()
    for (index, block) in blocks.enumerated() {
      firstOf.append(sentences.count)
      sentences += block.sentences
      blockOf += Array(repeating: index, count: block.sentences.count)
      let range = lines[block.lines].range
      isRepeated.append(range.count > 80 && bytes.baseAddress.map { !known.add(range, in: $0).isNew } ?? false)
    }
    firstOf.append(sentences.count)
  }
}

/// Whole sentences of a text, in their order: those that the query asks for, that speak of what the text speaks of, and that say something
/// the others do not.
///
///     # The Normans
///     […2 sentences] The battle took place near Dyrrachium, the naval base. […1 sentence]
///     [lines 9-31: 14 sentences]
///     In 1066 they crossed the channel.
struct ProseCut {
  private let lines: TextLines
  private let bytes: UnsafeBufferPointer<UInt8>
  private let text: ProseText
  private var isKept: [Bool]

  /// What a gap costs, in tokens.
  private static let gap = 6
  /// Headings stay as long as they are not more than this part of the budget.
  private static let headings = 8

  init?(_ forms: ProseForms, _ request: CutRequest, _ bytes: UnsafeBufferPointer<UInt8>) {
    lines = forms.lines
    self.bytes = bytes
    let text = ProseText(lines, bytes)
    self.text = text
    guard text.sentences.count >= 8 else { return nil }
    let costs = text.sentences.map { forms.counter.count(UnsafeBufferPointer(rebasing: bytes[$0])) + 1 }
    let total = costs.indices.reduce(0) { $0 + (text.isRepeated[text.blockOf[$1]] ? 0 : costs[$1]) }
    // A text loses its thread sooner than a list of rows does.
    let budget = max(request.budget, request.level == .balanced ? total / 2 : total / 4)
    guard budget < costs.reduce(0, +) else { return nil }
    let scores = SentenceScores(text, bytes, query: request.query)
    isKept = ProseCut.select(text, scores, costs, budget: budget)
  }

  // MARK: Which sentences

  /// Takes the sentence that is worth most for its length, again and again; what it says is then worth less in the others.
  private static func select(_ text: ProseText, _ scores: SentenceScores, _ costs: [Int], budget: Int) -> [Bool] {
    var isKept = [Bool](repeating: false, count: costs.count)
    var left = budget
    for (index, block) in text.blocks.enumerated() where block.kind == .heading {
      let sentence = text.firstOf[index]
      guard costs[sentence] <= max(left - budget + budget / headings, 0) else { continue }
      isKept[sentence] = true
      left -= costs[sentence]
    }
    var said = [Bool](repeating: false, count: scores.weights.count)
    func gain(_ i: Int) -> Int {
      let words = scores.words[i]
      var all = 1
      var new = 1
      for word in words {
        all += scores.weights[Int(word)]
        if !said[Int(word)] { new += scores.weights[Int(word)] }
      }
      // A sentence that says nothing new is worth half.
      let worth = scores.worth[i] * (512 + 512 * new / all)
      return worth / (costs[i] + 16)
    }
    var queue = SentenceQueue()
    for i in costs.indices where !isKept[i] && !text.isRepeated[text.blockOf[i]] { queue.push(i, gain(i)) }
    var looks = [UInt8](repeating: 0, count: costs.count)
    while let (i, old) = queue.pop() {
      guard costs[i] + gap <= left else { continue }
      let now = gain(i)
      // Gains only fall, so one that is still above the next is the greatest. It is looked at some times only, to come to an end.
      if now < old, let next = queue.greatest, now < next, looks[i] < 8 {
        looks[i] += 1
        queue.push(i, now)
        continue
      }
      isKept[i] = true
      for word in scores.words[i] { said[Int(word)] = true }
      left -= costs[i]
      // A gap on each side, unless a neighbour is there.
      let joins = (i > 0 && isKept[i - 1] ? 1 : 0) + (i + 1 < isKept.count && isKept[i + 1] ? 1 : 0)
      left -= (1 - joins) * gap
    }
    // A gap that costs what it stands for is none.
    for i in isKept.indices where !isKept[i] && costs[i] <= gap {
      let isAlone = (i == 0 || isKept[i - 1]) && (i + 1 == isKept.count || isKept[i + 1])
      if isAlone { isKept[i] = true }
    }
    return isKept
  }

  // MARK: As text

  func candidate() -> Candidate? {
    var out = CutText(lines)
    var partial = 0
    var end = 0
    /// Sentences and lines that are out of view and not yet said to be.
    var gapStart: Int?
    var gapSentences = 0
    func flush(to line: Int, _ out: inout CutText) {
      guard let start = gapStart else { return }
      out.gap(start..<line, note: ProseCut.name(gapSentences))
      gapStart = nil
      gapSentences = 0
    }
    for (index, block) in text.blocks.enumerated() {
      let range = text.firstOf[index]..<text.firstOf[index + 1]
      let kept = range.count { isKept[$0] }
      if kept == 0 {
        if gapStart == nil {
          out.keep(end..<block.lines.lowerBound)
          gapStart = block.lines.lowerBound
        }
        gapSentences += range.count
      } else {
        let wasGap = gapStart != nil
        flush(to: block.lines.lowerBound, &out)
        if !wasGap { out.keep(end..<block.lines.lowerBound) }
        if kept == range.count {
          out.keep(block.lines)
        } else {
          partial += write(block, range, to: &out)
        }
      }
      end = block.lines.upperBound
    }
    if gapStart != nil { flush(to: end, &out) }
    out.keep(end..<lines.count)
    guard out.cutLines + partial > 0 else { return nil }
    return Candidate(name: "prose cut", fidelity: .lossy, bytes: out.bytes, cutLines: out.cutLines + partial)
  }

  private static func name(_ sentences: Int) -> String { "\(sentences) \(sentences == 1 ? "sentence" : "sentences")" }

  /// A paragraph with gaps; returns how many of its lines are not all there.
  private func write(_ block: ProseBlock, _ range: Range<Int>, to out: inout CutText) -> Int {
    var piece: [UInt8] = []
    var cutLines = 0
    var line = block.lines.lowerBound
    var i = range.lowerBound
    while i < range.upperBound {
      if isKept[i] {
        // What stands between two sentences that both stay, stays too.
        let start =
          i > range.lowerBound && isKept[i - 1] ? text.sentences[i - 1].upperBound : text.sentences[i].lowerBound
        if start == text.sentences[i].lowerBound, !piece.isEmpty { piece.append(UInt8(ascii: " ")) }
        piece += bytes[start..<text.sentences[i].upperBound]
        i += 1
        continue
      }
      let first = i
      while i < range.upperBound, !isKept[i] { i += 1 }
      if !piece.isEmpty { piece.append(UInt8(ascii: " ")) }
      piece += "[…\(ProseCut.name(i - first))]".utf8
      let gap = text.sentences[first].lowerBound..<text.sentences[i - 1].upperBound
      while line < block.lines.upperBound, lines[line].lowerBound < gap.upperBound {
        if lines[line].upperBound > gap.lowerBound { cutLines += 1 }
        line += 1
      }
    }
    out.append(piece)
    return cutLines
  }
}

/// Sentences by what they are worth, the greatest first and of equal ones the first.
private struct SentenceQueue {
  private var heap: [(index: Int, gain: Int)] = []

  var greatest: Int? { heap.first?.gain }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    heap[a].gain != heap[b].gain ? heap[a].gain > heap[b].gain : heap[a].index < heap[b].index
  }

  mutating func push(_ index: Int, _ gain: Int) {
    heap.append((index, gain))
    var child = heap.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> (index: Int, gain: Int)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var best = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, best) { best = child }
      if best == parent { return first }
      heap.swapAt(best, parent)
      parent = best
    }
  }
}
