extension XMLLayout {
  var words: [[UInt8]] {
    var words: [String] = []
    if let indent {
      if usesTabs { words.append("indent tab") } else if indent != 2 { words.append("indent \(indent)") }
    } else {
      words.append("one line")
    }
    if usesSingle { words.append("single quotes") }
    if isSpaced { words.append("blank before slash") }
    return words.map { Array($0.utf8) }
  }

  init?(_ words: [ArraySlice<UInt8>]) {
    self.init()
    indent = 2
    for word in words {
      switch String(decoding: word, as: UTF8.self) {
      case "one line": indent = nil
      case "indent tab":
        usesTabs = true
        indent = 1
      case "single quotes": usesSingle = true
      case "blank before slash": isSpaced = true
      default:
        guard let numbers = word.numbers(after: "indent "), numbers.count == 1, numbers[0] <= 16 else { return nil }
        indent = numbers[0]
      }
    }
  }
}
