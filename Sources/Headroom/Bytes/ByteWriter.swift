/// Bytes written piece after piece, for hot paths: an append is a store, not a call.
///
/// The memory is the writer's own and never shared, so nothing has to be checked for uniqueness.
struct ByteWriter: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// What was written. Valid until the next append.
  var view: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  /// A copy of what was written.
  var bytes: [UInt8] { Array(view) }

  /// A copy of a part of what was written.
  func bytes(from start: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: base + start, count: count - start))
  }

  @inline(__always)
  subscript(_ place: Int) -> UInt8 {
    get { base[place] }
    set { base[place] = newValue }
  }

  /// Makes room for `more` bytes.
  @inline(__always)
  mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if count == capacity { grow(1) }
    base[count] = byte
    count += 1
  }

  /// Appends `bytes[0..<length]`, which must not be in this writer.
  @inline(__always)
  mutating func append(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
    if capacity - count < length { grow(length) }
    ByteWriter.copy(bytes, length, to: base + count)
    count += length
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    if let start = bytes.baseAddress { append(start, bytes.count) }
  }

  /// Appends `bytes` but for a part of them.
  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, without part: Range<Int>) {
    guard let start = bytes.baseAddress else { return }
    append(start, part.lowerBound)
    append(start + part.upperBound, bytes.count - part.upperBound)
  }

  mutating func append(_ bytes: borrowing [UInt8]) {
    bytes.withUnsafeBufferPointer { append($0) }
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(text.utf8Start, text.utf8CodeUnitCount)
  }

  /// Appends a part of what was written once more.
  mutating func append(again range: Range<Int>) {
    reserve(range.count)
    (base + count).update(from: base + range.lowerBound, count: range.count)
    count += range.count
  }

  /// Appends `byte` so many times.
  mutating func append(repeating byte: UInt8, count times: Int) {
    reserve(times)
    (base + count).update(repeating: byte, count: times)
    count += times
  }

  /// Appends a number in decimal digits.
  mutating func append(decimal value: Int) {
    reserve(20)
    var rest = value.magnitude
    if value < 0 { append(UInt8(ascii: "-")) }
    var digits = 1
    var bound: UInt = 10
    while rest >= bound, digits < 19 {
      digits += 1
      bound *= 10
    }
    if digits == 19, rest >= bound { digits = 20 }
    for place in stride(from: count + digits - 1, through: count, by: -1) {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      base[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    count += digits
  }

  /// Lets `body` write up to `most` bytes behind what was written; it returns how many it wrote, or nil for none.
  @inline(__always)
  mutating func append(most: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int?) -> Bool {
    reserve(most)
    guard let written = body(base + count) else { return false }
    count += written
    return true
  }

  /// Takes out a part of what was written.
  mutating func remove(_ range: Range<Int>) {
    (base + range.lowerBound).update(from: base + range.upperBound, count: count - range.upperBound)
    count -= range.count
  }

  /// Forgets what was written from `count` on.
  @inline(__always)
  mutating func truncate(to count: Int) { self.count = count }

  /// Copies without a call where there are few bytes, as is usual for values. The places may overlap.
  @inline(__always)
  static func copy(_ source: UnsafePointer<UInt8>, _ length: Int, to target: UnsafeMutablePointer<UInt8>) {
    if length > 32 {
      target.update(from: source, count: length)
      return
    }
    let from = UnsafeRawPointer(source)
    let to = UnsafeMutableRawPointer(target)
    if length >= 16 {
      let last = from.loadUnaligned(fromByteOffset: length - 16, as: SIMD16<UInt8>.self)
      to.storeBytes(of: from.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
      to.storeBytes(of: last, toByteOffset: length - 16, as: SIMD16<UInt8>.self)
    } else if length >= 8 {
      let last = from.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
      to.storeBytes(of: from.loadUnaligned(as: UInt64.self), as: UInt64.self)
      to.storeBytes(of: last, toByteOffset: length - 8, as: UInt64.self)
    } else if length >= 4 {
      let last = from.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self)
      to.storeBytes(of: from.loadUnaligned(as: UInt32.self), as: UInt32.self)
      to.storeBytes(of: last, toByteOffset: length - 4, as: UInt32.self)
    } else if length > 0 {
      let (first, middle, last) = (source[0], source[length / 2], source[length - 1])
      target[0] = first
      target[length / 2] = middle
      target[length - 1] = last
    }
  }
}
