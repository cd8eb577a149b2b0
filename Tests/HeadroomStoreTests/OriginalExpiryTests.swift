import Foundation
import Headroom
import HeadroomStore
import Testing

/// When originals are let go, in every store that outlives a process.
@Suite struct OriginalExpiryTests {
  @Test(arguments: StorageKind.lasting)
  func expiresAfterTheAgeLimitSinceTheLastUse(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let store = try fixture.lastingOriginals(limits: .init(age: 7 * day))
    let used = try store.put(Array("used".utf8))
    let unused = try store.put(Array("unused".utf8))
    fixture.clock.advance(by: Double(6 * day))
    #expect(try store.original(used) == Array("used".utf8))
    fixture.clock.advance(by: Double(2 * day))
    try store.expire()
    #expect(try store.original(used) == Array("used".utf8))
    #expect { try store.original(unused) } throws: { ($0 as? StoreError)?.code == .expired }
    #expect(try store.size().originals == 1)
  }

  @Test(arguments: StorageKind.lasting)
  func openingAndPuttingExpireToo(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let first = try fixture.lastingOriginals()
    _ = try first.put([1])
    fixture.clock.advance(by: Double(8 * day))
    _ = try first.put([2])
    #expect(try first.size().originals == 1)
    fixture.clock.advance(by: Double(8 * day))
    try fixture.open().prepare()
    #expect(try first.size().originals == 0)
  }

  @Test(arguments: StorageKind.lasting)
  func makesRoomByWhatWasUnusedForLongest(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let store = try fixture.lastingOriginals(limits: .init(bytes: 10_000))
    let originals = (0..<10).map { [UInt8](repeating: UInt8($0), count: 1_000) }
    var handles: [Handle] = []
    for original in originals {
      handles.append(try store.put(original))
      fixture.clock.advance(by: Double(2 * hour))
    }
    _ = try store.original(handles[0])
    fixture.clock.advance(by: Double(2 * hour))
    _ = try store.put([UInt8](repeating: 99, count: 2_500))
    #expect(try store.size().bytes <= 10_000)
    let left = handles.indices.filter { (try? store.original(handles[$0])) != nil }
    #expect(left == [0, 4, 5, 6, 7, 8, 9])
  }

  @Test(arguments: StorageKind.lasting)
  func keepsWhatWasUsedWithinTheHourHoweverFull(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let store = try fixture.lastingOriginals(limits: .init(bytes: 1_000, age: 0))
    let handles = try (0..<20).map { try store.put([UInt8](repeating: UInt8($0), count: 1_000)) }
    fixture.clock.advance(by: Double(hour - 120))
    try store.expire()
    #expect(try store.size().originals == 20)
    _ = try store.original(handles[3])
    fixture.clock.advance(by: 180)
    try store.expire()
    #expect(try store.size().originals == 1)
    #expect(try store.original(handles[3]).count == 1_000)
  }

  @Test(arguments: StorageKind.lasting)
  func manyAtOnceExpireInOneCall(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let store = try fixture.lastingOriginals()
    for number in 0..<500 { _ = try store.put(Array("original \(number)".utf8)) }
    fixture.clock.advance(by: Double(8 * day))
    try store.expire()
    let size = try store.size()
    #expect(size.originals == 0 && size.bytes == 0)
  }

  @Test(arguments: StorageKind.lasting)
  func anExpiredOriginalKeepsItsHandle(kind: StorageKind) throws {
    let fixture = try StorageFixture(kind)
    let store = try fixture.lastingOriginals(shortestHandle: 1)
    var handles: [Handle] = []
    for number in 0..<50 { handles.append(try store.put(Array("original \(number)".utf8))) }
    fixture.clock.advance(by: Double(8 * day))
    try store.expire()
    let newer = try (50..<100).map { try store.put(Array("original \($0)".utf8)) }
    #expect(Set(newer).isDisjoint(with: handles))
    #expect { try store.original(handles[0]) } throws: { ($0 as? StoreError)?.code == .expired }
    #expect(try store.put(Array("original 0".utf8)) == handles[0])
    #expect(try store.original(handles[0]) == Array("original 0".utf8))
    // After three months the name itself is free again.
    fixture.clock.advance(by: Double(100 * day))
    try store.expire()
    #expect { try store.original(handles[1]) } throws: { ($0 as? StoreError)?.code != .expired }
  }

  private let hour = 3600
  private let day = 24 * 3600
}
