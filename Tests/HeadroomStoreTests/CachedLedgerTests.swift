import Headroom
import HeadroomStore
import Synchronization
import Testing

@Suite struct CachedLedgerTests {
  /// A ledger that says what it was asked, and fails when told to.
  private final class Source: VerdictLedger {
    private let memory = MemoryLedger()
    private let state = Mutex((asked: [[BlockIdentity]](), fails: false))

    var asked: [[BlockIdentity]] { state.withLock { $0.asked } }
    func fail(_ fails: Bool) { state.withLock { $0.fails = fails } }

    func verdicts(_ identities: [BlockIdentity], orLatest: [Bool]) throws -> [Verdict?] {
      try state.withLock {
        $0.asked.append(identities)
        if $0.fails { throw StoreError(.failed, "out of order") }
      }
      return memory.verdicts(identities, orLatest: orLatest)
    }

    func record(_ verdicts: [(identity: BlockIdentity, verdict: Verdict)]) throws -> [Verdict] {
      if state.withLock({ $0.fails }) { throw StoreError(.failed, "out of order") }
      return memory.record(verdicts)
    }
  }

  private let source = Source()
  private let a = BlockIdentity.sample("a", "x")
  private let b = BlockIdentity.sample("b", "yy")
  private let c = BlockIdentity.sample("c", "x")

  @Test func whatWasRecordedOrReadIsNotReadAgain() throws {
    let ledger = CachedLedger(source)
    _ = try source.record([(a, .sample("first"))])
    _ = try ledger.record([(b, .sample("second"))])
    for _ in 0..<3 {
      #expect(try ledger.verdicts([a, b], orLatest: [true, true]) == [.sample("first"), .sample("second")])
    }
    #expect(source.asked == [[a]])
  }

  @Test func whatIsUnknownIsAskedForEachTime() throws {
    let ledger = CachedLedger(source)
    #expect(try ledger.verdicts([a], orLatest: [false]) == [nil])
    _ = try source.record([(a, .sample("by another process"))])
    #expect(try ledger.verdicts([a], orLatest: [false]) == [.sample("by another process")])
  }

  @Test func whoWasFirstElsewhereIsRemembered() throws {
    let ledger = CachedLedger(source)
    _ = try source.record([(a, .sample("first"))])
    #expect(try ledger.record([(a, .sample("second"))]) == [.sample("first")])
    #expect(try ledger.verdicts([a], orLatest: [false]) == [.sample("first")])
    #expect(source.asked.isEmpty)
  }

  /// The verdict on another call with the same payload goes on standing in, whatever is decided on that payload later.
  @Test func aStandInStaysTheSame() throws {
    let ledger = CachedLedger(source)
    _ = try source.record([(a, .sample("first"))])
    #expect(try ledger.verdicts([c], orLatest: [true]) == [.sample("first")])
    _ = try source.record([(.sample("d", "x"), .sample("later"))])
    #expect(try ledger.verdicts([c], orLatest: [true]) == [.sample("first")])
    #expect(try ledger.verdicts([c], orLatest: [false]) == [nil])
  }

  @Test func whatIsInUseIsToldNowAndThen() throws {
    let start = ContinuousClock.now
    let passed = Mutex(Duration.zero)
    let ledger = CachedLedger(source, now: { start + passed.withLock { $0 } })
    _ = try ledger.record([(a, .sample("first"))])
    for _ in 0..<3 {
      passed.withLock { $0 += .seconds(3700) }
      for _ in 0..<3 { #expect(try ledger.verdicts([a], orLatest: [false]) == [.sample("first")]) }
    }
    #expect(source.asked == [[a], [a], [a]])
  }

  @Test func whatIsKnownHoldsWhileTheLedgerFails() throws {
    let ledger = CachedLedger(source)
    _ = try ledger.record([(a, .sample("first"))])
    source.fail(true)
    #expect(try ledger.verdicts([b, a], orLatest: [true, true]) == [nil, .sample("first")])
    #expect(throws: StoreError.self) { try ledger.verdicts([b], orLatest: [true]) }
    #expect(throws: StoreError.self) { try ledger.record([(b, .sample("second"))]) }
    source.fail(false)
    #expect(try ledger.verdicts([b], orLatest: [true]) == [nil])
  }

  @Test func whatIsTooMuchIsAskedForAgain() throws {
    let ledger = CachedLedger(source, limit: 100_000)
    let identities = (0..<100).map { BlockIdentity.sample("\($0)", "x") }
    let form = String(repeating: "form ", count: 1000)
    for identity in identities { _ = try ledger.record([(identity, .sample(form))]) }
    #expect(
      try ledger.verdicts(identities, orLatest: identities.map { _ in false }) == identities.map { _ in .sample(form) })
    let asked = source.asked.reduce(0) { $0 + $1.count }
    #expect(asked > 75 && asked < 100)
  }
}
