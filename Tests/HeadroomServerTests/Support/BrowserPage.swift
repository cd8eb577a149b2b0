import Foundation

/// A tab of a browser.
struct BrowserPage: Sendable {
  let browser: Browser
  let session: String

  private func send(_ method: String, _ parameters: [String: any Sendable] = [:]) async throws -> DevToolsMessage.Result
  {
    try await browser.send(method, parameters, session: session)
  }

  func open(_ address: String) async throws { _ = try await send("Page.navigate", ["url": address]) }

  /// The value of an expression in the page, as text.
  @discardableResult
  func text(_ expression: String) async throws -> String {
    let answer = try await send(
      "Runtime.evaluate", ["expression": "(async () => String(await (\(expression))))()", "awaitPromise": true])
    if let exception = answer.exceptionDetails {
      throw Browser.Fault(description: exception.exception?.description ?? exception.text ?? "exception")
    }
    return answer.result?.text ?? ""
  }

  func isTrue(_ expression: String) async throws -> Bool { try await text(expression) == "true" }

  /// The text of the first element that a selector finds.
  func content(_ selector: String) async throws -> String {
    try await text("document.querySelector(\(BrowserPage.quoted(selector)))?.textContent")
  }

  /// How many elements a selector finds.
  func count(_ selector: String) async throws -> Int {
    Int(try await text("document.querySelectorAll(\(BrowserPage.quoted(selector))).length")) ?? 0
  }

  /// Waits until an expression is true. A page that never gets there is a failure, after 30 seconds.
  func wait(until expression: String) async throws {
    let isDone = try await text(
      """
      new Promise(done => {
        const end = Date.now() + 30_000;
        const look = () => {
          let holds = false;
          try { holds = Boolean(\(expression)); } catch {}
          if (holds || Date.now() > end) done(holds); else setTimeout(look, 20);
        };
        look();
      })
      """)
    guard isDone == "true" else {
      let body = (try? await text("document.body?.innerText")) ?? ""
      throw Browser.Fault(description: "this never became true: \(expression)\n\(body.prefix(2000))")
    }
  }

  func resize(width: Int, height: Int) async throws {
    _ = try await send(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
  }

  func prefer(dark: Bool) async throws {
    _ = try await send(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": dark ? "dark" : "light"]]])
  }

  /// Presses a key, by its name in `KeyboardEvent.key`.
  func press(_ key: String, text: String = "") async throws {
    for type in ["keyDown", "keyUp"] {
      let codes = ["Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowLeft": 37, "ArrowRight": 39]
      _ = try await send(
        "Input.dispatchKeyEvent",
        [
          "type": type, "key": key, "code": key, "windowsVirtualKeyCode": codes[key] ?? 0,
          "text": type == "keyDown" ? text : "",
        ])
    }
  }

  /// Writes a picture of the page to the folder that `HEADROOM_SCREENSHOTS` names, for people to look at; nothing without it.
  func picture(_ name: String) async throws {
    guard let folder = ProcessInfo.processInfo.environment["HEADROOM_SCREENSHOTS"] else { return }
    let answer = try await send("Page.captureScreenshot", ["format": "png"])
    guard let data = answer.data.flatMap({ Data(base64Encoded: $0) }) else { return }
    try data.write(to: URL(fileURLWithPath: folder).appendingPathComponent(name + ".png"))
  }

  /// What the console says is wrong: errors, warnings, breaches of the page's policy, exceptions that nobody caught.
  var faults: [String] {
    browser.events(of: session).compactMap { event in
      switch event.method {
      case "Runtime.exceptionThrown":
        event.params?.exceptionDetails.map { $0.exception?.description ?? $0.text ?? "exception" }
      case "Log.entryAdded": event.params?.entry.flatMap { $0.level == "error" ? $0.text : nil }
      case "Runtime.consoleAPICalled":
        ["error", "warning", "assert"].contains(event.params?.type ?? "")
          ? (event.params?.args ?? []).map { $0.text ?? $0.description ?? "" }.joined(separator: " ") : nil
      default: nil
      }
    }
  }

  /// The addresses that were asked for.
  var requests: [String] {
    browser.events(of: session).compactMap { $0.method == "Network.requestWillBeSent" ? $0.params?.request?.url : nil }
  }

  /// A string as JavaScript writes it.
  static func quoted(_ text: String) -> String {
    let data = (try? JSONEncoder().encode(text)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }
}
