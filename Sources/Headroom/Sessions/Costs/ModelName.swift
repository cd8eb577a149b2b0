/// A model's name as requests spell it: `gpt-4o-2024-08-06`, `us.anthropic.claude-opus-4-6-v1:0`, `claude-sonnet-4-5[1m]`.
struct ModelName {
  private let name: [UInt8]
  /// Where the model's own name may start: at the beginning, or behind a provider's.
  private let starts: [Int]

  init(_ model: String) {
    let name = Array(model.lowercased().utf8)
    self.name = name
    starts = name.indices.filter { $0 == 0 || "/.".utf8.contains(name[$0 - 1]) }
  }

  /// How long `prefix` is when the name is that model's: behind it nothing stands but a date, a revision, or a word for a version of the same
  /// price. `gpt-5.9` is no `gpt-5`, and `gpt-4o-audio` no `gpt-4o`: what they cost is not known.
  func match(_ prefix: String) -> Int? {
    let prefix = prefix.utf8
    let isMatch = starts.contains { start in
      guard name[start...].starts(with: prefix) else { return false }
      let rest = name[(start + prefix.count)...]
      guard let next = rest.first else { return true }
      return "-@:[".utf8.contains(next) && ModelName.isVersion(rest)
    }
    return isMatch ? prefix.count : nil
  }

  private static func isVersion(_ rest: ArraySlice<UInt8>) -> Bool {
    let fields = rest.split { "-@:[]".utf8.contains($0) }
    // One or two digits at once are another model's number: claude-opus-4-9.
    var isDate = false
    for field in fields {
      if field.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
        guard isDate || field.count > 2 else { return false }
      } else if !words.contains(String(decoding: field, as: UTF8.self)) {
        return false
      }
      isDate = true
    }
    return true
  }

  private static let words: Set<String> = ["latest", "preview", "exp", "v1", "v2", "1m"]
}
