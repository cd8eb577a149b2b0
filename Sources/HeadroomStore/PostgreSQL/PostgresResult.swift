/// The rows that a statement gave, in PostgreSQL's binary format.
final class PostgresResult {
  private let library: LibPQ
  private let result: OpaquePointer

  init(_ result: OpaquePointer, _ library: LibPQ) {
    self.result = result
    self.library = library
  }

  deinit { library.clear(result) }

  var count: Int { Int(library.ntuples(result)) }

  /// How many rows a statement changed.
  var changes: Int { library.cmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

  func isNull(_ row: Int, _ column: Int) -> Bool { library.getisnull(result, CInt(row), CInt(column)) == 1 }

  func bytes(_ row: Int, _ column: Int) -> [UInt8] {
    guard let start = library.getvalue(result, CInt(row), CInt(column)) else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: Int(library.getlength(result, CInt(row), CInt(column)))))
  }

  func text(_ row: Int, _ column: Int) -> String { String(decoding: bytes(row, column), as: UTF8.self) }

  /// A number of any width, or a truth value.
  func integer(_ row: Int, _ column: Int) -> Int {
    let bytes = bytes(row, column)
    let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let unused = max(0, 64 - 8 * bytes.count)
    return bytes.isEmpty ? 0 : Int(Int64(bitPattern: number << UInt64(unused)) >> Int64(unused))
  }

  /// The state by which SQL names an error; nil when there is none.
  var errorState: String? {
    let status = library.resultStatus(result)
    if status == LibPQ.commandOK || status == LibPQ.tuplesOK { return nil }
    return library.resultErrorField(result, LibPQ.fieldSQLState).map { String(cString: $0) } ?? "XX000"
  }

  /// Without the details, which quote what is stored.
  var errorMessage: String {
    library.resultErrorField(result, LibPQ.fieldPrimaryMessage).map { String(cString: $0) } ?? "no message"
  }
}
