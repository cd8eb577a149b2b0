import Foundation
import TestSupport
import Testing

@testable import Headroom

/// Lists of paths, trees and `ls -l`: shorter, and byte for byte back.
@Suite struct ListingTests {
  private static let find = Hint(command: Array("find . -type f".utf8))

  @Test func notationOfSortedPaths() {
    let text =
      "./README\n./src/acl.c\n./src/ae.c\n./src/aof.c\n./src/bio.c\n./src/db.c\n./src/unit/a b.tcl\n./src/unit/c.tcl\n"
    #expect(
      TextFormsCheck.frame(PathListForms.self, text) == """
        [listing, 3 lines, 8 paths, sorted]
        ./ README
         src/ *.c: acl ae aof bio db
          unit/ "a b.tcl" c.tcl
        """)
  }

  @Test func notationInOrder() {
    let text = "src/z.c\nsrc/unit/b.tcl\nsrc/unit/a.tcl\nsrc/a.c\nlib/x.c\n"
    #expect(
      TextFormsCheck.frame(PathListForms.self, text) == """
        [listing, 4 lines, 5 paths]
        src/ z.c
         unit/ b.tcl a.tcl
         a.c
        lib/ x.c
        """)
  }

  @Test func notationOfTree() {
    let text = ".\n├── a.txt\n├── lib\n│   ├── b.js\n│   └── deep\n│       └── c.js\n└── z.md"
    #expect(
      TextFormsCheck.frame(PathListForms.self, text) == """
        [listing, 4 lines, 7 paths, folders included, tree unicode]
        ./ a.txt
         lib/ b.js
          deep/ c.js
         z.md
        """)
  }

  @Test func notationOfLongListing() {
    let text = """
      src:
      total 24
      -rw-r--r-- 1 dev dev 1728 Oct 18 01:11 Makefile
      lrwxrwxrwx 1 dev dev    8 Oct 18 01:11 a.c -> b.c
      drwxr-xr-x 2 dev dev 4096 Jan  2  2024 unit
      -rw-r--r-- 1 dev dev    7 Oct 18 01:11 with space

      src/unit:
      total 0
      """
    #expect(
      TextFormsCheck.frame(LongListingForms.self, text) == """
        [ls, 7 lines, 4 entries in 2 folders, name:size:letters]
        default: -rw-r--r-- 1 dev dev, Oct 18 01:11
        A: lrwxrwxrwx 1 dev dev
        B: drwxr-xr-x 2 dev dev
        a: Jan  2  2024

        src: total 24 Makefile:1728 a.c->b.c:8:A unit:4096:Ba "with space":7
        src/unit: total 0
        """)
  }

  @Test func everyLayoutRoundTrips() {
    let object = "8ab686eafeb1f44702738c8b0f24f2567c36da6d"
    let samples = [
      "a/b.c\na/b c.c\na/\"q\".c\n", "a\na/b\na/b/c\na/b/d\ne/f\n", ".\n./a\n./a/b\n./a/c\n./d\n",
      "src/\nsrc/a.c\nsrc/lib/\nsrc/lib/b.c\n", "/usr/bin/x\n/usr/bin/y\n/usr/lib/z\n",
      "src/a.c:12\nsrc/b.c:1\nlib/c.c:90\n",
      "   12 src/a.c\n    1 src/b.c\n   13 total\n", "12 src/a.c\n 1 src/b.c\n13 total\n",
      "4.0K\t./src\n12M\t./lib/x\n12M\t.\n",
      "100644 blob \(object)    1234\tsrc/a.c\n100755 blob \(object)       4\tsrc/b.sh\n160000 commit \(object)       -\tsub/m\n",
      "100644 blob \(object)\tsrc/a.c\n100755 blob \(object)\tsrc/b.sh\n100644 blob \(object)\tsub/m\n",
      "a/*.c\na/x*\na/y:z\n\"a/\\303\\251.c\"\n", "a//b\na//c\na/d\n", "src/tail \nsrc/b\nsrc/c\nsrc/d\n",
      ".\n|-- a\n|   `-- b\n`-- c d\n", ".\n├── a\n│\u{a0}\u{a0} ├── x\n│\u{a0}\u{a0} └── y\n└── b\n",
    ]
    for sample in samples {
      let frames = TextFormsCheck.roundTrip(PathListForms.self, Array(sample.utf8), hint: ListingTests.find)
      #expect(frames == 1, "\(sample)")
    }
  }

  @Test func generatedPathsRoundTrip() {
    var generator = SeededGenerator(seed: 71)
    var frames = 0
    for _ in 0..<300 {
      frames += TextFormsCheck.roundTrip(PathListForms.self, paths(using: &generator), hint: ListingTests.find)
    }
    #expect(frames > 250)
  }

  private func paths(using generator: inout SeededGenerator) -> [UInt8] {
    let words = ["a", "src", "lib-x", "node_modules", "über", "x y", "test_one", "test_two", ".git", "v1.2", "q\"r"]
    let endings = [".c", ".h", "_test.go", ".go", "", ".d.ts", ".min.js", ":x", "*"]
    var paths: [String] = []
    let start = ["./", "", "/", "a/"].randomElement(using: &generator)!
    for _ in 0..<Int.random(in: 3...60, using: &generator) {
      let folders = (0..<Int.random(in: 0...4, using: &generator)).map { _ in words.randomElement(using: &generator)! }
      let name = "n\(Int.random(in: 0..<30, using: &generator))" + endings.randomElement(using: &generator)!
      paths.append(start + (folders + [name]).joined(separator: "/"))
    }
    if Bool.random(using: &generator) {
      paths = Array(Set(paths)).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }
    return Array(paths.joined(separator: "\n").utf8)
  }

  @Test func generatedLongListingsRoundTrip() {
    var generator = SeededGenerator(seed: 72)
    var frames = 0
    for _ in 0..<200 { frames += TextFormsCheck.roundTrip(LongListingForms.self, longListing(using: &generator)) }
    #expect(frames > 180)
  }

  /// As GNU ls prints: columns as wide as the widest of the folder, or wider, as when some rows were filtered out.
  private func longListing(using generator: inout SeededGenerator) -> [UInt8] {
    let modes = ["-rw-r--r--", "drwxr-xr-x", "lrwxrwxrwx", "-rwsr-xr-x."]
    let owners = ["root", "dev", "a-long-name"]
    let dates = ["Aug 15  2019", "Jan  3 17:29", "Oct 16 09:22"]
    let names = ["a.c", "b c", "x:y", "[", "\"q\"", "a->b", "total", "default:"]
    var blocks: [String] = []
    let count = Int.random(in: 1...4, using: &generator)
    for block in 0..<count {
      let rows = (0..<Int.random(in: 3...12, using: &generator)).map { i -> [String] in
        let mode = modes.randomElement(using: &generator)!
        let name = names.randomElement(using: &generator)! + "\(i)"
        return [
          mode, "\(Int.random(in: 1...120, using: &generator))", owners.randomElement(using: &generator)!,
          owners.randomElement(using: &generator)!,
          "\(Int.random(in: 0...1 << Int.random(in: 1...30, using: &generator), using: &generator))",
          dates.randomElement(using: &generator)!, mode.hasPrefix("l") ? name + " -> ../t\(i)" : name,
        ]
      }
      func width(_ column: Int) -> Int { rows.map { $0[column].count }.max()! }
      let extra = Int.random(in: 0..<3, using: &generator) == 0 ? 1 : 0
      func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
      }
      var text = count > 1 ? "dir\(block)/x:\n" : ""
      if Bool.random(using: &generator) { text += "total \(block)\n" }
      for row in rows {
        text += left(row[0], width(0)) + " " + right(row[1], width(1) + extra) + " " + left(row[2], width(2)) + " "
        text += left(row[3], width(3)) + " " + right(row[4], width(4) + extra) + " " + row[5] + " " + row[6] + "\n"
      }
      blocks.append(text)
    }
    return Array(blocks.joined(separator: "\n").utf8)
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func recordedListingsRoundTrip() throws {
    var lists = 0
    var long = 0
    for file in RecordedData.files(below: "commands", extensions: ["txt"]) {
      let text = [UInt8](try Data(contentsOf: file))
      lists += TextFormsCheck.roundTrip(PathListForms.self, text)
      long += TextFormsCheck.roundTrip(LongListingForms.self, text)
    }
    #expect(lists >= 6 && long >= 2)
  }

  @Test func smallOutputsStayVerbatim() {
    let listing = "total 8\n-rw-r--r-- 1 a b 5 Oct 18 01:11 x\n-rw-r--r-- 1 a b 7 Oct 18 01:11 y\n"
    for text in [listing, "a.c:1:x\na.c:2:y\nb.c:3:z\n", "./a\n./b\n./c\n"] {
      let result = compress(
        Array(text.utf8), model: "gpt-4o", options: Options(level: .aggressive, store: MemoryStore()))
      #expect(result.body == Array(text.utf8))
    }
  }

  @Test(.enabled(if: RecordedData.isPresent, "recorded data absent"))
  func recordedOutputsComeBack() throws {
    for name in ["find_redis", "lslR_redis", "tree_express", "wc_flask", "gitgrep_flask_tests", "rg_heading_gin"] {
      let text = try RecordedData.bytes("commands/git-and-search/\(name).txt")
      for level in [Level.lossless, .balanced] {
        let store = MemoryStore()
        let result = compress(text, model: "gpt-4o", options: Options(level: level, store: store))
        #expect(result.tokensAfter * 4 < result.tokensBefore * 3, "\(name)")
        #expect(expand(result.body, store: store) == text, "\(name)")
      }
    }
  }

  @Test func lookAlikesAreLeftAlone() {
    let others = [
      "alpha\nbeta\ngamma\ndelta\n", "Some prose here.\nAnd more of it.\nAnd an end.\n",
      "import os\nimport sys\nimport re\n",
      "12 apples\n13 pears\n14 plums\n", "key: value\nother: thing\nthird: x\n", "M src/a.c\nM src/b.c\nA src/c.c\n",
      "/usr/bin/cc -c a.c -o a.o\n/usr/bin/cc -c b.c -o b.o\n/usr/bin/cc -c d.c -o d.o\n",
    ]
    for other in others {
      #expect(PathListForms.find(in: TextLines(Array(other.utf8)), hint: Hint()).isEmpty, "\(other)")
      #expect(LongListingForms.find(in: TextLines(Array(other.utf8)), hint: Hint()).isEmpty, "\(other)")
    }
  }

  @Test func damageIsHarmless() {
    var generator = SeededGenerator(seed: 73)
    for seed in 0..<15 {
      TextFormsCheck.fuzz(
        PathListForms.self, paths(using: &generator), hint: ListingTests.find, seed: UInt64(seed), times: 30)
      TextFormsCheck.fuzz(LongListingForms.self, longListing(using: &generator), seed: UInt64(seed), times: 30)
    }
    let tree = Array(".\n├── a.txt\n├── lib\n│   ├── b.js\n│   └── deep\n│       └── c.js\n└── z.md\n".utf8)
    TextFormsCheck.fuzz(PathListForms.self, tree, seed: 9, times: 200)
  }

  @Test func longAndOddInputEnds() {
    let deep = Array(String(repeating: "a/", count: 3_000).utf8)
    TextFormsCheck.roundTrip(
      PathListForms.self, deep + [10] + deep + [10] + deep, hint: ListingTests.find, mustDecode: false)
    var many = ""
    for i in 0..<10_000 { many += "d/n\(i).x\(i / 6)\n" }
    TextFormsCheck.roundTrip(PathListForms.self, Array(many.utf8), hint: ListingTests.find)
    TextFormsCheck.roundTrip(
      PathListForms.self, [0, 10, 0xff, 10, 10, 0x2f, 10], hint: ListingTests.find, mustDecode: false)
  }

  @Test func cutFoldsWhatProgramsMade() throws {
    var text = "./src/main.js\n./src/util.js\n"
    for i in 0..<900 { text += "./node_modules/pack\(i % 40)/file\(i).js\n" }
    text += "./test/a.js\n"
    let cut = try #require(TextFormsCheck.cut(PathListForms.self, Array(text.utf8), budget: 1_000))
    #expect(
      cut.contains("[lines 3-902: ./node_modules/ with 900 paths]") && cut.contains("main.js") && cut.contains("a.js"))
  }

  @Test func cutKeepsWhatIsAskedFor() throws {
    var text = ""
    for i in 0..<3_000 { text += "./lib/part\(i / 100)/module\(i)_alpha.rb\n" }
    text = text.replacingOccurrences(of: "module1717_alpha", with: "module1717_scheduler")
    let cut = try #require(
      TextFormsCheck.cut(PathListForms.self, Array(text.utf8), budget: 800, query: "find the scheduler"))
    #expect(cut.contains("module1717_scheduler") && cut.utf8.count < 8_000)
    let gone = TextFormsCheck.gaps(cut).reduce(0) { $0 + $1.count }
    #expect(gone > 2_000 && gone < 3_000)
  }

  @Test func cutOfLongListingCounts() throws {
    var text = "src:\ntotal 9\n"
    for i in 0..<2_000 { text += "-rw-r--r-- 1 dev dev \(1_000 + i) Oct 18 01:11 file\(i).c\n" }
    let cut = try #require(TextFormsCheck.cut(LongListingForms.self, Array(text.utf8), budget: 500))
    #expect(cut.hasPrefix("[modes, owners and dates left out]\nsrc: total 9, file0.c 1000"))
    #expect(TextFormsCheck.gaps(cut).last?.upperBound == 2_002)
    let byTime = Hint(command: Array("ls -lt src".utf8))
    #expect(TextFormsCheck.cut(LongListingForms.self, Array(text.utf8), budget: 500, hint: byTime) == nil)
  }
}
