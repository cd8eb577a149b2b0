import Headroom
import TestSupport
import Testing

@Suite struct RecentValuesTests {
  @Test func whatWasUnusedForLongestIsForgotten() {
    var values = RecentValues<String, Int>(limit: 30)
    for (number, key) in ["a", "b", "c"].enumerated() { values.set(number, of: key, size: 10) }
    #expect(values.value(of: "a") == 0)
    values.set(3, of: "d", size: 10)
    #expect(values.value(of: "b") == nil)
    values.set(4, of: "e", size: 20)
    #expect(values.value(of: "a") == nil && values.value(of: "c") == nil)
    #expect(values.value(of: "d") == 3 && values.value(of: "e") == 4)
    #expect(values.size == 30 && values.count == 2)
  }

  @Test func whatIsLargerThanAllTogetherIsNotKept() {
    var values = RecentValues<String, Int>(limit: 30)
    values.set(1, of: "a", size: 10)
    values.set(2, of: "a", size: 31)
    #expect(values.value(of: "a") == nil)
    #expect(values.size == 0 && values.count == 0)
  }

  /// Against a plain list, in the order of use.
  @Test func itAgreesWithAListOnAnySequence() {
    var generator = SeededGenerator(seed: 3)
    var values = RecentValues<Int, Int>(limit: 100)
    var list: [(key: Int, value: Int, size: Int)] = []
    for step in 0..<20_000 {
      let key = Int.random(in: 0..<40, using: &generator)
      let place = list.firstIndex { $0.key == key }
      switch Int.random(in: 0..<5, using: &generator) {
      case 0, 1:
        let size = Int.random(in: 0...30, using: &generator)
        values.set(step, of: key, size: size)
        if let place { list.remove(at: place) }
        list.append((key, step, size))
        while list.reduce(0, { $0 + $1.size }) > 100 { list.removeFirst() }
      case 2:
        values.remove(key)
        if let place { list.remove(at: place) }
      default:
        #expect(values.value(of: key) == place.map { list[$0].value })
        if let place { list.append(list.remove(at: place)) }
      }
      #expect(values.count == list.count && values.size == list.reduce(0) { $0 + $1.size })
    }
  }
}
