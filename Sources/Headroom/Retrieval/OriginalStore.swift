/// Where the originals of cut blocks are kept, by content.
///
/// A handle stays with the original it was given out for: an original that comes later and shares its beginning gets a
/// longer one.
public protocol OriginalStore: Sendable {
  /// Stores `original` unless it is there already, and returns its handle, the shortest that names no other original.
  ///
  /// The original survives the process from the moment this returns, as far as the store outlives processes at all.
  /// - Throws: `StoreError`.
  func put(_ original: [UInt8]) throws -> Handle

  /// The original that `handle` names.
  /// - Throws: `StoreError`: `unknownHandle`, `ambiguousHandle`, `expired`, or a failure of the store itself.
  func original(_ handle: Handle) throws -> [UInt8]
}

/// A failure of a store, in one line.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  public struct Code: Sendable, Hashable {
    private enum Value { case unknownHandle, ambiguousHandle, expired, damaged, unavailable, invalidURL, failed }
    private let value: Value

    /// No original was stored under this handle.
    public static let unknownHandle = Code(value: .unknownHandle)
    /// Several originals begin with this handle, and it was given out for none of them.
    public static let ambiguousHandle = Code(value: .ambiguousHandle)
    /// The original was here, and its time or its room ran out.
    public static let expired = Code(value: .expired)
    /// What is stored is not what was put.
    public static let damaged = Code(value: .damaged)
    /// The store cannot be opened or written.
    public static let unavailable = Code(value: .unavailable)
    /// Not the address of a store.
    public static let invalidURL = Code(value: .invalidURL)
    /// Anything else that the database reports.
    public static let failed = Code(value: .failed)
  }

  public let code: Code
  /// One line for people.
  public let message: String
  /// What the layer below reported.
  public let cause: (any Error)?

  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  public var description: String { message }
}

extension Handle {
  /// The characters that hold a whole digest: an original's full name, of which its handle is the beginning.
  package static let longest = 52

  /// The first `length` characters of this handle.
  package func prefix(_ length: Int) -> Handle { Handle(name: String(name.prefix(length))) }

  private init(name: String) { self.name = name }
}

/// The rules by which handles name originals, for every store alike.
package enum HandleRule {
  /// The length of the handle for `name`, when `neighbors` are the full names before and after it in sorted order: one
  /// character more than it shares with either.
  package static func length(of name: String, among neighbors: [String], shortest: Int = Handle.shortest) -> Int {
    neighbors.reduce(shortest) { length, neighbor in
      max(length, zip(name.utf8, neighbor.utf8).prefix { $0 == $1 }.count + 1)
    }
  }

  /// Which of the originals whose names begin with `handle` it names: the one whose own handle is no longer than it.
  /// There is at most one, because each original got a handle longer than what it shared with those before it.
  /// - Throws: `StoreError`, saying whether the handle is unknown or ambiguous.
  package static func choice(of handle: Handle, among candidates: [(name: String, length: Int)]) throws(StoreError)
    -> Int
  {
    if let index = candidates.firstIndex(where: { $0.length <= handle.name.utf8.count }) { return index }
    if candidates.isEmpty { throw unknown(handle) }
    let longer = candidates.prefix(3).map { "#" + $0.name.prefix($0.length) }.joined(separator: ", ")
    throw StoreError(.ambiguousHandle, "the handle \(handle) is ambiguous: \(longer) begin with it")
  }

  package static func unknown(_ handle: Handle) -> StoreError {
    StoreError(.unknownHandle, "no original \(handle) in this store")
  }

  package static func expired(_ handle: Handle) -> StoreError {
    StoreError(.expired, "the original \(handle) was stored here, but its time or its room ran out")
  }
}
