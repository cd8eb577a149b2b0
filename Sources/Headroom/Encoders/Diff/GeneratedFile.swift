/// Files that no one reads line by line in a review: what they say is said in a line, or not at all.
enum GeneratedFile {
  /// Files that tools write of the versions they have chosen.
  static func isLock(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
    let name = path.basename
    return locks.contains { $0.utf8CodeUnitCount == name.count && name.ends($0) }
  }

  private static let locks: [StaticString] = [
    "Cargo.lock", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "poetry.lock", "uv.lock",
    "pdm.lock", "Pipfile.lock", "composer.lock", "Gemfile.lock", "go.sum", "go.work.sum", "Package.resolved",
    "Podfile.lock", "flake.lock", "mix.lock", "pubspec.lock", "bun.lock", "gradle.lockfile", "packages.lock.json",
    "deno.lock",
  ]

  /// Files that are made of others, or brought along from elsewhere.
  static func isGenerated(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
    folders.contains { path.hasFolder($0) } || endings.contains { path.ends($0) }
  }

  private static let folders: [StaticString] = [
    "vendor/", "node_modules/", "third_party/", "third-party/", "__snapshots__/",
  ]
  private static let endings: [StaticString] = [
    ".min.js", ".min.css", ".map", ".pb.go", "_pb2.py", "_pb2_grpc.py", ".pb.h", ".pb.cc", ".g.dart", ".designer.cs",
    ".snap", ".generated.ts", ".generated.go", "_generated.go", "zz_generated.deepcopy.go",
  ]

  /// Tests, by the words in their paths.
  static func isTest(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
    path.indices.contains { i in
      let byte = path[i] | 0x20
      guard
        byte == UInt8(ascii: "t") || byte == UInt8(ascii: "s") || byte == UInt8(ascii: "f") || byte == UInt8(ascii: "m")
      else { return false }
      return tests.contains { path.has($0, at: i) }
    }
  }

  private static let tests: [StaticString] = ["test", "Test", "spec", "Spec", "fixture", "mock", "Mock"]

  /// Documents.
  static func isProse(_ path: UnsafeBufferPointer<UInt8>) -> Bool { documents.contains { path.ends($0) } }

  private static let documents: [StaticString] = [".md", ".rst", ".txt", ".adoc"]
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a folder of the path has this name.
  fileprivate func hasFolder(_ name: StaticString) -> Bool {
    indices.contains { ($0 == 0 || self[$0 - 1] == UInt8(ascii: "/")) && has(name, at: $0) }
  }
}

/// What the diff of a lock file means: which packages have which version now.
///
///     -name = "serde"                 serde 1.0.1→1.0.2
///     -version = "1.0.1"              syn +2.0.3
///
/// A line that names a package sets the name for the versions below it, whatever the tool; formats that write both in one line say so.
struct LockChanges {
  private struct Change {
    var name: [UInt8]
    var old: [UInt8]
    var new: [UInt8]
  }
  private var changes: [Change] = []
  private var name: [UInt8] = []

  /// Reads a line of a hunk, without its sign.
  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, sign: UInt8) {
    var range = line
    while let first = bytes[range].first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
      range = range.lowerBound + 1..<range.upperBound
    }
    let words = LockChanges.words(bytes[range])
    guard let first = words.first else { return }
    let text = String(decoding: first, as: UTF8.self)
    if words.count == 2, ["name", "identity", "package"].contains(text) {
      name = words[1]
    } else if words.count == 2, ["version", "revision", "resolved-version"].contains(text) {
      add(name, words[1], sign)
    } else if words.count >= 2, LockChanges.isVersion(words[1]), first.contains(where: { $0 &- 0x61 < 26 }) {
      // go.sum has a line for the module and one for its go.mod; Gemfile.lock puts the version in parentheses.
      if !words[1].ends(with: "/go.mod") { add(first, words[1], sign) }
    } else if bytes[range].last == UInt8(ascii: ":") || bytes[range].last == UInt8(ascii: "{") {
      name = LockChanges.package(first)
      if let at = first.lastIndex(of: UInt8(ascii: "@")), at > 0, LockChanges.isVersion(Array(first[(at + 1)...])),
        words.count == 1, bytes[range].last == UInt8(ascii: ":"), !LockChanges.isRange(first)
      {
        add(name, Array(first[(at + 1)...]), sign)
      }
    }
  }

  /// The words between quotes, colons, equals signs, parentheses and spaces.
  private static func words(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> [[UInt8]] {
    line.prefix(400).split { byte in
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "="), UInt8(ascii: ","),
        UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: ":"), UInt8(ascii: "\r"):
        true
      default: false
      }
    }.prefix(4).map(Array.init)
  }

  private static func isVersion(_ word: [UInt8]) -> Bool {
    let digits = word.first == UInt8(ascii: "v") ? word.dropFirst() : word[...]
    guard let first = digits.first, first &- 0x30 < 10 else { return false }
    return digits.contains(UInt8(ascii: "."))
  }

  /// Whether what yarn writes before the colon is what was asked for, not what was found: `lodash@^4.17.0`.
  private static func isRange(_ word: [UInt8]) -> Bool { word.contains { "^~><*|".utf8.contains($0) } }

  /// `node_modules/@scope/name` and `name@^1.0.0` without what is not the name.
  private static func package(_ word: [UInt8]) -> [UInt8] {
    let folder = Array("node_modules/".utf8)
    var name = word[...]
    for i in word.indices where word[i...].starts(with: folder) { name = word[(i + folder.count)...] }
    if let at = name.lastIndex(of: UInt8(ascii: "@")), at > name.startIndex { name = name[..<at] }
    return Array(name)
  }

  private mutating func add(_ name: [UInt8], _ version: [UInt8], _ sign: UInt8) {
    guard !name.isEmpty, name.count < 200, version.count < 80 else { return }
    // A change stands near the other half of it.
    let near = changes.suffix(64)
    let place = near.lastIndex { $0.name == name && (sign == UInt8(ascii: "-") ? $0.old.isEmpty : $0.new.isEmpty) }
    switch sign {
    case UInt8(ascii: "-"):
      if let place { changes[place].old = version } else { changes.append(Change(name: name, old: version, new: [])) }
    case UInt8(ascii: "+"):
      if let place { changes[place].new = version } else { changes.append(Change(name: name, old: [], new: version)) }
    default: break
    }
  }

  /// A line for each package, in the order of the file.
  var lines: [UInt8] {
    var out: [UInt8] = []
    for change in changes where change.old != change.new {
      if !out.isEmpty { out.append(UInt8(ascii: "\n")) }
      out += change.name + [UInt8(ascii: " ")]
      switch (change.old.isEmpty, change.new.isEmpty) {
      case (true, _): out += [UInt8(ascii: "+")] + change.new
      case (_, true): out += [UInt8(ascii: "-")] + change.old
      default: out += change.old + Array("→".utf8) + change.new
      }
    }
    return out
  }
}

extension [UInt8] {
  fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
