import CHeadroom

/// What lines of a failure tell, in any language.
enum FailureLines {
  // MARK: Errors

  /// Whether a line says what went wrong: the message of an exception, a failed assertion, what was expected and what came.
  static func isError(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    var start = line.lowerBound
    let end = line.upperBound
    // pytest's mark of the lines of a message.
    if end - start > 2, bytes[start] == UInt8(ascii: "E"), bytes[start + 1] == UInt8(ascii: " ") { return true }
    while start < end, isMargin(bytes[start]) { start += 1 }
    guard end - start > 3 else { return false }
    for word in openings where has(word, bytes, at: start, end: end) { return true }
    // A name before a colon, such as `django.db.utils.NotSupportedError: …`.
    var p = start
    while p < end, isName(bytes[p]) { p += 1 }
    if p - start > 5 {
      for word in endings where has(word, bytes, at: p - word.utf8CodeUnitCount, end: p) {
        if p == end || bytes[p] == UInt8(ascii: ":") || bytes[p] == UInt8(ascii: " ") { return true }
      }
    }
    return containsError(bytes, start..<end)
  }

  private static let openings: [StaticString] = [
    "error", "Error", "ERROR", "FAIL", "Fail", "fatal", "Fatal", "panic", "thread '", "assert", "Assert", "Expected",
    "expected", "Received", "received", "Actual", "actual", "Caused by", "left:", "right:", "left ", "want", "got",
    "not ok", "Segmentation fault", "Aborted", "Exception", "Diff", "exit status", "exit code", "Process finished", "✘",
    "✖", "✕", "×",
  ]
  private static let endings: [StaticString] = ["Error", "Exception", "Failure", "Failed", "Exit", "Interrupt"]

  private static func containsError(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    // Each of the words has a colon or a letter by which it is found.
    var p = line.lowerBound
    while p < line.upperBound {
      p += headroom_find_byte(base + p, line.upperBound - p, UInt8(ascii: ":"))
      guard p < line.upperBound else { break }
      if has("rror", bytes, at: p - 4, end: p) || has("FAILED", bytes, at: p - 6, end: p)
        || has("ception", bytes, at: p - 7, end: p)
      {
        return true
      }
      p += 1
    }
    p = line.lowerBound
    while p < line.upperBound {
      p += headroom_find_byte(base + p, line.upperBound - p, UInt8(ascii: "k"))
      guard p < line.upperBound else { break }
      if has("panicked at", bytes, at: p - 4, end: line.upperBound) { return true }
      p += 1
    }
    return false
  }

  /// What may stand before a message.
  private static func isMargin(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "|"), UInt8(ascii: "["):
      true
    default: false
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
  }

  private static func has(_ word: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, end: Int) -> Bool {
    let count = word.utf8CodeUnitCount
    guard start >= 0, end - start >= count else { return false }
    for i in 0..<count where bytes[start + i] != word.utf8Start[i] { return false }
    return true
  }

  // MARK: Frames

  enum Frame { case project, library }

  /// Whether a line is a frame of a stack trace, and whose code it is in.
  static func frame(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Frame? {
    var start = line.lowerBound
    let end = line.upperBound
    while start < end, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") { start += 1 }
    guard end - start > 6, end - start < 1_000 else { return nil }
    var isFrame =
      has("at ", bytes, at: start, end: end) || has("File \"", bytes, at: start, end: end)
      || has("# ./", bytes, at: start, end: end) || has("# /", bytes, at: start, end: end)
      || has("from /", bytes, at: start, end: end)
    if !isFrame, start == line.lowerBound {
      // `path:12: in name`
      var p = start
      while p < end, bytes[p] != UInt8(ascii: ":") && bytes[p] != UInt8(ascii: " ") { p += 1 }
      let path = p
      if p < end, bytes[p] == UInt8(ascii: ":") {
        p += 1
        while p < end, bytes[p] &- 0x30 < 10 { p += 1 }
        isFrame = p > path + 1 && has(": in ", bytes, at: p, end: end)
      }
    }
    if !isFrame {
      // `12: std::panicking::begin` of a Rust backtrace
      var p = start
      while p < end, bytes[p] &- 0x30 < 10 { p += 1 }
      isFrame = p > start && p - start < 4 && has(": ", bytes, at: p, end: end) && start > line.lowerBound
    }
    guard isFrame else { return nil }
    return isLibrary(bytes, start..<end) ? .library : .project
  }

  private static let folders: [StaticString] = [
    "site-packages/", "dist-packages/", "node_modules/", "/usr/lib/", "/usr/local/lib/", "lib/python", "/rustc/",
    ".cargo/registry/", "/usr/local/go/src/", "node:internal", "(internal/", "/gems/", "/vendor/",
    "importlib._bootstrap",
  ]
  private static let packages: [StaticString] = [
    "java.", "javax.", "jdk.", "sun.", "org.junit.", "junit.", "org.gradle.", "org.apache.maven.", "worker.org.gradle.",
    "kotlin.", "System.", "Microsoft.", "Xunit.", "NUnit.", "std::", "core::", "test::", "rust_begin_unwind",
    "__rust", "alloc::",
  ]

  private static func isLibrary(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    for p in line {
      let byte = bytes[p]
      guard
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "s") || byte == UInt8(ascii: "d") || byte == UInt8(ascii: "n")
          || byte == UInt8(ascii: "l") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "(")
          || byte == UInt8(ascii: "i")
      else { continue }
      for folder in folders where has(folder, bytes, at: p, end: line.upperBound) { return true }
    }
    var p = line.lowerBound
    if has("at ", bytes, at: p, end: line.upperBound) { p += 3 }
    while p < line.upperBound, bytes[p] &- 0x30 < 10 || bytes[p] == UInt8(ascii: ":") || bytes[p] == UInt8(ascii: " ") {
      p += 1
    }
    for package in packages where has(package, bytes, at: p, end: line.upperBound) { return true }
    return false
  }

  /// Whether a line is the place where something was raised: `tests/test_a.py:94: AssertionError`.
  static func isPlace(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    guard !line.isEmpty, bytes[line.lowerBound] != UInt8(ascii: " "), let base = bytes.baseAddress else { return false }
    let colon = line.lowerBound + headroom_find_byte(base + line.lowerBound, line.count, UInt8(ascii: ":"))
    return colon > line.lowerBound && colon + 1 < line.upperBound && bytes[colon + 1] &- 0x30 < 10
  }

  /// How far a line is indented.
  static func indentation(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Int {
    var p = line.lowerBound
    while p < line.upperBound, bytes[p] == UInt8(ascii: " ") || bytes[p] == UInt8(ascii: "\t") { p += 1 }
    return p - line.lowerBound
  }
}
