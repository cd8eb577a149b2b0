import Foundation

/// What the process says of itself.
struct ProcessFigures: Sendable, Equatable {
  /// When it started, in milliseconds since 1970.
  var started: Int64
  /// The memory it occupies, in bytes; nil where the system does not say.
  var residentBytes: Int?
  /// Requests whose answers are not at their end.
  var running = 0

  /// The figures of this process now.
  static func current(started: Int64, running: Int) -> ProcessFigures {
    ProcessFigures(started: started, residentBytes: residentBytes(), running: running)
  }

  /// Linux says it in pages, as the second number of `/proc/self/statm` (proc(5)).
  private static func residentBytes() -> Int? {
    #if os(Linux)
      guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
      let fields = text.split(separator: " ")
      return fields.count > 1 ? Int(fields[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
    #else
      return nil
    #endif
  }
}
