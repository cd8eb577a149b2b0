import Foundation
import Headroom

/// The demo as a page to read.
struct DemoPage {
  let demo: Demo
  let terminal: Terminal

  /// The tool result that is shown, before and after.
  private static let shown = 1
  /// How much of it: characters before, lines after.
  private static let (characters, lines) = (220, 14)
  /// The tool result that has the error, and that a part is taken from.
  private static let log = 0

  var text: String {
    get throws {
      let (before, after) = demo.texts(of: DemoPage.shown)
      let names = demo.conversation.steps.map(\.tool)
      var page = """
        An agent looks for the cause of failing checkouts. Its request to the model has
        \(demo.request.document.bytes.count / 1024) KB, nearly all of it from five tools. Shortened in \(demo.elapsed.rounded):


        """
      page += ResultTable(result: demo.result, names: names).text(on: terminal)
      if !demo.result.isExact { page += "Counts are estimates: the program was built without vocabularies.\n" }
      page += "\n" + heading("What \(names[DemoPage.shown]) returned, \(before.utf8.count.grouped) bytes")
      page += block([before.prefix(DemoPage.characters) + "…"], clipped: false)
      page += "\n" + heading("What the model gets instead, \(after.utf8.count.grouped) bytes")
      page += block(after.split(separator: "\n").prefix(DemoPage.lines)) + block(["…"])
      return try page + error + retrieval()
    }
  }

  private var error: String {
    let lines = demo.texts(of: DemoPage.log).after.split(separator: "\n")
    return "\n" + heading("And from \(demo.conversation.steps[DemoPage.log].tool), with the error that matters")
      + block(lines.filter { $0.contains(DemoConversation.needle) }.prefix(1), .good, clipped: false)
  }

  private func retrieval() throws -> String {
    guard let handle = demo.result.blocks[DemoPage.log].handle, let order = demo.conversation.failedOrders.first else {
      return ""
    }
    let pattern = "order \(order) "
    return "\n" + heading("Rows that were cut are one command away")
      + block(["$ headroom retrieve \(handle.name) --grep '\(pattern)'"], .strong)
      + block(try demo.retrieve(handle, grep: pattern).split(separator: "\n"), clipped: false)
  }

  func text(of checks: [Demo.Check]) -> String {
    "\n" + heading("Checked just now")
      + checks.map { check in
        "  " + terminal.styled(check.holds ? "✓" : "✗", check.holds ? .good : .strong) + " \(check.promise)\n"
      }
      .joined()
  }

  private func heading(_ text: String) -> String { terminal.styled(text + ":", .strong) + "\n" }

  /// Lines, indented. What is longer than the page is wide goes on below, or is clipped.
  private func block(
    _ lines: some Collection<Substring>, _ style: Terminal.Style = .plain, clipped: Bool = true
  ) -> String {
    let width = min(terminal.columns, 100) - 2
    return lines.flatMap { line -> [String] in
      if line.count <= width { return [String(line)] }
      return clipped ? [line.prefix(width - 1) + "…"] : DemoPage.wrapped(line, to: width)
    }
    .map { "  " + terminal.styled($0, style) + "\n" }.joined()
  }

  /// Broken after a comma or a space where there is one.
  private static func wrapped(_ line: Substring, to width: Int) -> [String] {
    var parts: [String] = []
    var rest = line
    while !rest.isEmpty {
      let indent = parts.isEmpty ? "" : "  "
      var part = rest.prefix(width - indent.count)
      if part.endIndex < rest.endIndex, let comma = part.lastIndex(where: { $0 == "," || $0 == " " }) {
        part = part[...comma]
      }
      parts.append(indent + part)
      rest = rest[part.endIndex...]
    }
    return parts
  }
}
