import Foundation
import Headroom

/// One connection to PostgreSQL. It waits for the server no longer than it is told to.
///
/// - Note: Who has taken it from the pool is the only one to use it.
final class PostgresConnection: @unchecked Sendable {
  private let library: LibPQ
  private let address: PostgresAddress
  private let connection: OpaquePointer
  /// The names of the prepared statements.
  private var prepared: [String: String] = [:]

  /// How long the server may take for a statement, and for a lock that it has to wait for, in milliseconds; and how long to wait for its
  /// answer, which comes later over a slow network or never.
  private static let statementLimit = 8000
  private static let lockLimit = 2000
  private static let answerLimit = Duration.seconds(10)

  /// - Throws: ``PostgresFailure``.
  init(_ address: PostgresAddress, _ library: LibPQ) throws {
    self.library = library
    self.address = address
    // What the address sets comes later and wins, but for the encoding, which is that of the strings here.
    let parameters = [
      ("fallback_application_name", "headroom"), ("keepalives_idle", "30"), ("dbname", address.url),
      ("client_encoding", "UTF8"),
    ]
    let texts = parameters.flatMap { [strdup($0.0), strdup($0.1)] }
    defer { for text in texts { free(text) } }
    let keywords = stride(from: 0, to: texts.count, by: 2).map { UnsafePointer(texts[$0]) } + [nil]
    let values = stride(from: 1, to: texts.count, by: 2).map { UnsafePointer(texts[$0]) } + [nil]
    guard let connection = library.connectStartParams(keywords, values, 1) else {
      throw PostgresFailure(.connecting, "out of memory")
    }
    self.connection = connection
    try connect(until: .now + .seconds(address.patience))
    // Notices would go to standard error.
    _ = library.setNoticeProcessor(connection, { _, _ in }, nil)
    _ = library.setnonblocking(connection, 1)
    try run(
      """
      SET statement_timeout = \(Self.statementLimit); SET lock_timeout = \(Self.lockLimit);
      SET idle_in_transaction_session_timeout = \(2 * Self.statementLimit)
      """)
  }

  deinit { library.finish(connection) }

  /// Whether it still leads to a server, as far as that can be told without asking.
  var isAlive: Bool {
    var descriptor = pollfd(fd: library.socket(connection), events: Int16(POLLIN), revents: 0)
    guard descriptor.fd >= 0, library.status(connection) == LibPQ.connectionOK else { return false }
    // The server says nothing by itself but that it closes the connection.
    return poll(&descriptor, 1, 0) == 0
  }

  /// Runs statements that have no parameters and no result.
  /// - Throws: ``PostgresFailure``.
  func run(_ statements: String) throws { try finish(library.sendQuery(connection, statements)) }

  /// Runs a statement.
  /// - Throws: ``PostgresFailure``.
  @discardableResult
  func query(_ statement: String, _ parameters: [PostgresValue] = []) throws -> PostgresResult {
    let name: String
    if let known = prepared[statement] {
      name = known
    } else {
      name = "headroom\(prepared.count)"
      try finish(library.sendPrepare(connection, name, statement, 0, nil))
      prepared[statement] = name
    }
    let values = parameters.map(\.encoded)
    let lengths = values.map { CInt($0.bytes?.count ?? 0) }
    let formats = values.map { CInt($0.isBinary ? 1 : 0) }
    return try withPointers(values.map(\.bytes)) { pointers in
      try finish(library.sendQueryPrepared(connection, name, CInt(values.count), pointers, lengths, formats, 1))
    }
  }

  /// Runs `body` in a transaction.
  /// - Parameters:
  ///   - isDurable: whether the end of it waits for the server's disk.
  ///   - lock: what it excludes others from that name the same.
  func transaction<Result>(isDurable: Bool = true, lock: Int32? = nil, _ body: () throws -> Result) throws -> Result {
    var start = "BEGIN"
    if !isDurable { start += "; SET LOCAL synchronous_commit = off" }
    if let lock { start += "; SELECT pg_advisory_xact_lock(\(Self.lockClass), \(lock))" }
    do {
      try run(start)
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      try? run("ROLLBACK")
      throw error
    }
  }

  /// "Head": sets our locks apart from those of other programs.
  static let lockClass = 0x4865_6164
}

// MARK: - Waiting

extension PostgresConnection {
  private func connect(until deadline: ContinuousClock.Instant) throws {
    var state = LibPQ.pollingWriting
    while state != LibPQ.pollingOK {
      guard state != LibPQ.pollingFailed, library.socket(connection) >= 0 else { throw failure(.connecting) }
      guard try wait(for: state == LibPQ.pollingReading ? POLLIN : POLLOUT, until: deadline) != 0 else {
        throw PostgresFailure(.connecting, "no answer within \(address.patience) s")
      }
      state = library.connectPoll(connection)
    }
  }

  /// Sends what is to be sent, and waits for the last result.
  @discardableResult
  private func finish(_ isSent: CInt) throws -> PostgresResult {
    guard isSent == 1 else { throw failure(.lost) }
    let deadline = ContinuousClock.now + Self.answerLimit
    func wait(for events: Int32) throws {
      let ready = try self.wait(for: events, until: deadline)
      guard ready != 0 else {
        throw PostgresFailure(.late, "no answer within \(Self.answerLimit.components.seconds) s")
      }
      if ready & ~POLLOUT != 0, library.consumeInput(connection) != 1 { throw failure(.lost) }
    }
    while true {
      let left = library.flush(connection)
      if left == 0 { break }
      guard left == 1 else { throw failure(.lost) }
      try wait(for: POLLIN | POLLOUT)
    }
    var last: PostgresResult?
    var error: PostgresFailure?
    while true {
      while library.isBusy(connection) == 1 { try wait(for: POLLIN) }
      guard let pointer = library.getResult(connection) else { break }
      let result = PostgresResult(pointer, library)
      if let state = result.errorState {
        error = error ?? PostgresFailure(.server(state), address.cleaned(result.errorMessage))
      }
      last = result
    }
    if library.status(connection) != LibPQ.connectionOK { throw failure(.lost) }
    if let error { throw error }
    guard let last else { throw failure(.lost) }
    return last
  }

  /// Waits until the socket is ready: for what, or 0 when the time is over.
  private func wait(for events: Int32, until deadline: ContinuousClock.Instant) throws -> Int32 {
    var descriptor = pollfd(fd: library.socket(connection), events: Int16(events), revents: 0)
    while true {
      let left = (deadline - .now) / .milliseconds(1)
      let count = poll(&descriptor, 1, CInt(max(0, left.rounded(.up))))
      if count > 0 { return Int32(descriptor.revents) }
      if count == 0 { return 0 }
      if errno != EINTR { throw failure(.lost) }
    }
  }

  private func failure(_ kind: PostgresFailure.Kind) -> PostgresFailure {
    let message = library.errorMessage(connection).map { String(cString: $0) } ?? ""
    return PostgresFailure(kind, address.cleaned(message))
  }
}

/// Calls `body` with pointers to arrays of bytes.
private func withPointers<Result>(
  _ values: [[UInt8]?], _ body: ([UnsafePointer<CChar>?]) throws -> Result
) rethrows -> Result {
  func visit(_ index: Int, _ pointers: inout [UnsafePointer<CChar>?]) throws -> Result {
    guard index < values.count else { return try body(pointers) }
    guard let value = values[index] else {
      pointers.append(nil)
      return try visit(index + 1, &pointers)
    }
    // An empty array may have no address, which would mean null; and texts end with a zero.
    return try (value + [0]).withUnsafeBufferPointer { buffer in
      try buffer.withMemoryRebound(to: CChar.self) {
        pointers.append($0.baseAddress)
        return try visit(index + 1, &pointers)
      }
    }
  }
  var pointers: [UnsafePointer<CChar>?] = []
  return try visit(0, &pointers)
}
