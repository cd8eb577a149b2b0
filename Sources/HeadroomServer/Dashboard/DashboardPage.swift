import CDashboard
import HTTPTypes

/// The page at `/dashboard`: one file that loads nothing, and may load nothing.
struct DashboardPage {
  let bytes: [UInt8]
  let fields: HTTPFields

  /// - Parameter nonce: what marks the style and the script of this answer as ours, never the same twice.
  init(nonce: String = DashboardPage.randomNonce()) {
    let script = DashboardPage.scripts.joined(separator: "\n")
    bytes = Array(
      DashboardPage.text(headroom_dashboard_html)
        .replacing("/*STYLE*/", with: DashboardPage.text(headroom_dashboard_style), maxReplacements: 1)
        .replacing("/*SCRIPT*/", with: script, maxReplacements: 1)
        .replacing("NONCE", with: nonce, maxReplacements: 2).utf8)
    fields = DashboardPage.fields(nonce)
  }

  /// In the order in which they use each other.
  private static let scripts = [
    headroom_dashboard_elements, headroom_dashboard_format, headroom_dashboard_charts, headroom_dashboard_totals,
    headroom_dashboard_requests, headroom_dashboard_detail, headroom_dashboard_live,
  ].map(text)

  private static func text(_ file: headroom_dashboard_file) -> String {
    String(decoding: UnsafeRawBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
  }

  /// Nothing but this style and this script runs, whatever a tool result says; nothing is fetched but from the server itself; text never becomes
  /// markup; and no other page may show this one inside itself.
  private static func fields(_ nonce: String) -> HTTPFields {
    let policy = [
      "default-src 'none'", "script-src 'nonce-\(nonce)'", "style-src 'nonce-\(nonce)'", "connect-src 'self'",
      "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
      "require-trusted-types-for 'script'", "trusted-types 'none'",
    ]
    var fields = Dashboard.fields("text/html; charset=utf-8")
    fields[.contentSecurityPolicy] = policy.joined(separator: "; ")
    fields[.xFrameOptions] = "DENY"
    return fields
  }

  /// 128 bits from the system's generator.
  static func randomNonce() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<16).map { _ in
      let byte = generator.next() as UInt8
      return String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    .joined()
  }
}

extension HTTPField.Name {
  static let xFrameOptions = HTTPField.Name("x-frame-options")!
  static let referrerPolicy = HTTPField.Name("referrer-policy")!
}
