import Foundation
import Testing

@Suite struct OutlineCommandTests {
  private let program: Program
  private let source = """
    import os


    class Store:
        def read(self):
            text = open(self.path).read()
            parsed = parse(text, self.options)
            return parsed.items()
    """

  init() throws { program = try Program() }

  @Test func aFileIsOutlined() throws {
    try program.file("store.py", Array((source + "\n").utf8))
    let outcome = try program.run(["outline", "store.py"])
    #expect(outcome.status == 0)
    #expect(outcome.text == "import os\n\n\nclass Store:\n    def read(self):\n[lines 6-8]\n")
    // Standard input, and a language by name.
    let piped = try program.run(["outline", "--language", "python"], input: Array(source.utf8))
    #expect(piped.text == outcome.text)
  }

  @Test func declarationsAreGivenAsJSON() throws {
    try program.file("store.py", Array(source.utf8))
    let outcome = try program.run(["outline", "store.py", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: [[String: Any]]]
    // Without a grammar imports count as values.
    let items = try #require(object?["items"]).filter { $0["kind"] as? String != "value" }
    #expect(items.map { $0["first"] as? Int } == [4, 5])
    #expect(items.map { $0["last"] as? Int } == [8, 8])
  }

  @Test func whatCannotBeOutlinedIsAnErrorThatSaysSo() throws {
    try program.file("data.py", [0, 1, 2, 3])
    for arguments in [["outline", "data.py"], ["outline", "missing.py"]] {
      let outcome = try program.run(arguments)
      #expect(outcome.status == 1)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("headroom: "))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    #expect(try program.run(["outline", "a.py", "--language", "klingon"]).status == 2)
  }
}
