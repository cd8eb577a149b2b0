/// The numbers of a usage object, such as `{"input_tokens":10,"cache":{"read":4}}`, to be added up over the answers that a client has as one.
///
/// Whatever the provider counts is added, by its name. What is no whole number is left to the last answer.
struct UsageSum: Sendable, Equatable {
  private struct Entry: Sendable, Equatable {
    var key: [UInt8]
    var number: Int?
    var inner = UsageSum()

    var json: [UInt8] { number.map { Array("\($0)".utf8) } ?? inner.json }
    var member: [UInt8] { JSONString.quoted(key) + [UInt8(ascii: ":")] + json }
  }

  private var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  init() {}

  init(_ document: JSONDocument, _ usage: Int?) {
    guard let usage, document.nodes[usage].kind == .object else { return }
    document.forEachMember(of: usage) { key, value in
      let name = document.text(of: key) ?? []
      if let number = document.integer(of: value) {
        entries.append(Entry(key: name, number: number))
      } else if document.nodes[value].kind == .object {
        entries.append(Entry(key: name, inner: UsageSum(document, value)))
      }
    }
  }

  /// Takes over what `later`, a newer state of the same answer, says.
  mutating func update(_ later: UsageSum) { merge(later) { $1 } }

  /// This and the usage of another answer.
  func adding(_ other: UsageSum) -> UsageSum {
    var sum = self
    sum.merge(other) { $0 &+ $1 }
    return sum
  }

  private mutating func merge(_ other: UsageSum, _ combine: (Int, Int) -> Int) {
    for entry in other.entries {
      guard let place = entries.firstIndex(where: { $0.key == entry.key }) else {
        entries.append(entry)
        continue
      }
      if let number = entry.number {
        entries[place].number = entries[place].number.map { combine($0, number) } ?? number
      }
      entries[place].inner.merge(entry.inner, combine)
    }
  }

  /// The edits that write these numbers into a usage object; those that it lacks are appended.
  func splices(into usage: Int, in document: JSONDocument) -> [Splice] {
    guard document.nodes[usage].kind == .object else { return [] }
    var splices: [Splice] = []
    var missing = entries
    document.forEachMember(of: usage) { key, value in
      let name = document.text(of: key) ?? []
      guard let place = missing.firstIndex(where: { $0.key == name }) else { return }
      let entry = missing.remove(at: place)
      if entry.number == nil, document.nodes[value].kind == .object {
        splices += entry.inner.splices(into: value, in: document)
      } else {
        splices.append(document.replacing(value, with: entry.json))
      }
    }
    let members = missing.map(\.member)
    if !members.isEmpty { splices.append(document.appending(member: ToolFormat.joined(members), to: usage)) }
    return splices
  }

  private var json: [UInt8] {
    [UInt8(ascii: "{")] + ToolFormat.joined(entries.map(\.member)) + [UInt8(ascii: "}")]
  }
}
