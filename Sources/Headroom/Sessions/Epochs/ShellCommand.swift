/// What a command line does, by its programs. Not a shell: what is not plain counts as a change of something unknown.
///
///     cd /src && grep -n parse *.py | head      looks
///     sed -n '1,40p' a.py                       reads lines of a.py
///     sed -i 's/a/b/' a.py                      edits a.py
struct ShellCommand {
  /// The programs with their arguments, in order, pipes included.
  private(set) var programs: [[[UInt8]]] = []
  /// Files that output goes to.
  private var targets: [[UInt8]] = []

  /// The longest command line that is looked at, in bytes.
  private static let longest = 16 << 10

  init(_ command: [UInt8]) {
    guard command.count <= ShellCommand.longest else { return }
    var scanner = ShellScanner(command)
    scanner.scan()
    programs = scanner.programs.map(ShellCommand.program).filter { !$0.isEmpty }
    targets = scanner.targets
  }

  var action: ToolAction {
    var edited = targets
    var read: [(path: [UInt8], isWhole: Bool)] = []
    var isLook = true
    for (place, words) in programs.enumerated() {
      let name = ShellCommand.name(words[0])
      if let paths = ShellCommand.edited(name, words) {
        edited += paths
      } else if place == programs.count - 1 || place == 0, let path = ShellCommand.shown(name, words) {
        read.append((path, ["cat", "nl"].contains(name) && isAlone(place)))
      } else if !ShellCommand.isLook(name, words) {
        isLook = false
      }
    }
    if !edited.isEmpty { return .edit(paths: edited) }
    guard isLook, !programs.isEmpty else { return .other }
    if read.contains(where: { ToolAction.isInstructions($0.path) }) { return .steering }
    if read.count == 1, let read = read.first { return .read(path: read.path, isWhole: read.isWhole) }
    return .look
  }

  /// Whether nothing but changes of the folder stands beside a program.
  private func isAlone(_ place: Int) -> Bool {
    programs.indices.allSatisfy { $0 == place || ShellCommand.name(programs[$0][0]) == "cd" }
  }

  /// The program and its first argument that is no option, by which calls are known as repeats of one another: `cargo test`.
  var subject: [UInt8] {
    guard let words = programs.first(where: { ShellCommand.name($0[0]) != "cd" }) else { return [] }
    let argument = words.dropFirst().first { $0.first != UInt8(ascii: "-") } ?? []
    return Array(ShellCommand.name(words[0]).utf8) + [UInt8(ascii: " ")] + argument
  }

  // MARK: Programs

  /// A program without what only sets its surroundings.
  private static func program(_ words: [[UInt8]]) -> [[UInt8]] {
    var words = words[...]
    while let first = words.first {
      let isAssignment = first.contains(UInt8(ascii: "=")) && first.first.map { $0 | 0x20 &- 0x61 < 26 } ?? false
      guard isAssignment || ["sudo", "env", "time", "command"].contains(name(first)) else { break }
      words = words.dropFirst()
    }
    return Array(words)
  }

  private static func name(_ word: [UInt8]) -> String {
    String(decoding: word.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
  }

  /// The files that a program changes; nil when it changes none.
  private static func edited(_ name: String, _ words: [[UInt8]]) -> [[UInt8]]? {
    let arguments = words.dropFirst().filter { $0.first != UInt8(ascii: "-") }
    switch name {
    case "sed", "perl":
      guard words.contains(where: { $0.starts(with: "-i".utf8) || $0.starts(with: "-pi".utf8) }) else { return nil }
      return arguments.dropFirst().map { $0 }
    case "tee", "truncate", "rm": return arguments
    case "mv", "cp": return arguments.suffix(1)
    default: return nil
    }
  }

  /// The file that a program shows.
  private static func shown(_ name: String, _ words: [[UInt8]]) -> [UInt8]? {
    let arguments = words.dropFirst().filter { $0.first != UInt8(ascii: "-") }
    switch name {
    case "cat", "nl", "bat", "less": return arguments.count == 1 ? arguments.first : nil
    case "head", "tail", "sed":
      // `head -n 20 a.py`: the number is no file.
      guard let last = arguments.last, last.contains(UInt8(ascii: ".")) || last.contains(UInt8(ascii: "/")),
        words.last == last, !last.contains(UInt8(ascii: ","))
      else { return nil }
      return last
    default: return nil
    }
  }

  private static func isLook(_ name: String, _ words: [[UInt8]]) -> Bool {
    if lookers.contains(name) { return true }
    guard let verbs = lookingVerbs[name] else { return false }
    return words.dropFirst().first { $0.first != UInt8(ascii: "-") }
      .map { verbs.contains(String(decoding: $0, as: UTF8.self)) } ?? false
  }

  private static let lookers: Set<String> = [
    "ls", "grep", "egrep", "fgrep", "rg", "ag", "ack", "find", "fd", "tree", "cat", "nl", "head", "tail", "sed", "wc",
    "sort",
    "uniq", "cut", "awk", "jq", "file", "stat", "du", "df", "pwd", "which", "echo", "printf", "cd", "true", "column",
    "tr",
    "less", "bat", "xxd", "diff", "basename", "dirname", "date", "env", "ps", "test", "[",
  ]
  private static let lookingVerbs: [String: Set<String>] = [
    "git": ["status", "log", "diff", "show", "blame", "branch", "ls-files", "grep", "rev-parse", "remote", "describe"],
    "kubectl": ["get", "describe", "top", "explain", "version", "cluster-info"],
    "docker": ["ps", "images", "inspect", "version", "info"],
    "gh": ["pr", "issue", "run", "status"],
    "npm": ["ls", "list", "outdated", "view"], "pip": ["list", "show", "freeze"], "cargo": ["tree", "metadata"],
    "systemctl": ["status", "list-units"], "helm": ["list", "status", "get"], "terraform": ["show", "plan"],
  ]
}

/// Cuts a command line into programs and words, by the rules of quotes that all shells share.
private struct ShellScanner {
  private let text: [UInt8]
  private var word: [UInt8]?
  private var words: [[UInt8]] = []
  private(set) var programs: [[[UInt8]]] = []
  private(set) var targets: [[UInt8]] = []
  /// Whether the next word names a file that output goes to, or one that is of no interest.
  private var isTarget = false
  private var isIgnored = false
  /// What ends the text of a here-document.
  private var hereEnd: [UInt8]?
  private var isHereEnd = false

  init(_ text: [UInt8]) { self.text = text }

  mutating func scan() {
    var i = 0
    while i < text.count {
      let byte = text[i]
      switch byte {
      case UInt8(ascii: "\\"):
        if i + 1 < text.count, text[i + 1] != UInt8(ascii: "\n") { put(text[i + 1...i + 1]) }
        i += 1
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        var end = i + 1
        while end < text.count, text[end] != byte {
          if byte == UInt8(ascii: "\""), text[end] == UInt8(ascii: "\\") { end += 1 }
          end += 1
        }
        put(text[min(i + 1, text.count)..<min(end, text.count)])
        i = end
      case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord()
      case UInt8(ascii: "\n"):
        endProgram()
        if let end = hereEnd { i = skipHere(from: i + 1, to: end) - 1 }
      case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "("), UInt8(ascii: ")"):
        // `2>&1` is no end.
        if byte == UInt8(ascii: "&"), i > 0, text[i - 1] == UInt8(ascii: ">") { break }
        endProgram()
      case UInt8(ascii: ">"):
        // The number before it is a stream and no word.
        if let stream = word, stream.count == 1, stream[0] &- 0x30 < 10 {
          isIgnored = stream[0] != UInt8(ascii: "1")
          word = nil
        }
        endWord()
        if i + 1 < text.count, text[i + 1] == UInt8(ascii: "&") { isIgnored = true }
        isTarget = true
      case UInt8(ascii: "<"):
        endWord()
        if i + 1 < text.count, text[i + 1] == UInt8(ascii: "<") {
          isHereEnd = true
          i += i + 2 < text.count && text[i + 2] == UInt8(ascii: "-") ? 2 : 1
        }
      default: put(text[i...i])
      }
      i += 1
    }
    endProgram()
  }

  private mutating func put(_ bytes: ArraySlice<UInt8>) {
    if word == nil { word = [] }
    word?.append(contentsOf: bytes)
  }

  private mutating func endWord() {
    guard let word else { return }
    self.word = nil
    if isHereEnd {
      hereEnd = word
      isHereEnd = false
    } else if isTarget {
      if !isIgnored, word != Array("/dev/null".utf8) { targets.append(word) }
      isTarget = false
      isIgnored = false
    } else {
      words.append(word)
    }
  }

  private mutating func endProgram() {
    endWord()
    if !words.isEmpty { programs.append(words) }
    words = []
  }

  /// The offset behind the line that ends a here-document.
  private mutating func skipHere(from start: Int, to end: [UInt8]) -> Int {
    hereEnd = nil
    var line = start
    while line < text.count {
      let lineEnd = text[line...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      if text[line..<lineEnd].elementsEqual(end) { return lineEnd }
      line = lineEnd + 1
    }
    return text.count
  }
}
