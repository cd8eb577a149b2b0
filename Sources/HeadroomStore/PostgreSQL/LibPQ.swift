import Foundation
package import Headroom

/// The functions of libpq, PostgreSQL's own client library, that are needed here.
///
/// It is looked for when a store in PostgreSQL is opened, so that nobody else needs it, to build or to run. What the functions do is in
/// chapter "libpq" of PostgreSQL's manual; their names here are without `PQ`.
package struct LibPQ: Sendable {
  typealias Connection = OpaquePointer
  typealias Result = OpaquePointer
  typealias Text = UnsafePointer<CChar>
  typealias Texts = UnsafePointer<UnsafePointer<CChar>?>

  let conninfoParse:
    @Sendable @convention(c) (Text, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> UnsafeMutableRawPointer?
  let conninfoFree: @Sendable @convention(c) (UnsafeMutableRawPointer?) -> Void
  let freemem: @Sendable @convention(c) (UnsafeMutableRawPointer?) -> Void
  let connectStartParams: @Sendable @convention(c) (Texts, Texts, CInt) -> Connection?
  let connectPoll: @Sendable @convention(c) (Connection) -> CInt
  let finish: @Sendable @convention(c) (Connection) -> Void
  let status: @Sendable @convention(c) (Connection) -> CInt
  let socket: @Sendable @convention(c) (Connection) -> CInt
  let errorMessage: @Sendable @convention(c) (Connection) -> Text?
  let setnonblocking: @Sendable @convention(c) (Connection, CInt) -> CInt
  let setNoticeProcessor:
    @Sendable @convention(c) (Connection, NoticeProcessor?, UnsafeMutableRawPointer?) -> OpaquePointer?
  let sendQuery: @Sendable @convention(c) (Connection, Text) -> CInt
  let sendPrepare: @Sendable @convention(c) (Connection, Text, Text, CInt, UnsafePointer<UInt32>?) -> CInt
  let sendQueryPrepared:
    @Sendable @convention(c) (
      Connection, Text, CInt, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?, CInt
    ) -> CInt
  let flush: @Sendable @convention(c) (Connection) -> CInt
  let consumeInput: @Sendable @convention(c) (Connection) -> CInt
  let isBusy: @Sendable @convention(c) (Connection) -> CInt
  let getResult: @Sendable @convention(c) (Connection) -> Result?
  let resultStatus: @Sendable @convention(c) (Result) -> CInt
  let resultErrorField: @Sendable @convention(c) (Result, CInt) -> Text?
  let cmdTuples: @Sendable @convention(c) (Result) -> Text?
  let ntuples: @Sendable @convention(c) (Result) -> CInt
  let getisnull: @Sendable @convention(c) (Result, CInt, CInt) -> CInt
  let getlength: @Sendable @convention(c) (Result, CInt, CInt) -> CInt
  let getvalue: @Sendable @convention(c) (Result, CInt, CInt) -> UnsafePointer<UInt8>?
  let clear: @Sendable @convention(c) (Result) -> Void

  typealias NoticeProcessor = @convention(c) (UnsafeMutableRawPointer?, Text?) -> Void
}

// MARK: - Loading

extension LibPQ {
  /// Where it may be: where the system looks, and where Homebrew puts what it does not link.
  static let places = [
    "libpq.so.5", "libpq.5.dylib", "libpq.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib",
    "/usr/local/opt/libpq/lib/libpq.5.dylib",
  ]

  private static let loaded = Swift.Result { try LibPQ(places: places) }

  /// The library, looked for once.
  /// - Throws: `StoreError` with the code `unavailable`, when it is not there.
  static func shared() throws -> LibPQ { try loaded.get() }

  package init(places: [String]) throws(StoreError) {
    guard let library = places.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
      throw StoreError(
        .unavailable, "a store in PostgreSQL needs its library libpq: apt-get install libpq5, or brew install libpq")
    }
    func function<Function>(_ name: String, _: Function.Type = Function.self) throws(StoreError) -> Function {
      guard let address = dlsym(library, name) else {
        throw StoreError(.unavailable, "the library libpq is too old for a store in PostgreSQL: it has no \(name)")
      }
      return unsafeBitCast(address, to: Function.self)
    }
    conninfoParse = try function("PQconninfoParse")
    conninfoFree = try function("PQconninfoFree")
    freemem = try function("PQfreemem")
    connectStartParams = try function("PQconnectStartParams")
    connectPoll = try function("PQconnectPoll")
    finish = try function("PQfinish")
    status = try function("PQstatus")
    socket = try function("PQsocket")
    errorMessage = try function("PQerrorMessage")
    setnonblocking = try function("PQsetnonblocking")
    setNoticeProcessor = try function("PQsetNoticeProcessor")
    sendQuery = try function("PQsendQuery")
    sendPrepare = try function("PQsendPrepare")
    sendQueryPrepared = try function("PQsendQueryPrepared")
    flush = try function("PQflush")
    consumeInput = try function("PQconsumeInput")
    isBusy = try function("PQisBusy")
    getResult = try function("PQgetResult")
    resultStatus = try function("PQresultStatus")
    resultErrorField = try function("PQresultErrorField")
    cmdTuples = try function("PQcmdTuples")
    ntuples = try function("PQntuples")
    getisnull = try function("PQgetisnull")
    getlength = try function("PQgetlength")
    getvalue = try function("PQgetvalue")
    clear = try function("PQclear")
  }

  /// Values of C enumerations and macros.
  static let connectionOK: CInt = 0
  static let (pollingFailed, pollingReading, pollingWriting, pollingOK): (CInt, CInt, CInt, CInt) = (0, 1, 2, 3)
  static let (commandOK, tuplesOK): (CInt, CInt) = (1, 2)
  static let fieldSQLState = CInt(UInt8(ascii: "C"))
  static let fieldPrimaryMessage = CInt(UInt8(ascii: "M"))
}
