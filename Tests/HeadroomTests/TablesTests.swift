import TestSupport
import Testing

@testable import Headroom

/// Tables and trees in other formats than JSON: what they look like when shortened, and that they come back.
@Suite struct TablesTests {
  // MARK: What a reader sees

  @Test func delimitedValuesBecomeATable() throws {
    let text = """
      id,city,state,note
      1,Berlin,open,
      2,"Paris, TX",open,"say ""hi"" now"
      3,Rome,open,007

      """
    let shorter = try form(text, StructuredForms<CSVText>.self)
    #expect(
      shorter == """
        [csv, 6 lines, table]
        same in all rows: state=open
        order: 2
        3 rows: id,city,note
        1,Berlin,
        2,"Paris, TX",say "hi" now
        3,Rome,007
        """)
  }

  @Test func columnsBecomeATable() throws {
    let text = """
      NAME     READY   STATUS    NOMINATED NODE   AGE
      web-1    1/1     Running   <none>           3d
      web-22   1/1     Running   <none>           14h
      db       1/1     Running   <none>           <unknown>
      """
    let shorter = try form(text, StructuredForms<AlignedText>.self)
    #expect(
      shorter == """
        [columns, 6 lines, table, gap 3]
        same in all rows: READY=1/1; STATUS=Running; "NOMINATED NODE"="<none>"
        order: 1,2,3
        3 rows: NAME,AGE
        web-1,3d
        web-22,14h
        db,"<unknown>"
        """)
  }

  @Test func dashesBelowNamesComeBack() throws {
    let text = """
        Type     Reason      Age   Message
        ----     ------      ---   -------
        Warning  BackOff     3m    Back-off restarting failed container
        Warning  Unhealthy   18m   Readiness probe failed: connection refused
        Normal   Pulled      20m   Container image is present
      """
    #expect(try form(text, StructuredForms<AlignedText>.self)?.contains("rule]\n3 rows") == true)
  }

  @Test func ruledTablesLoseTheirRules() throws {
    let text = """
       id | name  | qty 
      ----+-------+-----
        1 | Ada   |   3
       12 | Grace |  14
        7 |       |   5
      """
    #expect(
      try form(text, StructuredForms<RuledText>.self)?.hasPrefix("[ruled, 4 lines, table, psql, right 1 3]\n") == true)
  }

  @Test func yamlBecomesAnOutline() throws {
    let text = """
      apiVersion: v1
      kind: List
      items:
      - name: web
        version: "3"
        ready: true
        args:
        - --port
        - "80"
      - name: db
        version: "4"
        ready: true
        args: []
      - name: cache
        version: "10"
        ready: true
        args:
        - --size
        - 64Mi
      - name: queue
        version: "11"
        ready: true
        args:
        - --verbose
      metadata:
        notes: |
          first

          second
        at: "2026-01-02T03:04:05Z"
        ip: 10.0.0.1
      """
    let shorter = try #require(try form(text, StructuredForms<YAMLText>.self))
    #expect(shorter.hasPrefix("[yaml, "))
    #expect(shorter.contains("\nitems: [table]\n"))
  }

  @Test func xmlBecomesAnOutline() throws {
    let text = """
      <suite name="all" tests="3" failures="1">
        <properties/>
        <case name="x" time="0.1"/>
        <case name="y" time="0.2"/>
        <case name="z" time="0.3">
          <failure type="Error">first
      second &lt;here&gt;</failure>
        </case>
      </suite>
      """
    let shorter = try #require(try form(text, StructuredForms<XMLText>.self))
    #expect(shorter.hasPrefix("[xml, "))
    #expect(shorter.contains("first"))
  }

  // MARK: Round trips

  @Test func delimitedValuesComeBack() throws {
    var generator = SeededGenerator(seed: 41)
    var identical = 0
    for _ in 0..<150 {
      let text = TableText.delimited(using: &generator)
      identical += try roundTrip(text, StructuredForms<CSVText>.self, hint: Hint(path: Array("a.csv".utf8))) ? 1 : 0
    }
    #expect(identical > 90)
  }

  @Test func columnsComeBack() throws {
    var generator = SeededGenerator(seed: 42)
    var identical = 0
    for _ in 0..<120 {
      identical += try roundTrip(TableText.aligned(using: &generator), StructuredForms<AlignedText>.self) ? 1 : 0
    }
    #expect(identical > 10)
  }

  @Test func ruledTablesComeBack() throws {
    var generator = SeededGenerator(seed: 43)
    var identical = 0
    for _ in 0..<120 {
      identical += try roundTrip(TableText.ruled(using: &generator), StructuredForms<RuledText>.self) ? 1 : 0
    }
    #expect(identical > 60)
  }

  @Test func yamlComesBack() throws {
    var generator = SeededGenerator(seed: 44)
    var identical = 0
    for _ in 0..<120 {
      identical += try roundTrip(TableText.yaml(using: &generator), StructuredForms<YAMLText>.self) ? 1 : 0
    }
    #expect(identical > 10)
  }

  @Test func xmlComesBack() throws {
    var generator = SeededGenerator(seed: 47)
    var identical = 0
    for _ in 0..<40 {
      identical += try roundTrip(TableText.xml(using: &generator), StructuredForms<XMLText>.self) ? 1 : 0
    }
    #expect(identical > 10)
  }

  @Test(.enabled(if: RecordedData.isPresent)) func recordedTablesComeBack() throws {
    let files = [
      "tables/vega/github.csv", "logs/loghub/Linux_2k.log_templates.csv", "commands/jc/centos-7.7_ps-axu.txt",
      "commands/jc/centos-7.7_ps-ef.txt", "commands/jc/centos-7.7_netstat-sudo-aeep.txt",
      "commands/jc/fedora32_netstat.txt", "logs/build/analysis-model/junit.xml",
      "logs/kubernetes/03_cpu_throttling/kubectl_get_yaml.txt",
      "logs/kubernetes/07_job_syntax_error/kubectl_get_by_kind_in_namespace_pod.txt",
    ]
    for file in files {
      let text = try RecordedData.bytes(file)
      let outcome = Pipeline(
        tokenizer: Tokenizer(vocabulary: .o200k), policy: Policy(level: .lossless, retrieval: .none), store: nil,
        query: nil
      )
      .shorten(text, hint: Hint(), isError: false)
      guard let bytes = outcome.bytes, outcome.fidelity == .identical else { continue }
      #expect(expand(text: bytes) == text, "\(file)")
    }
  }

  // MARK: Damage

  @Test func damagedTextIsNeverMisread() throws {
    var generator = SeededGenerator(seed: 45)
    let encoders: [any TextForms.Type] = [
      StructuredForms<CSVText>.self, StructuredForms<AlignedText>.self, StructuredForms<RuledText>.self,
      StructuredForms<YAMLText>.self, StructuredForms<XMLText>.self,
    ]
    for round in 0..<100 {
      let source =
        switch round % 5 {
        case 0: TableText.delimited(using: &generator)
        case 1: TableText.aligned(using: &generator)
        case 2: TableText.ruled(using: &generator)
        case 3: TableText.xml(using: &generator)
        default: TableText.yaml(using: &generator)
        }
      let damaged = TableText.damage(source, using: &generator)
      for encoder in encoders { _ = try roundTrip(damaged, encoder) }
    }
  }

  @Test func damagedFramesDoNotCrash() {
    var generator = SeededGenerator(seed: 46)
    Tokenizer(vocabulary: .o200k).withCounter { counter in
      for _ in 0..<12 {
        for (text, encoder) in [
          (TableText.delimited(using: &generator), StructuredForms<CSVText>.self as any TextForms.Type),
          (TableText.aligned(using: &generator), StructuredForms<AlignedText>.self),
          (TableText.ruled(using: &generator), StructuredForms<RuledText>.self),
          (TableText.yaml(using: &generator), StructuredForms<YAMLText>.self),
          (TableText.xml(using: &generator), StructuredForms<XMLText>.self),
        ] {
          let lines = TextLines(text)
          guard let run = encoder.find(in: lines, hint: Hint()).first,
            let form = encoder.init(lines[run], hint: Hint(), counter: counter)?.complete().last
          else { continue }
          for _ in 0..<4 { _ = expand(text: TableText.damage(form.bytes, using: &generator)) }
        }
      }
    }
  }

  @Test func strangeBytesAreLeftAlone() throws {
    for text in [
      [], [0x0a], [0], Array("\n\n\n\n".utf8), [UInt8](repeating: UInt8(ascii: ","), count: 10_000),
      [UInt8](repeating: UInt8(ascii: "\""), count: 10_000), Array(String(repeating: "\"a\n", count: 3_000).utf8),
      Array(String(repeating: "- ", count: 5_000).utf8), Array(String(repeating: "a:\n ", count: 2_000).utf8),
      Array((0..<200).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n").utf8),
      Array("a,b\n\u{0},1\n\u{0},2\n".utf8), [0xff, 0x2c, 0xfe, 0x0a, 0xff, 0x2c, 0xfe, 0x0a, 0xff, 0x2c, 0xfe],
    ] as [[UInt8]] {
      for encoder in TextEncoders.all { _ = try roundTrip(text, encoder) }
    }
  }

  // MARK: Look-alikes

  @Test func otherTextIsNotClaimed() {
    let texts = [
      """
      Well, that was easy, was it not?
      Yes, it was, and then, of course, it rained.
      No, I did not see that, but others, I hear, did.
      """,
      """
      let a = f(1, 2)
      let b = f(3, 4)
      let c = f(5, 6)
      let d = f(7, 8)
      """,
      """
      2026-01-02 10:00:00,123 INFO main started
      2026-01-02 10:00:01,456 INFO main working
      2026-01-02 10:00:02,789 WARN main stopping
      """,
      """
      INFO   main    Starting up the server
      INFO   main    Listening on port 80
      WARN   main    Slow request seen
      INFO   main    Shutting down
      """,
      """
      Name:         web-1
      Namespace:    default
      Labels:       app=web
      Status:       Running
      IP:           10.0.0.1
      """,
      """
      Author: Ada
      Subject: Tables
      This is text: it has a colon.
      And more text follows here.
      Then it ends.
      """,
      """
      src/a.swift:12:let x = 1, y = 2
      src/a.swift:14:let x = 3, y = 4
      src/b.swift:2:let x = 5, y = 6
      """,
      """
      if (a) {
        return b
      }
      else  {
        return c
      }
      """,
    ]
    for text in texts {
      let lines = TextLines(Array(text.utf8))
      for encoder in tables { #expect(encoder.find(in: lines, hint: Hint()).isEmpty, "\(encoder.name): \(text)") }
    }
  }

  @Test func yamlWithCommentsOrAnchorsIsLeftAlone() {
    for line in ["# a comment", "  b: &x 1", "  b: *x", "  b: !tag 1", "  b: [1, 2]", "  b: >", "  b: x # why"] {
      let text = "a:\n  c: 1\n\(line)\nd:\n  e: 2\n  f: 3"
      #expect(StructuredForms<YAMLText>.find(in: TextLines(Array(text.utf8)), hint: Hint()).isEmpty, "\(line)")
    }
  }

  // MARK: Cuts

  @Test func errorsStayInView() throws {
    var rows = ["id,status,message,millis"]
    for i in 1...600 {
      rows.append(i == 317 ? "317,error,disk is full,12" : "\(i),ok,request \(i % 7) served,\(10 + i * 37 % 11)")
    }
    let text = Array(rows.joined(separator: "\n").utf8)
    let cut = try #require(try cut(text, StructuredForms<CSVText>.self))
    let view = String(decoding: cut.bytes, as: UTF8.self)
    #expect(view.contains("317,error,disk is full,12") || view.contains("disk is full"))
    #expect(view.contains("of 600 rows stored #"))
    // Rows in view and gaps make up the table.
    var total = 0
    var isBody = false
    for line in view.split(separator: "\n") {
      if line.hasPrefix("["), line.contains(" rows stored ") {
        isBody = true
      } else if isBody, line.hasPrefix("[row") {
        let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
        #expect(numbers[0] == total + 1)
        total = numbers.last ?? 0
      } else if isBody {
        total += 1
      }
    }
    #expect(total == 600)
  }

  @Test func rowsOfAStoredTableAreItsRows() throws {
    let csv = Array("id,text\n1,\"a\nb\"\n2,c\n3,d\n".utf8)
    func rows(_ text: [UInt8], _ range: String) throws -> String {
      String(decoding: try Retrieval.part(of: text, Selection(rows: NumberRange(range))), as: UTF8.self)
    }
    #expect(try rows(csv, "1-2") == "1,\"a\nb\"\n2,c")
    let columns = Array("Something first\nNAME   AGE\nweb    3d\ndb     4d\nx      5d\n\nand last".utf8)
    #expect(try rows(columns, "2") == "db     4d")
    let yaml = Array("items:\n- a: 1\n  b: 2\n- a: 3\n  b: 4\n- a: 5\n  b: 6\nkind: List\n".utf8)
    #expect(try rows(yaml, "2-3") == "- a: 3\n  b: 4\n- a: 5\n  b: 6")
    let xml = Array("<?xml?>\n<a>\n  <b x='1'/>\n  <b x='2'>t</b>\n  <b x='3'/>\n</a>\n".utf8)
    #expect(try rows(xml, "1-2") == "<b x='1'/>\n  <b x='2'>t</b>")
    #expect(try rows(Array("plain\ntext\n".utf8), "2") == "text\n")
  }

  // MARK: Helpers

  private var tables: [any TextForms.Type] {
    [
      StructuredForms<CSVText>.self, StructuredForms<AlignedText>.self, StructuredForms<RuledText>.self,
      StructuredForms<YAMLText>.self, StructuredForms<XMLText>.self,
    ]
  }

  /// The shortest form of the first run, which must be all of the text.
  private func form(_ text: String, _ encoder: any TextForms.Type) throws -> String? {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      let lines = TextLines(Array(text.utf8))
      let run = try #require(encoder.find(in: lines, hint: Hint()).first)
      #expect(run == 0..<lines.count)
      let form = try #require(encoder.init(lines, hint: Hint(), counter: counter)?.complete().last)
      #expect(form.fidelity == .identical)
      let frame = try #require(Frame(form.bytes, at: 0))
      #expect(encoder.decode(frame)?.elementsEqual(lines.bytes) == true)
      return String(decoding: form.bytes, as: UTF8.self)
    }
  }

  private func cut(_ text: [UInt8], _ encoder: any TextForms.Type) throws -> Candidate? {
    Tokenizer(vocabulary: .o200k).withCounter { counter in
      let request = CutRequest(
        budget: 300, query: Query(), handle: Handle(of: text), retrieval: .shell, level: .balanced)
      return encoder.init(TextLines(text), hint: Hint(path: Array("a.csv".utf8)), counter: counter)?.cut(request)
    }
  }

  /// Whether all runs have forms that are said to be identical; each of these must be.
  private func roundTrip(_ text: [UInt8], _ encoder: any TextForms.Type, hint: Hint = Hint()) throws -> Bool {
    Tokenizer(vocabulary: .o200k).withCounter { counter in
      let lines = TextLines(text)
      var isIdentical = false
      var end = 0
      for run in encoder.find(in: lines, hint: hint) {
        #expect(run.lowerBound >= end && run.upperBound <= lines.count && !run.isEmpty)
        end = run.upperBound
        for form in encoder.init(lines[run], hint: hint, counter: counter)?.complete() ?? [] {
          guard form.fidelity == .identical else { continue }
          isIdentical = true
          let decoded = Frame(form.bytes, at: 0).flatMap { encoder.decode($0) }
          #expect(
            decoded?.elementsEqual(lines[run].bytes) == true,
            "\(String(decoding: lines[run].bytes.prefix(600), as: UTF8.self))")
        }
      }
      return isIdentical
    }
  }
}
