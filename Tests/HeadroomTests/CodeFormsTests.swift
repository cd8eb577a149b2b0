import Foundation
import TestSupport
import Testing

@testable import Headroom

private let hasGrammars = SourceLanguage.allCases.allSatisfy(\.hasGrammar)

/// A module with many functions of several lines.
private func module(functions: Int = 60) -> String {
  var text = "import os\nimport sys\nimport json\nfrom .core import base\n\nLIMIT = 10\n"
  for index in 0..<functions {
    text += "\n\ndef step_\(index)(value, option=None):\n    \"\"\"Does step \(index).\"\"\"\n"
    for line in 0..<8 { text += "    value = base.combine(value, option, \(index * 8 + line))\n" }
    if index == 17 { text += "    total = invoice_rounding(value)\n    raise LookupError(\"no invoice\")\n" }
    text += "    return value\n"
  }
  return text
}

private func numbered(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    .map { String(repeating: " ", count: max(0, 6 - String($0 + 1).count)) + "\($0 + 1)\t\($1)" }
    .joined(separator: "\n")
}

private func hint(_ tool: String, command: String? = nil, path: String? = nil, input: String? = nil) -> Hint {
  Hint(
    toolName: Array(tool.utf8), input: input.map { Array($0.utf8) }, command: command.map { Array($0.utf8) },
    path: path.map { Array($0.utf8) })
}

private let cat = hint("Bash", command: "cat src/steps.py")

private func shorten(
  _ text: String, _ level: Level, _ hint: Hint, query: String? = nil, store: MemoryStore = MemoryStore()
) -> CompressionResult {
  compress(
    Array(text.utf8), model: "gpt-4o", options: Options(level: level, query: query, store: store, hint: hint))
}

@Suite struct CodeFormsTests {
  @Test func codeStaysByteForByte() {
    for sample in OutlineTests.samples {
      let long = (0..<6).map { _ in sample.source }.joined(separator: "\n")
      for hint in [Hint(), hint("Read", path: "a.\(sample.language)"), cat] {
        let result = shorten(long, .lossless, hint)
        #expect(result.text == long, "\(sample.language)")
      }
    }
  }

  @Test(.enabled(if: hasGrammars)) func skeletonsKeepSignaturesAndWhatIsLookedFor() throws {
    let text = module()
    let store = MemoryStore()
    let result = shorten(text, .aggressive, cat, query: "where is invoice_rounding called", store: store)
    #expect(result.blocks[0].kind == "code")
    #expect(result.blocks[0].encoder == "code skeleton")
    #expect(result.blocks[0].fidelity == .lossy)
    #expect(result.tokensAfter * 2 < result.tokensBefore)
    for index in 0..<60 { #expect(result.text.contains("\ndef step_\(index)(value, option=None):\n")) }
    #expect(result.text.contains("    total = invoice_rounding(value)\n    raise LookupError(\"no invoice\")\n"))
    #expect(result.text.contains("[lines 1-4: imports os, sys, json, .core]"))
    #expect(!result.text.contains("combine(value, option, 80)"))
    #expect(expand(result.body, store: store) == Array(text.utf8))
    #expect(shorten(text, .aggressive, cat, query: "where is invoice_rounding called").body == result.body)
  }

  /// What an agent may edit, or has asked for line by line, it sees.
  @Test func whatIsEditedIsShownWhole() {
    let text = module()
    let whole: [(Level, Hint)] = [
      (.balanced, cat), (.balanced, hint("Read", path: "src/steps.py")), (.balanced, Hint()),
      (.aggressive, hint("Bash", command: "sed -n 1,600p src/steps.py")),
      (.aggressive, hint("Bash", command: "head -600 src/steps.py")),
      (.aggressive, hint("Read", path: "src/steps.py", input: #"{"file_path":"src/steps.py","offset":1,"limit":600}"#)),
      (.aggressive, hint("Edit", path: "src/steps.py", input: #"{"file_path":"src/steps.py"}"#)),
      (.aggressive, hint("str_replace_editor", path: "a.py", input: #"{"command":"str_replace","path":"a.py"}"#)),
    ]
    for (level, hint) in whole {
      #expect(shorten(text, level, hint).text == text, "\(level)")
      #expect(shorten(numbered(text), level, hint).blocks[0].fidelity == .identical)
    }
    // Below 1,500 tokens.
    let short = module(functions: 9)
    #expect(shorten(short, .aggressive, cat).text == short)
  }

  @Test(.enabled(if: hasGrammars)) func codeThatASearchBroughtMayBeCut() {
    #expect(shorten(module(), .balanced, hint("web_search")).blocks[0].fidelity == .lossy)
  }

  @Test(.enabled(if: hasGrammars)) func skeletonsOfNumberedFilesKeepTheNumbers() throws {
    let text = numbered(module())
    let store = MemoryStore()
    let result = shorten(text, .aggressive, cat, store: store)
    #expect(result.blocks[0].encoder == "numbered file skeleton")
    #expect(result.text.contains("\n     9\tdef step_0(value, option=None):\n"))
    #expect(expand(result.body, store: store) == Array(text.utf8))
    // Lines that are shown have the number they had.
    let lines = Set(text.split(separator: "\n"))
    for line in result.text.split(separator: "\n") where !line.hasPrefix("[") { #expect(lines.contains(line)) }
  }

  @Test func whatTellsOfTheCallStaysOutside() {
    let lines = TextLines(Array("<returncode>0</returncode>\n<output>\n\(module(functions: 3))</output>\n".utf8))
    #expect(CodeForms.find(in: lines, hint: Hint()) == [2..<lines.count - 1])
  }

  @Test func otherTextsAreNotClaimed() {
    let texts = [
      (1...40).map { "2026-01-02 03:04:05 INFO server: request \($0) took \($0) ms" },
      (1...40).map { "src/a.py:\($0):def f\($0)(x):" },
      ["diff --git a/a.py b/a.py", "@@ -1,3 +1,4 @@"] + (1...40).map { "+def f\($0)():" },
      (1...40).map { "The function of part \($0) is to let users import data from files." },
      (1...40).map { "key\($0): value\nlist\($0):\n  - a\n  - b" },
      ["Traceback (most recent call last):"] + (1...40).map { "  File \"a.py\", line \($0), in f\n    return g()" },
      ["=== FAILURES ===", "___ test_a ___"] + (1...40).map { "def test_\($0)(x):\n    y = f(x)\n>   assert y" },
      (1...40).map { "- item \($0)\n" }, (1...40).map { "test_\($0).py::test PASSED" },
      (1...40).map { "warning: unused variable `x\($0)`\n --> src/main.rs:\($0):9" },
      (1...40).map { "<div class=\"a\">\($0)</div>" }, (1...40).map { "a\($0),b,c,d" }, [""], ["import os"],
    ]
    for lines in texts {
      let text = Array(lines.joined(separator: "\n").utf8)
      #expect(CodeForms.find(in: TextLines(text), hint: Hint()).isEmpty, "\(lines[0])")
    }
    // The name alone is no proof.
    let message = (1...12).map { "cat: src/steps\($0).py: No such file or directory" }.joined(separator: "\n")
    #expect(CodeForms.find(in: TextLines(Array(message.utf8)), hint: cat).isEmpty)
  }

  @Test func hostileInputIsRead() {
    for text in [
      String(repeating: "def f(x):\n", count: 3_000), String(repeating: "x", count: 20_000),
      String(repeating: "(", count: 20_000), String(repeating: "class A { void f() {\n", count: 600),
    ] {
      for level in [Level.balanced, .aggressive] {
        let result = shorten(text, level, hint("Bash", command: "cat a.py"))
        #expect(result.tokensAfter <= result.tokensBefore)
      }
    }
  }

  @Test func commandsNameTheirFile() {
    let commands = [
      ("cat a.py", "a.py"), ("cd src && cat 'b c.py'", "c.py"), ("nl -ba x/y.go", "x/y.go"), ("cat a.py | grep x", nil),
      ("cat > a.py", nil), ("ls", nil), ("cat", nil), ("", nil),
    ]
    for (command, file) in commands {
      #expect(hint("Bash", command: command).fileOfCommand.map { String(decoding: $0, as: UTF8.self) } == file)
    }
  }

  /// Code in recorded conversations is found, and nothing of it is changed at the levels that agents edit with.
  @Test(.enabled(if: RecordedData.isPresent)) func recordedCodeStays() throws {
    var texts: [String] = []
    func collect(_ value: Any) {
      if let text = value as? String, text.utf8.count > 800 { texts.append(text) }
      (value as? [Any])?.forEach(collect)
      (value as? [String: Any])?.values.forEach(collect)
    }
    collect(
      try JSONSerialization.jsonObject(
        with: Data(RecordedData.bytes("agents/mini-swe-agent/sympy__sympy-13757.json"))))
    var found = 0
    for text in texts {
      let lines = TextLines(Array(text.utf8))
      guard let run = CodeForms.find(in: lines, hint: Hint()).first, run.count * 10 > lines.count * 9 else { continue }
      found += 1
      #expect(shorten(text, .balanced, Hint()).text == text)
    }
    #expect(found > 3)
  }
}
