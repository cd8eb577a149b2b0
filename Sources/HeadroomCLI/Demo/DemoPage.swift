import Foundation
import Headroom

/// The demo as a page to read.
struct DemoPage {
  let demo: Demo
  let terminal: Terminal

  /// The tool result that is shown.
  private static let shown = 0
  /// How many of its lines.
  private static let lines = 9

  var text: String {
    get throws {
      let (before, after) = demo.texts(of: DemoPage.shown)
      let tool = demo.conversation.steps[DemoPage.shown].tool
      let size = demo.request.document.bytes.count / 1024
      var page = """
        An agent looks for the cause of failing checkouts. Its request to the model has
        \(size) KB, nearly all of it from five tools. Shortened in \(demo.elapsed.rounded):


        """
      page += ResultTable(result: demo.result, names: demo.conversation.steps.map(\.tool)).text(on: terminal)
      page += "\n" + heading("What \(tool) returned, \(before.utf8.count.grouped) bytes") + block([before[...]])
      let lines = after.split(separator: "\n")
      page += "\n" + heading("What the model gets instead, \(after.utf8.count.grouped) bytes")
      page += block(lines.prefix(DemoPage.lines)) + block(["…"], .faint)
      page += "\n" + heading("The error that matters is among them")
      page += block(lines.filter { $0.contains(DemoConversation.needle) }.prefix(1), .good, clipped: false)
      page += try retrieval()
      return page
    }
  }

  private func retrieval() throws -> String {
    guard let handle = demo.result.blocks[DemoPage.shown].handle, let order = demo.conversation.failedOrders.first
    else {
      return ""
    }
    let pattern = "order \(order) "
    return "\n" + heading("The marker names what was cut. All entries of that order, from the store")
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

  private static func wrapped(_ line: Substring, to width: Int) -> [String] {
    var parts = [String(line.prefix(width))]
    var rest = line.dropFirst(width)
    while !rest.isEmpty {
      parts.append("  " + rest.prefix(width - 2))
      rest = rest.dropFirst(width - 2)
    }
    return parts
  }
}
