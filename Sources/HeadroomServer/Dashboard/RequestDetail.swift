import Headroom

/// One request's tool results, and what became of each, as JSON.
struct RequestDetail: Encodable {
  var request: RequestRow
  var blocks: [DetailedBlock]

  struct DetailedBlock: Encodable {
    /// Its number in the request, from 0: `/dashboard/requests/NUMBER/blocks/INDEX` has its text.
    var index: Int
    var path: String
    var tool: String?
    /// What the tool was called for: its command line, or a path.
    var about: String?
    /// Whether the request is the first that has it.
    var isNew: Bool
    var isError: Bool
    var kind: String
    /// Absent when it is sent as it came.
    var encoder: String?
    var fidelity: String
    var handle: String?
    var tokensBefore: Int
    var tokensSent: Int
    var storeFailure: String?
  }

  init(_ entry: RecentRequests.Entry, localTime: LocalTime) {
    request = RequestRow(
      RecentRequests.Listing.Item(id: entry.id, record: entry.record, isFinished: entry.isFinished), localTime)
    let body = RequestBody(entry.body)
    blocks = entry.result.blocks.enumerated().map { index, record in
      let place = body?.blocks.firstIndex { $0.path == record.path }
      let block = place.flatMap { body?.blocks[$0] }
      let hint = place.flatMap { body?.hint(of: $0) }
      return DetailedBlock(
        index: index, path: record.path, tool: hint?.toolName.map { String(decoding: $0, as: UTF8.self) },
        about: (hint?.command ?? hint?.path).map { RequestDetail.firstLine($0) },
        isNew: record.isNew, isError: block?.isError ?? false, kind: record.kind,
        encoder: record.encoder, fidelity: record.fidelity.rawValue, handle: record.handle?.description,
        tokensBefore: record.tokensBefore, tokensSent: record.tokensAfter, storeFailure: record.storeFailure)
    }
  }

  /// The beginning of a text that a line has room for.
  private static func firstLine(_ text: [UInt8]) -> String {
    let line = text.prefix { $0 != UInt8(ascii: "\n") }
    let isWhole = line.count == text.count && line.count <= 200
    return String(decoding: line.prefix(200), as: UTF8.self) + (isWhole ? "" : "…")
  }
}

/// The text of one tool result, and what is sent for it, as JSON.
struct BlockText: Encodable {
  var before: String
  /// Absent when it is sent as it came.
  var sent: String?

  /// Nil when there is no such block.
  init?(_ entry: RecentRequests.Entry, index: Int) {
    guard entry.result.blocks.indices.contains(index) else { return nil }
    let path = entry.result.blocks[index].path
    guard let original = BlockText.text(path, in: entry.body) else { return nil }
    before = String(decoding: original, as: UTF8.self)
    guard entry.result.blocks[index].encoder != nil, let other = BlockText.text(path, in: entry.result.body) else {
      return
    }
    sent = String(decoding: other, as: UTF8.self)
  }

  private static func text(_ path: String, in bytes: [UInt8]) -> [UInt8]? {
    guard let body = RequestBody(bytes), let index = body.blocks.firstIndex(where: { $0.path == path }) else {
      return nil
    }
    return body.payload(of: index)
  }
}
