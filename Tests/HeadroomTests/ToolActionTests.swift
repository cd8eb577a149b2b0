import Testing

@testable import Headroom

/// What a call does, so that it is known which later calls make its result obsolete.
@Suite struct ToolActionTests {
  private func action(_ tool: String, _ input: String) -> ToolAction {
    ToolAction(Hint(toolName: Array(tool.utf8), input: Array(input.utf8), userText: []))
  }

  private func shell(_ command: String) -> ToolAction {
    ToolAction(Hint(toolName: Array("bash".utf8), command: Array(command.utf8)))
  }

  private func path(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func toolsAreKnownByNameAndInput() {
    #expect(action("Read", #"{"file_path":"/a/b.py"}"#) == .read(path: path("/a/b.py"), isWhole: true))
    #expect(action("Read", #"{"file_path":"/a/b.py","limit":20}"#) == .read(path: path("/a/b.py"), isWhole: false))
    #expect(action("mcp__files__read_file", #"{"path":"b.py"}"#) == .read(path: path("b.py"), isWhole: true))
    #expect(action("Edit", #"{"file_path":"/a/b.py","old_string":"x"}"#) == .edit(paths: [path("/a/b.py")]))
    #expect(
      action("str_replace_based_edit_tool", #"{"command":"view","path":"/a"}"#)
        == .read(path: path("/a"), isWhole: true))
    #expect(action("str_replace_based_edit_tool", #"{"command":"create","path":"/a"}"#) == .edit(paths: [path("/a")]))
    #expect(action("Grep", #"{"pattern":"x"}"#) == .look)
    #expect(action("TodoWrite", #"{"todos":[]}"#) == .steering)
    #expect(action("AskUserQuestion", #"{"questions":[]}"#) == .steering)
    #expect(action("Read", #"{"file_path":"/skills/pdf/SKILL.md"}"#) == .steering)
    #expect(action("headroom_retrieve", #"{"id":"k3m9qz"}"#) == .retrieval)
    #expect(action("weather", #"{"city":"Rome"}"#) == .other)
    let patch = "*** Begin Patch\n*** Update File: src/a.py\n@@\n-x\n+y\n*** Add File: b.py\n+z\n*** End Patch"
    #expect(action("apply_patch", patch) == .edit(paths: [path("src/a.py"), path("b.py")]))
  }

  @Test(arguments: [
    ("cat src/a.py", "src/a.py", true), ("cd /x && cat -n src/a.py", "src/a.py", true),
    ("nl -ba src/a.py | sed -n '1,40p'", "src/a.py", false), ("sed -n '1,40p' src/a.py", "src/a.py", false),
    ("head -n 20 src/a.py 2>/dev/null", "src/a.py", false),
  ])
  func readsOfShells(_ command: String, _ file: String, _ isWhole: Bool) {
    #expect(shell(command) == .read(path: path(file), isWhole: isWhole))
  }

  @Test func otherCommands() {
    for command in [
      "ls -la", "grep -rn 'a;b' src | head -20", "git status && git log --oneline -5", "kubectl get pods -A",
      "find . -name '*.py' 2>/dev/null",
    ] {
      #expect(shell(command) == .look, "\(command)")
    }
    for command in ["pytest -q", "git commit -m x", "kubectl delete pod x", "make 2>&1 | tail -5", "", "cat a b"] {
      if case .edit = shell(command) { Issue.record("\(command)") }
      #expect(shell(command) != .read(path: path("a"), isWhole: true), "\(command)")
    }
    #expect(shell("pytest -q") == .other)
    #expect(shell("sed -i 's/a/b/' src/a.py && cat src/a.py") == .edit(paths: [path("src/a.py")]))
    #expect(shell("cat <<'EOF' > t.py\nrm x\necho > y\nEOF\npython t.py") == .edit(paths: [path("t.py")]))
    #expect(shell("echo hi > out.txt 2>&1") == .edit(paths: [path("out.txt")]))
    #expect(shell("cat AGENTS.md") == .steering)
    #expect(shell("headroom retrieve k3m9qz --lines 1-20") == .retrieval)
  }

  @Test func hostileCommandsEnd() {
    for command in ["'", "\"\\", "<<", "cat <<EOF", "a\\", ">", "&&||;;", String(repeating: "(", count: 20_000)] {
      _ = shell(command)
    }
  }

  @Test func filesAreTheSameByTheirEnds() {
    #expect(ToolAction.isSameFile(path("/x/src/a.py"), path("src/a.py")))
    #expect(ToolAction.isSameFile(path("./src/a.py"), path("src/a.py")))
    #expect(!ToolAction.isSameFile(path("/x/src/a.py"), path("a.py")))
    #expect(!ToolAction.isSameFile(path("/x/src/ba.py"), path("src/a.py")))
    #expect(!ToolAction.isSameFile(path("/x/mysrc/a.py"), path("src/a.py")))
  }

  @Test func failuresAreSeen() {
    func outcome(_ text: String, isError: Bool = false, isRun: Bool = true) -> ResultOutcome {
      ResultOutcome(TextLines(Array(text.utf8)), isError: isError, isRun: isRun)
    }
    #expect(outcome("<returncode>1</returncode>\n<output>\nx\n</output>").isFailure)
    #expect(!outcome("<returncode>0</returncode>\n<output>\nValueError: in the text\n</output>").isFailure)
    #expect(outcome("collected\nE  assert 1 == 2\nFAILED t.py::a - assert 1 == 2").isFailure)
    #expect(!outcome("def f():\n  raise ValueError: x", isRun: false).isFailure)
    #expect(outcome("nothing", isError: true, isRun: false).isFailure)
    #expect(!outcome("3 passed in 0.1s").isFailure)
    #expect(outcome("a\n3 passed in 0.1s").line == Array("3 passed in 0.1s".utf8))
    #expect(outcome("Exit code 127\nfoo: not found").exitCode == 127)
  }
}
