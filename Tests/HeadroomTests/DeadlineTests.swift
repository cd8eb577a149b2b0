import TestSupport
import Testing

@testable import Headroom

/// What is not done in time goes out as it came, and is never done later.
@Suite struct DeadlineTests {
  private func body(_ results: [String]) -> [UInt8] {
    var messages = [#"{"role":"user","content":"go"}"#]
    for (index, result) in results.enumerated() {
      messages.append(
        #"{"role":"assistant","content":[{"type":"tool_use","id":"\#(index)","name":"fetch","input":{}}]}"#)
      let text = String(decoding: JSONString.quoted(Array(result.utf8)), as: UTF8.self)
      messages.append(
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(index)","content":\#(text)}]}"#)
    }
    return Array(#"{"model":"gpt-4o","messages":[\#(messages.joined(separator: ","))]}"#.utf8)
  }

  private func rows(_ seed: Int) -> String {
    "["
      + (0..<900).map { #"{"id":\#($0 * seed),"name":"row \#($0 * 7919 % 1013)","state":"open"}"# }.joined(
        separator: ",") + "]"
  }

  @Test func aResultThatWasLateStaysRawForEver() throws {
    let options = Options(level: .lossless, ledger: MemoryLedger())
    let first = body([rows(1)])
    let job = CompressionJob(first, model: nil, options: options)
    #expect(job.result([nil]).body == first)
    // With all the time in the world.
    let second = body([rows(1), rows(2)])
    let result = compress(second, options: options)
    #expect(result.blocks.map { $0.encoder != nil } == [false, true])
    #expect(result.blocks.map(\.isNew) == [false, true])
  }

  @Test func whatWasDoneInTimeCounts() throws {
    let options = Options(level: .lossless, ledger: MemoryLedger())
    let request = body([rows(1)])
    let job = CompressionJob(request, model: nil, options: options)
    let result = job.result([job.outcome(0)])
    #expect(result.body.count < request.count)
    #expect(compress(request, options: options).body == result.body)
  }

  /// The race ends with the deadline, whatever is still running.
  @Test(.timeLimit(.minutes(15))) func nobodyWaitsForWhatIsLate() async {
    let race = Race<Int>(count: 2)
    race.finish(1, 7)
    let results = await race.results(until: {})
    #expect(results == [nil, 7])
    race.finish(0, 1)
    let complete = Race<Int>(count: 1)
    let (never, _) = AsyncStream<Void>.makeStream()
    Task { complete.finish(0, 3) }
    #expect(await complete.results(until: { for await _ in never { return } }) == [3])
  }

  @Test func theClockIsNotAskedWhenThereIsTime() async throws {
    let request = try #require(RequestBody(body([rows(1), rows(2), rows(3)])))
    let calm = await compress(request, options: Options(level: .lossless))
    let (never, _) = AsyncStream<Void>.makeStream()
    let watched = await compress(request, options: Options(level: .lossless)) { for await _ in never { return } }
    #expect(watched.body == calm.body)
  }
}
