import Dispatch
import Headroom
import Synchronization

/// A database in PostgreSQL: a few connections to it that are opened when they are needed, shared by all of the process, and opened anew when
/// one was lost.
package final class PostgresDatabase: Sendable {
  package let description: String

  private let library: LibPQ
  private let address: PostgresAddress
  private let state = Mutex(State())
  private let free = DispatchSemaphore(value: most)

  private struct State {
    var idle: [PostgresConnection] = []
    /// Whether the tables are there.
    var isReady = false
    /// Until when nobody tries, and why.
    var rest: (end: ContinuousClock.Instant, error: PostgresFailure)?
  }

  /// The most connections at once.
  private static let most = 6
  /// How long to wait for one of them.
  private static let patience = DispatchTimeInterval.seconds(5)
  /// How long not to try again what others have waited for in vain.
  private static let rest = Duration.seconds(5)

  /// - Throws: `StoreError`, when libpq is not there or `url` is no address.
  package init(_ url: String) throws {
    library = try LibPQ.shared()
    address = try PostgresAddress(url, library)
    description = address.description
  }

  /// Connects, and makes the tables where they are missing.
  /// - Throws: `StoreError`.
  func prepare() throws { try access { _ in } }

  /// Whether the tables are there.
  /// - Throws: `StoreError`.
  func exists() throws -> Bool { try use { try PostgresMigrations.isBegun($0) } }

  /// Runs a database access, which may be run again: so all that it does must be done once however often it runs.
  /// - Throws: `StoreError`.
  func access<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
    try use { connection in
      if !state.withLock({ $0.isReady }) {
        try PostgresMigrations.run(connection)
        state.withLock { $0.isReady = true }
      }
      return try body(connection)
    }
  }

  private func use<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
    guard free.wait(timeout: .now() + Self.patience) == .success else {
      throw StoreError(.failed, "the store \(description) is busy: all connections to it are in use")
    }
    defer { free.signal() }
    for attempt in 1... {
      do {
        return try attemptOnce(body)
      } catch let failure as PostgresFailure {
        if failure.isMissingTable { state.withLock { $0.isReady = false } }
        if attempt < 4, failure.isPassing || failure.isMissingTable && attempt == 1 { continue }
        if failure.isLasting { state.withLock { $0.rest = (.now + Self.rest, failure) } }
        throw StoreError(place: description, failure)
      }
    }
    throw StoreError(.failed, "the store \(description) failed")
  }

  private func attemptOnce<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
    let connection = try take()
    do {
      let result = try body(connection)
      give(back: connection)
      return result
    } catch {
      if (error as? PostgresFailure)?.isOfConnection != true { give(back: connection) }
      throw error
    }
  }

  private func take() throws -> PostgresConnection {
    while true {
      let (idle, error) = state.withLock { state -> (PostgresConnection?, PostgresFailure?) in
        if let rest = state.rest, .now < rest.end { return (nil, rest.error) }
        return (state.idle.popLast(), nil)
      }
      if let error { throw StoreError(place: description, error) }
      guard let idle else { return try PostgresConnection(address, library) }
      if idle.isAlive { return idle }
    }
  }

  private func give(back connection: PostgresConnection) {
    state.withLock {
      $0.rest = nil
      $0.idle.append(connection)
    }
  }
}
