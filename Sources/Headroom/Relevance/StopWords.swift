/// Words that say nothing about what is looked for: the commonest of English, and the noise of code and of requests.
enum StopWords {
  static func contains(_ word: UnsafeBufferPointer<UInt8>) -> Bool { table[TermHash.hash(word)] != nil }

  private static let table: TermTable = {
    let words = list.split(whereSeparator: { $0.isWhitespace })
    var table = TermTable(capacity: words.count)
    for word in words {
      Array(word.utf8).withUnsafeBufferPointer { _ = table.insert(TermHash.hash($0), 1) }
    }
    return table
  }()

  private static let list = """
    a about above after again all also am an and any are as at be because been before being below between both but
    by can cannot could did do does doing don done down during each few for from further had has have having he her
    here hers him his how i if in into is it its itself just let like ll made make makes many may me might more most
    much must my no nor not now of off ok on once one only or other our out over own per please same shall she
    should show since so some such tell than that the their them then there these they this those through to too
    under until up upon us use used using very via want was we well were what when where whether which while who why
    will with within without would yes you your
    arg args bool class const data def else end elif false find func function get give got import int item items let
    list look name new nil none null number obj object param params print private public return returns self set
    static str string struct super text this true type undefined val value values var void
    """
}
