/// The start and the end that all texts of a column share, cut where a word ends.
struct Affix {
  var prefix: [UInt8]
  var suffix: [UInt8]

  /// Nil when the texts share too little, or what they share could not be written in a column's name.
  init?(_ ids: [ValuePool.ID], _ pool: ValuePool) {
    guard let first = ids.first else { return nil }
    let model = pool.text(first)
    var prefixCount = model.count
    var suffixCount = model.count
    var shortest = model.count
    for id in ids.dropFirst() {
      let text = pool.text(id)
      shortest = min(shortest, text.count)
      prefixCount = min(prefixCount, text.count)
      suffixCount = min(suffixCount, text.count)
      var same = 0
      while same < prefixCount, text[same] == model[same] { same += 1 }
      prefixCount = same
      same = 0
      while same < suffixCount, text[text.count - 1 - same] == model[model.count - 1 - same] { same += 1 }
      suffixCount = same
      if prefixCount == 0, suffixCount == 0 { return nil }
    }
    while prefixCount > 0, Affix.isWord(model[prefixCount - 1]) { prefixCount -= 1 }
    while suffixCount > 0, Affix.isWord(model[model.count - suffixCount]) { suffixCount -= 1 }
    if prefixCount + suffixCount >= shortest { suffixCount = 0 }
    // An empty core would be an empty cell.
    guard prefixCount + suffixCount >= 2, prefixCount < shortest else { return nil }
    prefix = Array(model[..<prefixCount])
    suffix = Array(model[(model.count - suffixCount)...])
    guard !prefix.contains(UInt8(ascii: "\n")), !suffix.contains(UInt8(ascii: "\n")) else { return nil }
  }

  /// Letters, digits and anything that is not ASCII: a cut there would split a word or a character.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: false
    }
  }

  func core(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: text[prefix.count..<text.count - suffix.count])
  }

  /// Tokens of the core of a text.
  func coreCost(_ id: ValuePool.ID, _ pool: ValuePool) -> Int {
    let text = pool.text(id)
    let core = core(text)
    guard let (range, inside) = pool.interior(of: id, in: text), range.lowerBound > prefix.count,
      range.upperBound < text.count - suffix.count
    else { return max(1, pool.counter.count(core)) }
    return pool.counter.count(UnsafeBufferPointer(rebasing: text[prefix.count..<range.lowerBound])) + inside
      + pool.counter.count(UnsafeBufferPointer(rebasing: text[range.upperBound..<text.count - suffix.count]))
  }

  func cost(_ counter: TokenCounter) -> Int { counter.count(prefix) + counter.count(suffix) }
}
