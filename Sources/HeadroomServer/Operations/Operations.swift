import Foundation
import HTTPTypes
import Headroom
import HeadroomStore
import Logging
import NIOCore

/// The paths that the proxy answers itself.
struct Operations: Sendable {
  let configuration: ProxyConfiguration
  let access: AccessPolicy
  let originals: any OriginalStore
  let readiness: Readiness
  let dashboard: Dashboard

  private static let paths: Set<String> = ["/livez", "/readyz", "/v1/compress"]
  private static let retrieve = "/v1/retrieve/"

  /// Whether a path is the proxy's own; all others are the upstreams'.
  static func owns(_ path: String) -> Bool {
    paths.contains(path) || path.hasPrefix(retrieve) || Dashboard.owns(path)
  }

  /// Whether a path is open to all who may call: nothing of anybody is there.
  static func isPublic(_ path: String) -> Bool { path == Dashboard.page }

  func respond(to request: ClientRequest, through sink: ResponseSink) async throws {
    let path = request.head.pathOnly
    switch (request.head.method, path) {
    case (.get, "/livez"), (.head, "/livez"):
      try await sink.answer(ByteBuffer(string: "ok\n"), status: 200, type: Self.text)
    case (.get, "/readyz"):
      let report = await readiness.check()
      try await sink.answer(ByteBuffer(bytes: report.json), status: report.isReady ? 200 : 503)
    case (.post, "/v1/compress"): try await shown(to: request, sink) { try await compress(request, sink) }
    case (.get, _) where path.hasPrefix(Self.retrieve):
      try await shown(to: request, sink) { try await retrieve(request, sink) }
    case (.get, Dashboard.page), (.head, Dashboard.page): try await show(request, sink)
    case (.get, _) where Dashboard.owns(path), (.head, _) where Dashboard.owns(path):
      try await shown(to: request, sink) { try await show(request, sink) }
    default: try await sink.answer(ProblemText.proxy("\(path) takes another method"), status: 405)
    }
  }

  private static let text = "text/plain; charset=utf-8"

  /// Runs `body` when the request is one of this user's, or has the token: content is nobody else's.
  private func shown(to request: ClientRequest, _ sink: ResponseSink, _ body: () async throws -> Void) async throws {
    if access.hasToken(request.head.headerFields) || PeerOwner.isThisUser(request.channel) { return try await body() }
    let reason = "only the user who runs the proxy is shown this; others send the token in x-headroom-token"
    try await sink.answer(ProblemText.proxy(reason), status: 403)
  }

  /// The dashboard and its figures.
  private func show(_ request: ClientRequest, _ sink: ResponseSink) async throws {
    let query = Query(request.head.path ?? "")
    let path = request.head.pathOnly
    // The page reads its token itself, where the server need not.
    if let unknown = query.unknown(among: path == Dashboard.page ? ["token"] : path == "/stats" ? ["requests"] : []) {
      return try await sink.answer(ProblemText.proxy("no parameter \(unknown)"), status: 400)
    }
    guard let most = Int(query["requests"] ?? "100") else {
      return try await sink.answer(ProblemText.proxy("requests takes a number"), status: 400)
    }
    do {
      let answer = try await dashboard.answer(
        path: path, known: request.head.headerFields[.ifNoneMatch], mostRequests: most, now: Clock.milliseconds())
      try await sink.answer(answer.status, answer.fields, ByteBuffer(bytes: answer.body))
    } catch let error as StoreError {
      try await sink.answer(ProblemText.proxy(error.message), status: 500)
    }
  }

  /// Shortens what is posted: a request body, a list of messages, or any text. It comes back in the same form.
  private func compress(_ request: ClientRequest, _ sink: ResponseSink) async throws {
    guard case .complete(let buffer) = request.body else {
      return try await sink.answer(ProblemText.proxy("the body is too long to be shortened"), status: 413)
    }
    let query = Query(request.head.path ?? "")
    if let unknown = query.unknown(among: ["level", "model", "query"]) {
      return try await sink.answer(
        ProblemText.proxy("no parameter \(unknown): use level, model or query"), status: 400)
    }
    guard let level = query["level"].map({ Level(rawValue: $0) }) ?? configuration.level else {
      return try await sink.answer(
        ProblemText.proxy("no such level: use \(Level.allCases.map(\.rawValue).joined(separator: ", "))"), status: 400)
    }
    let result = await Headroom.compress(
      Array(buffer.readableBytesView), model: query["model"],
      options: Options(level: level, query: query["query"], store: originals))
    var fields: HTTPFields = [
      .contentType: request.head.headerFields[.contentType] ?? Self.text,
      HTTPField.Name("x-headroom-tokens-before")!: "\(result.tokensBefore)",
      HTTPField.Name("x-headroom-tokens-after")!: "\(result.tokensAfter)",
    ]
    fields[.cacheControl] = "no-store"
    try await sink.answer(.ok, fields, ByteBuffer(bytes: result.body))
  }

  /// A stored original, or the part of it that the query asks for.
  private func retrieve(_ request: ClientRequest, _ sink: ResponseSink) async throws {
    let query = Query(request.head.path ?? "")
    do {
      if let unknown = query.unknown(among: ["lines", "rows", "grep", "query", "path"]) {
        throw SelectionProblem(text: "no parameter \(unknown): use lines, rows, grep, query or path")
      }
      let name = String(request.head.pathOnly.dropFirst(Self.retrieve.utf8.count)).lowercased()
      guard let handle = Handle(name) else { throw SelectionProblem(text: "no handle: #k3m9qz is one") }
      let selection = Selection(
        path: query["path"], rows: try query["rows"].map { try NumberRange($0) },
        lines: try query["lines"].map { try NumberRange($0) }, grep: query["grep"], query: query["query"])
      let part = try Retrieval.part(of: originals.original(handle), selection)
      try await sink.answer(
        .ok, [.contentType: Self.text, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
        ByteBuffer(bytes: part))
    } catch let error as StoreError {
      let isGone = error.code == .unknownHandle || error.code == .expired
      try await sink.answer(ProblemText.proxy(error.message), status: isGone ? 404 : 500)
    } catch let error as SelectionError {
      try await sink.answer(ProblemText.proxy(error.message), status: error.code == .notFound ? 404 : 400)
    } catch let error as SelectionProblem {
      try await sink.answer(ProblemText.proxy(error.text), status: 400)
    }
  }

  private struct SelectionProblem: Error { var text: String }
}

/// The parameters after the `?` of a path.
struct Query {
  private var values: [String: String] = [:]

  init(_ path: String) {
    for item in URLComponents(string: path)?.queryItems ?? [] {
      values[item.name] = item.value?.replacingOccurrences(of: "+", with: " ")
    }
  }

  subscript(name: String) -> String? { values[name] }

  /// A parameter that is not one of these.
  func unknown(among known: Set<String>) -> String? { values.keys.sorted().first { !known.contains($0) } }
}
