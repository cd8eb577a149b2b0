import Headroom
import Testing

@Suite struct MemoryStoreTests {
  @Test func forgetsWhatWasUnusedForLongestWhenItIsFull() throws {
    let store = MemoryStore(byteLimit: 1_000)
    let originals = (0..<10).map { [UInt8](repeating: UInt8($0), count: 100) }
    let handles = originals.map { store.put($0) }
    _ = try store.original(handles[0])
    _ = store.put([UInt8](repeating: 77, count: 100))
    #expect(try store.original(handles[0]) == originals[0])
    #expect { try store.original(handles[1]) } throws: { ($0 as? StoreError)?.code == .expired }
    #expect(store.put(originals[1]) == handles[1])
    #expect(try store.original(handles[1]) == originals[1])
  }

  @Test func keepsTheNewestHoweverLarge() throws {
    let store = MemoryStore(byteLimit: 10)
    let large = [UInt8](repeating: 1, count: 100)
    #expect(try store.original(store.put(large)) == large)
  }
}
