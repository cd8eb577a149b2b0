import Testing

@testable import Headroom

@Suite struct RowSelectionSignalsTests {
  typealias Signal = RowSelection.Signal

  private func role(_ name: String) -> RowSelection.Role {
    RowSelection.Vocabulary.role(of: name.split(separator: ".").map { .key(Array("\"\($0)\"".utf8)) })
  }

  private func signal(_ name: String, _ text: String) -> Signal {
    Array(text.utf8).withUnsafeBufferPointer { RowSelection.Signals.signal(ofText: $0, role(name)) }
  }

  @Test(arguments: [
    ("level", "ERROR"), ("severity", "high"), ("log.level", "fatal"), ("status", "failed"), ("Status", "FAILURE"),
    ("jobStatus", "timed_out"), ("state", "CrashLoopBackOff"), ("reason", "ErrImagePull"), ("health", "unhealthy"),
    ("outcome", "aborted"), ("result", "2 failed, 3 passed"), ("service_state", "down"), ("type", "payment.failed"),
    ("error", "boom"), ("last_error_message", "x"), ("error.detail", "no route"), ("data.traceback", "at line 3"),
    ("stack_trace", "main.c:4"), ("ok", "false"), ("is_timed_out", "true"), ("error_code", "PG-5523"),
    ("message", "ERROR could not open the file"), ("text", "level=error msg=\"no disk\""),
    ("reason", "Error: the connection was closed while seven of the nine batches were still to be written"),
    ("output", "ValueError: invalid literal for int()"), ("line", "java.lang.IllegalStateException: closed"),
  ])
  func errors(_ name: String, _ text: String) { #expect(signal(name, text) == .error) }

  @Test(arguments: [
    ("level", "WARN"), ("priority", "urgent"), ("status", "cancelled"), ("message", "12:00 WARNING disk is at 91 %"),
  ])
  func warnings(_ name: String, _ text: String) { #expect(signal(name, text) == .warning) }

  @Test(arguments: [
    ("level", "info"), ("level", "high school"), ("status", "ok"), ("status", "no errors"), ("status", "0 failed"),
    ("status", "inactive"), ("state", "open"), ("state", "scaled down"), ("type", "rejected"), ("error", ""),
    ("error", "none"),
    ("error", "No error"), ("errors", "0"), ("error_rate", "0.25"), ("max_errors", "3"), ("on_failure", "retry"),
    ("error_log", "/var/log/nginx"), ("timeout", "30"), ("name", "error"), ("title", "Fix the ERRORS in docs"),
    ("message", "INFO no ERROR was seen"), ("file", "error.c"), ("zip_code", "404"), ("comment", "an error: maybe"),
  ])
  func noSignals(_ name: String, _ text: String) { #expect(signal(name, text) == .none) }

  @Test func numbersUnderFailuresCountUnlessZero() {
    for (lexeme, expected) in [("0", Signal.none), ("-0.00e7", .none), ("1", .error), ("0.5", .error)] {
      let found = Array(lexeme.utf8).withUnsafeBufferPointer {
        RowSelection.Signals.signal(ofNumber: $0, role("failures"))
      }
      #expect(found == expected, "\(lexeme)")
    }
  }

  @Test func literalsCountByTheNameTheyStandUnder() {
    #expect(RowSelection.Signals.signal(ofKind: .true, role("error")) == .error)
    #expect(RowSelection.Signals.signal(ofKind: .true, role("timeout")) == .error)
    #expect(RowSelection.Signals.signal(ofKind: .true, role("success")) == .none)
    #expect(RowSelection.Signals.signal(ofKind: .false, role("success")) == .error)
    #expect(RowSelection.Signals.signal(ofKind: .false, role("error")) == .none)
    #expect(RowSelection.Signals.signal(ofKind: .null, role("error")) == .none)
  }

  @Test func nestedValuesAreReadAsCells() throws {
    let cases: [(text: String, expected: Signal)] = [
      (#"{"errors":[]}"#, .none), (#"{"errors":[{}]}"#, .none), (#"{"errors":[{"code":0,"message":""}]}"#, .none),
      (#"{"errors":[{"code":4}]}"#, .error), (#"{"steps":[{"status":"passed"},{"status":"failed"}]}"#, .error),
      (#"{"findings":[{"severity":"LOW"},{"severity":"CRITICAL"}]}"#, .error), (#"{"a":{"level":"warn"}}"#, .warning),
      (#"{"severity":{"text":"LOW"},"note":"error"}"#, .none),
    ]
    for (text, expected) in cases {
      var reader = RowSelection.NodeReader(try JSONDocument(Array(text.utf8)))
      #expect(reader.signal(0, []) == expected, "\(text)")
    }
  }
}
