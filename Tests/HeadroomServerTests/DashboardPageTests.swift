import Foundation
import HTTPTypes
import Headroom
import HeadroomStore
import NIOHTTP1
import TestSupport
import Testing

@testable import HeadroomServer

/// The page at `/dashboard` in a real browser, on a real proxy.
@Suite(.enabled(if: Browser.isPresent, "no Chromium"), .serialized, .timeLimit(.minutes(10)))
struct DashboardPageTests {
  /// An answer of Anthropic's that says what was billed.
  private static func answer(_: FakeUpstream.Arrival) async -> FakeUpstream.Answer {
    var answer = FakeUpstream.Answer()
    answer.chunks = [
      Array(
        (#"{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-sonnet-4-5","#
          + #""stop_reason":"end_turn","usage":{"input_tokens":12,"cache_creation_input_tokens":3400,"#
          + #""cache_read_input_tokens":56000,"output_tokens":78}}"#).utf8)
    ]
    return answer
  }

  private static let hostile =
    "<script>window.harm = 1</script><img src=x onerror='window.harm = 2'><svg onload=alert(1)>\u{2028}</pre></script>"

  /// A conversation whose every turn is sent, as an agent does.
  private static func talk(_ proxy: RunningProxy, turns: [String], agent: String) async throws {
    var conversation = Conversation(.anthropic)
    for turn in turns {
      conversation.add(turn)
      let reply = try await proxy.send(.POST, "/v1/messages", conversation.body(), headers: [("user-agent", agent)])
      #expect(reply.status == 200)
    }
  }

  private struct Totals: Decodable { var requests, tokensBefore, tokensSent, tokensSaved: Int, cacheHitRate: Double? }
  private struct Period: Decodable { var totals: Totals }
  private struct Row: Decodable { var tokensBefore, tokensSent: Int, agent, model: String }
  private struct Report: Decodable { var today, all: Period, requests: [Row] }

  private static func report(_ proxy: RunningProxy) async throws -> Report {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Report.self, from: Data(try await proxy.send(.GET, "/stats").body))
  }

  /// A number with a comma before each three digits, as the page writes it.
  private static func grouped(_ number: Int) -> String {
    var digits = String(number)
    var parts: [String] = []
    while digits.count > 3 {
      parts.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + parts).joined(separator: ",")
  }

  @Test func itShowsWhatTheStatisticsSayAndWhatComesNext() async throws {
    let upstream = try await FakeUpstream(Self.answer)
    let proxy = try await RunningProxy(upstream)
    let rows = (1...3).map { Conversation.rows(60 * $0, seed: $0) }
    try await Self.talk(proxy, turns: rows, agent: "claude-cli/2.1 (external)")
    let page = try await Browser().page()
    try await page.open(proxy.address + "/dashboard")
    try await page.wait(until: "document.querySelectorAll('#requests-table tbody td.done').length === 3")

    func check(_ count: Int) async throws {
      let report = try await Self.report(proxy)
      let shown = try await page.text(
        "JSON.stringify([...document.querySelectorAll('#requests-table tbody tr')].map(row => "
          + "[...row.querySelectorAll('.tokens span')].map(part => part.textContent).join('')))")
      let expected = report.requests.map { "\(Self.grouped($0.tokensBefore)) → \(Self.grouped($0.tokensSent))" }
      #expect(try JSONDecoder().decode([String].self, from: Data(shown.utf8)) == expected)
      #expect(report.requests.count == count && report.today.totals.requests == count)
      #expect(try await page.content("#figure-requests .figure-value") == "\(count)")
      #expect(try await page.content("#figure-cache .figure-value") == "94.3\u{202f}%")
      let part = Double(report.all.totals.tokensSaved) / Double(report.all.totals.tokensBefore) * 100
      #expect(try await page.content("#card-all").contains("tokens not sent, \(Int(part.rounded()))\u{202f}%"))
      #expect(try await page.content("#chart-tokens output").contains("saved"))
      #expect(try await page.count("#chart-tokens rect.sent") > 0)
      #expect(try await page.content("#agents tbody th") == "claude-cli")
      #expect(try await page.content("#live") == "live")
    }
    try await check(3)
    // Nobody touches the page.
    try await Self.talk(proxy, turns: [rows[2], rows[1]], agent: "claude-cli/2.1 (external)")
    try await page.wait(until: "document.querySelectorAll('#requests-table tbody td.done').length === 5")
    try await check(5)

    #expect(page.faults == [])
    #expect(page.requests.allSatisfy { $0.hasPrefix(proxy.address + "/") || $0.hasPrefix("data:") })
  }

  @Test func aRequestShowsWhatWasSentInsteadOfWhat() async throws {
    let upstream = try await FakeUpstream(Self.answer)
    let proxy = try await RunningProxy(upstream)
    let rows = Conversation.rows(120)
    try await Self.talk(proxy, turns: ["short", rows], agent: "claude-cli/2.1")
    let page = try await Browser().page()
    try await page.open(proxy.address + "/dashboard")
    try await page.wait(until: "document.querySelectorAll('#requests-table tbody td.done').length === 2")
    // By keyboard alone.
    try await page.text("document.querySelector('[data-detail]').focus()")
    try await page.press("Enter", text: "\r")
    try await page.wait(until: "document.querySelectorAll('.pane pre').length === 2")
    let arrival = try #require(upstream.arrivals.last)
    let sent = try #require(RequestBody(arrival.body)?.payload(of: 1))
    #expect(try await page.text("document.querySelectorAll('.pane pre')[0].textContent") == rows)
    #expect(
      try await page.text("document.querySelectorAll('.pane pre')[1].textContent")
        == String(decoding: sent, as: UTF8.self))
    #expect(try await page.count("#detail-blocks button") == 2)
    #expect(try await page.content("#detail-blocks [aria-current=true] .block-facts").contains("json table"))
    try await page.press("ArrowUp")
    // The first is on its own again after the last: it is sent as it came.
    try await page.wait(until: "document.querySelectorAll('.pane pre').length === 1")
    #expect(try await page.content(".pane pre") == "short")
    try await page.press("Escape")
    try await page.wait(until: "!document.querySelector('#detail').open")
    #expect(try await page.isTrue("document.activeElement.matches('[data-detail]')"))
    #expect(page.faults == [])
  }

  @Test func hostileContentIsText() async throws {
    let upstream = try await FakeUpstream(Self.answer)
    let proxy = try await RunningProxy(upstream)
    let agent = "<img/src=x/onerror=window.harm=3>"
    try await Self.talk(proxy, turns: [Self.hostile + Conversation.rows(40), Self.hostile], agent: agent)
    let page = try await Browser().page()
    try await page.open(proxy.address + "/dashboard")
    try await page.wait(until: "document.querySelectorAll('#requests-table tbody td.done').length === 2")
    try await page.text("document.querySelector('[data-detail]').click()")
    try await page.wait(until: "document.querySelector('.pane pre')")
    try await page.text("document.querySelectorAll('#detail-blocks button')[1].click()")
    try await page.wait(
      until: "document.querySelector('.pane pre').textContent === \(BrowserPage.quoted(Self.hostile))")
    #expect(try await page.text("window.harm") == "undefined")
    #expect(try await page.count("img, main script, dialog script") == 0)
    #expect(try await page.content("#requests-table td.agent") == "<img")
    // What the page's own scripts refrain from, its policy forbids.
    #expect(
      try await page.text(
        "(() => { try { document.body.innerHTML = '<b>x</b>'; return 'set' } catch { return 'refused' } })()")
        == "refused")
    #expect(page.requests.allSatisfy { $0.hasPrefix(proxy.address + "/") || $0.hasPrefix("data:") })
  }

  @Test func aLossIsALoss() async throws {
    let storage = Storage.memory()
    var record = SavingsRecord(
      time: Clock.milliseconds(), provider: "anthropic", format: "anthropic-messages", agent: "claude-cli", model: "m")
    record.status = 200
    (record.tokensBefore, record.tokensSent, record.blocks) = (1000, 1200, 2)
    record.usage = TokenUsage(input: 10)
    (record.cost, record.directCost) = (3_500_000, 1_250_000)
    try storage.savings.append([record])
    let proxy = try await RunningProxy(nil, storage: storage)
    let page = try await Browser().page()
    try await page.open(proxy.address + "/dashboard")
    try await page.wait(until: "document.body.dataset.ready")
    #expect(try await page.content("#card-today .card-money") == "−$2.25")
    #expect(try await page.content("#card-today").contains("more than $1.25 direct"))
    #expect(try await page.content("#card-today").contains("200 tokens more sent than came"))
    #expect(try await page.content("#requests-table td.saved") == "−20\u{202f}%")
    #expect(try await page.content("#requests-table td.net") == "−$2.2500")
    #expect(try await page.count("#chart-money rect.lost") == 1)
    #expect(try await page.count("#chart-money rect.sent") == 0)
    #expect(page.faults == [])
  }

  @Test func itAsksForATokenWhereOneIsWanted() async throws {
    let proxy = try await RunningProxy(nil) {
      $0.host = "0.0.0.0"
      $0.token = "t0ken"
    }
    let browser = try Browser()
    let page = try await browser.page()
    try await page.open(proxy.address + "/dashboard")
    try await page.wait(until: "!document.querySelector('#access').hidden")
    #expect(try await page.content("#access-reason").contains("x-headroom-token"))
    try await page.text("document.querySelector('#access-token').value = 't0ken'")
    try await page.text("document.querySelector('#access button').click()")
    try await page.wait(until: "document.querySelector('#live').dataset.state === 'live'")
    #expect(try await page.isTrue("document.querySelector('#access').hidden"))
    // In another tab, by the address.
    let other = try await browser.page()
    try await other.open(proxy.address + "/dashboard#token=t0ken")
    try await other.wait(until: "document.querySelector('#live').dataset.state === 'live'")
    #expect(try await other.text("location.href") == proxy.address + "/dashboard")
  }

  @Test func itSaysWhenTheServerIsGone() async throws {
    let proxy = try await RunningProxy(nil)
    let page = try await Browser().page()
    try await page.open(proxy.address + "/dashboard")
    try await page.wait(until: "document.querySelector('#live').dataset.state === 'live'")
    #expect(try await page.content("#requests-example") == "ANTHROPIC_BASE_URL=\(proxy.address) claude")
    await proxy.stop()
    try await page.wait(until: "document.querySelector('#live').textContent.includes('does not answer')")
  }

  @Test func itFitsAndCanBeReadOnEveryScreen() async throws {
    let storage = Storage.memory()
    var generator = SavingsRecordGenerator(seed: 21)
    let now = Clock.milliseconds()
    generator.times = now - 12 * 24 * 3_600_000..<now
    generator.agents = ["claude-cli", "codex_cli_rs", "", "an-agent-with-a-very-long-name-that-does-not-fit"]
    generator.models += ["vendor/a-model-with-a-very-long-name-2026-03-12-preview"]
    try storage.savings.append(generator.records(400))
    let upstream = try await FakeUpstream(Self.answer)
    let proxy = try await RunningProxy(upstream, storage: storage)
    try await Self.talk(proxy, turns: [Conversation.rows(150), "word " + Self.hostile], agent: "claude-cli/2")
    let page = try await Browser().page()
    try await page.open(proxy.address + "/dashboard")
    try await page.wait(until: "document.querySelector('[data-detail]')")
    for (width, height) in [(1280, 900), (1000, 800), (768, 900), (390, 844)] {
      try await page.resize(width: width, height: height)
      for period in ["today", "seven_days", "all"] {
        try await page.text("document.querySelector('[value=\(period)]').click()")
        let scroll = try await page.text("document.scrollingElement.scrollWidth")
        #expect(scroll == "\(width)", "\(width) wide, \(period)")
      }
      try await page.picture("dashboard-\(width)")
      try await page.text("document.querySelector('[data-detail]').click()")
      try await page.wait(until: "document.querySelector('.pane pre')")
      #expect(try await page.isTrue("document.querySelector('.pane pre').getBoundingClientRect().height > 100"))
      try await page.picture("detail-\(width)")
      try await page.text("document.querySelector('#detail-close').click()")
    }
    for isDark in [false, true] {
      try await page.prefer(dark: isDark)
      try await page.picture("dashboard-390-\(isDark ? "dark" : "light")")
      // The contrast that WCAG 2 asks of text (AA): 4.5 to 1.
      for (ink, paper) in [
        ("ink", "paper"), ("soft", "paper"), ("sent", "paper"), ("lost", "paper"), ("soft", "raised"),
        ("sent", "raised"),
        ("lost", "raised"), ("ink", "faint"), ("soft", "faint"), ("lost", "faint"), ("ink", "mark"),
      ] {
        let ratio = Double(try await page.text(Self.contrast(ink, paper))) ?? 0
        #expect(ratio >= 4.5, "\(ink) on \(paper), dark: \(isDark)")
      }
    }
    #expect(page.faults == [])
  }

  private static func contrast(_ ink: String, _ paper: String) -> String {
    """
    (() => {
      const light = name => {
        const text = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim().slice(1);
        const full = text.length === 3 ? [...text].map(digit => digit + digit).join("") : text;
        const [r, g, b] = [0, 2, 4].map(at => parseInt(full.slice(at, at + 2), 16) / 255)
          .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
      };
      const [a, b] = [light("\(ink)"), light("\(paper)")];
      return Math.max(a, b) / Math.min(a, b);
    })()
    """
  }
}
