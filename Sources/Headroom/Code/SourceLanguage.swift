import CTreeSitter

/// A programming language whose structure is known.
public enum SourceLanguage: String, Sendable, CaseIterable {
  case python, javascript, typescript, tsx, go, rust, java, c
  case cpp = "c++"
  case swift

  /// The language of a file, by what its name ends in; nil for all others.
  public init?(path: [UInt8]) {
    guard let dot = path.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    let suffix = path[(dot + 1)...]
    guard (1...5).contains(suffix.count) else { return nil }
    switch String(decoding: suffix, as: UTF8.self) {
    case "py", "pyi", "pyw": self = .python
    case "js", "mjs", "cjs", "jsx": self = .javascript
    case "ts", "mts", "cts": self = .typescript
    case "tsx": self = .tsx
    case "go": self = .go
    case "rs": self = .rust
    case "java": self = .java
    case "c", "h": self = .c
    case "cc", "cpp", "cxx", "hpp", "hh", "hxx", "c++", "ipp": self = .cpp
    case "swift": self = .swift
    default: return nil
    }
  }

  /// The language of a text whose name says this one: headers of C++ are often named as those of C.
  func refined(by source: UnsafeBufferPointer<UInt8>) -> SourceLanguage {
    guard self == .c else { return self }
    let words: [StaticString] = ["\nnamespace ", "\ntemplate", "\nclass ", "std::"]
    let isCPP = words.contains {
      source.contains(UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount))
    }
    return isCPP ? .cpp : .c
  }

  var grammar: headroom_grammar {
    switch self {
    case .python: HEADROOM_PYTHON
    case .javascript: HEADROOM_JAVASCRIPT
    case .typescript: HEADROOM_TYPESCRIPT
    case .tsx: HEADROOM_TSX
    case .go: HEADROOM_GO
    case .rust: HEADROOM_RUST
    case .java: HEADROOM_JAVA
    case .c: HEADROOM_C
    case .cpp: HEADROOM_CPP
    case .swift: HEADROOM_SWIFT
    }
  }

  /// Whether its grammar was there when the program was built.
  public var hasGrammar: Bool { headroom_grammar_is_present(grammar) }
}
