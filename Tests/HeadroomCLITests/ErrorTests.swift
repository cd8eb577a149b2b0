import Foundation
import TestSupport
import Testing

/// What is wrong is said in one line, and told by the exit status: 2 for wrong usage, 1 for the rest.
@Suite struct ErrorTests {
  private let program: Program

  init() throws { program = try Program() }

  private static let failures: [(arguments: String, status: Int32)] = [
    ("bogus", 2), ("--bogus", 2), ("compress --bogus", 2), ("compress a b", 2), ("compress --level", 2),
    ("compress --level strict", 2), ("compress --mode maybe", 2), ("compress --retrieval phone", 2),
    ("compress --output - --report -", 2), ("compress --output - --json", 2), ("retrieve", 2),
    ("retrieve k3m9qz --lines 9-3", 2), ("retrieve k3m9qz --rows x", 2), ("retrieve k3m9qz --lines 0", 2),
    ("retrieve k3m9qz --lines 1-2 --rows 1-2", 2), ("tokens --json=yes", 2), ("expand --level lossless", 2),
    ("demo now", 2),
    ("compress missing.json", 1), ("compress folder", 1), ("expand folder", 1), ("tokens folder/missing", 1),
    ("tokens locked", 1), ("compress text --store redis://host", 1), ("compress text --store headroom.db", 1),
    ("compress large --store sqlite:text/x.db", 1), ("compress large --store sqlite:folder", 1),
    ("compress large --store sqlite:text", 1), ("compress text --output missing/out.json", 1),
    ("compress text --output folder", 1), ("compress text --report missing/report.json", 1),
    ("expand text --store nowhere:", 1), ("retrieve zzzzzz", 1), ("retrieve nosuch", 1), ("retrieve k3", 1),
    ("retrieve k3m9qz --store memory:", 1), ("retrieve k3m9qz --store sqlite:text", 1),
  ]

  @Test func everyFailureIsOneLineAndAStatus() throws {
    try FileManager.default.createDirectory(
      at: program.folder.appendingPathComponent("folder"), withIntermediateDirectories: false)
    try program.file("text", "some text that is no database")
    try program.file("large", Samples.chat([Samples.logEntries(300)]))
    let locked = try program.file("locked", "")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked.path)
    for (line, status) in Self.failures where geteuid() != 0 || !line.contains("locked") {
      let outcome = try program.run(line.split(separator: " ").map(String.init))
      #expect(outcome.hasExited, "\(line)")
      #expect(outcome.status == status, "\(line): \(outcome.errors)")
      #expect(outcome.output.isEmpty, "\(line)")
      #expect(outcome.errors.hasPrefix("headroom: "), "\(line): \(outcome.errors)")
      #expect(outcome.errors.hasSuffix("\n"), "\(line)")
      #expect(outcome.errors.filter(\.isNewline).count == 1, "\(line): \(outcome.errors)")
    }
  }

  @Test func aNameCannotWriteLinesOfItsOwn() throws {
    let outcome = try program.run(["tokens", "a\nb\u{1b}[31m"])
    #expect(outcome.errors.filter(\.isNewline).count == 1)
    #expect(!outcome.errors.contains("\u{1b}"))
  }

  @Test func aFailedOutputLeavesTheOldFile() throws {
    try program.file("request.json", Samples.chat([Samples.logEntries(60)]))
    try program.file("smaller.json", "the old one")
    let line = "ulimit -f 1; trap '' XFSZ; \"$HEADROOM\" compress request.json --level lossless --output smaller.json"
    let outcome = try program.shell(line)
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("headroom: cannot write smaller.json: "))
    #expect(try program.text("smaller.json") == "the old one")
    let left = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(!left.contains { $0.hasSuffix(".tmp") })
  }

  #if os(Linux)
    @Test func aFullDiskIsReported() throws {
      try program.file("text", "text")
      for command in [
        "tokens text", "expand text", "compress text", "compress text --output /dev/full",
        "compress text --report /dev/full", "demo", "--help",
      ] {
        let outcome = try program.shell("\"$HEADROOM\" \(command) 2>&1 >/dev/full")
        #expect(outcome.status == 1, "\(command)")
        #expect(outcome.text.hasPrefix("headroom: cannot write "), "\(command): \(outcome.text)")
      }
    }
  #endif

  @Test func aReaderMayLeave() throws {
    try program.file("large", Samples.chat((0..<4).map { _ in Samples.logEntries(2_000) }))
    let outcome = try program.shell("{ \"$HEADROOM\" expand large; echo \"status $?\" >&2; } | head -c 10 | wc -c")
    #expect(outcome.text.trimmingCharacters(in: .whitespacesAndNewlines) == "10")
    #expect(outcome.errors == "status 1\n", "no message and no signal")
  }

  /// Random bytes, and requests with random damage.
  @Test func noInputCrashes() throws {
    var generator = SeededGenerator(seed: 77)
    let request = Samples.chat([Samples.logEntries(60), Samples.value(using: &generator)])
    let form = try program.run(["compress", "--store", program.storeURL], input: request).output
    for round in 0..<24 {
      var bytes = round % 3 == 0 ? request : form
      if round % 4 == 3 {
        bytes = (0..<Int.random(in: 0..<5_000, using: &generator)).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
      }
      for _ in 0..<Int.random(in: 1...40, using: &generator) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...50, using: &generator)))
        default: bytes.insert(contentsOf: bytes.suffix(9), at: index)
        }
      }
      for command in [["compress", "--store", program.storeURL], ["expand", "--store", program.storeURL], ["tokens"]] {
        let outcome = try program.run(command, input: bytes)
        #expect(outcome.hasExited && outcome.status == 0, "round \(round): \(command[0]) \(outcome.errors)")
      }
    }
  }
}
