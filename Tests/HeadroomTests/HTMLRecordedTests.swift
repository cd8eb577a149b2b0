import Foundation
import TestSupport
import Testing

@testable import Headroom

/// Real pages, against what people hold for their articles.
@Suite(.enabled(if: RecordedData.isPresent, "recorded data absent"))
struct HTMLRecordedTests {
  private struct Sample {
    var name: String
    var page: [UInt8]
    var gold: [UInt8]
  }

  private struct GroundTruth: Decodable { var articleBody: String }

  private static func samples() throws -> [Sample] {
    let readability = try RecordedData.files(below: "html/readability", extensions: ["html"])
      .filter { $0.lastPathComponent == "source.html" }
      .map { url -> Sample in
        let folder = url.deletingLastPathComponent()
        let gold = [UInt8](try Data(contentsOf: folder.appendingPathComponent("expected.html")))
        return Sample(name: folder.lastPathComponent, page: [UInt8](try Data(contentsOf: url)), gold: plain(gold))
      }
    let truth = try JSONDecoder().decode(
      [String: GroundTruth].self, from: Data(RecordedData.bytes("html/article-extraction-benchmark/ground-truth.json")))
    let benchmark = try RecordedData.files(below: "html/article-extraction-benchmark", extensions: ["html"])
      .map { url -> Sample in
        let name = url.deletingPathExtension().lastPathComponent
        return Sample(
          name: name, page: [UInt8](try Data(contentsOf: url)), gold: Array((truth[name]?.articleBody ?? "").utf8))
      }
    return readability + benchmark
  }

  /// A page's text without its tags; those of blocks part words.
  private static func plain(_ html: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var p = 0
    while p < html.count {
      if html[p] == UInt8(ascii: "<"), let end = html[p...].firstIndex(of: UInt8(ascii: ">")) {
        let name = html[(p + 1)..<end].drop { $0 == UInt8(ascii: "/") }.prefix { $0 | 0x20 >= 0x61 || $0 &- 0x30 < 10 }
        let inline = ["a", "b", "i", "em", "strong", "span", "code", "sup", "sub", "font", "u", "kbd", "small", "wbr"]
        if !inline.contains(String(decoding: name, as: UTF8.self)) { text.append(0x20) }
        p = end + 1
      } else {
        text.append(html[p])
        p += 1
      }
    }
    return text.withUnsafeBufferPointer { bytes in
      var out: [UInt8] = []
      HTMLTextWriter.appendVerbatim(bytes, 0..<bytes.count, to: &out)
      return out
    }
  }

  /// How often each word occurs: runs of letters and digits; where a script has no spaces, each letter.
  private func words(_ text: [UInt8]) -> [ArraySlice<UInt8>: Int] {
    var counts: [ArraySlice<UInt8>: Int] = [:]
    var p = 0
    while p < text.count {
      let byte = text[p]
      if byte >= 0xe3, byte < 0xee, p + 3 <= text.count {
        counts[text[p..<p + 3], default: 0] += 1
        p += 3
        continue
      }
      var end = p
      while end < text.count {
        let byte = text[end]
        guard
          byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte >= 0xc3 && byte < 0xe2
            || byte & 0xc0 == 0x80 && end > p
        else { break }
        end += 1
      }
      if end > p { counts[text[p..<end], default: 0] += 1 }
      p = max(end, p + 1)
    }
    return counts
  }

  /// The words of a form without addresses of links and our own lines.
  private func words(ofForm form: [UInt8]) -> [ArraySlice<UInt8>: Int] {
    var text = String(decoding: form, as: UTF8.self)
    text = text.replacingOccurrences(of: #"\]\([^)\s]*\)"#, with: "]", options: .regularExpression)
    text = text.replacingOccurrences(
      of: #"(?m)^\[(html page|article of|[^\]\n]*(links?|words)\]$)[^\n]*"#, with: "", options: .regularExpression)
    return words(Array(text.utf8))
  }

  private func score(_ form: [UInt8], _ gold: [UInt8]) -> (precision: Double, recall: Double) {
    let found = words(ofForm: form)
    let wanted = words(gold)
    let common = wanted.reduce(0) { $0 + min($1.value, found[$1.key] ?? 0) }
    return (
      Double(common) / Double(max(1, found.values.reduce(0, +))),
      Double(common) / Double(max(1, wanted.values.reduce(0, +)))
    )
  }

  private func pages(_ text: [UInt8]) -> (full: [UInt8]?, article: [UInt8]?) {
    text.withUnsafeBufferPointer { bytes in
      guard let range = HTMLFinder(bytes)?.pages(in: 0..<bytes.count).first, let page = HTMLPage(bytes, in: range)
      else {
        return (nil, nil)
      }
      return (page.markdown(), page.article())
    }
  }

  @Test func pagesKeepTheirArticlesInAFractionOfTheTokens() throws {
    try Tokenizer(vocabulary: .o200k).withCounter { counter in
      var before = 0
      var after = 0
      var recalls: [Double] = []
      var scores: [Double] = []
      for sample in try Self.samples() {
        let (full, article) = pages(sample.page)
        let form = try #require(full, "\(sample.name)")
        before += counter.count(sample.page)
        after += counter.count(form)
        let recall = score(form, sample.gold).recall
        #expect(recall > 0.95, "\(sample.name)")
        recalls.append(recall)
        if let article {
          let (precision, recall) = score(article, sample.gold)
          scores.append(2 * precision * recall / max(precision + recall, 0.001))
        }
      }
      #expect(recalls.reduce(0, +) / Double(recalls.count) >= 0.99)
      #expect(after * 100 <= before * 15, "\(before) to \(after) tokens")
      #expect(scores.count >= 24)
      #expect(scores.reduce(0, +) / Double(scores.count) >= 0.95)
    }
  }

  /// Without indentation a page reads the same.
  @Test func spacingChangesNothingThatIsShown() throws {
    for sample in try Self.samples() {
      let normalized =
        sample.page.withUnsafeBufferPointer { HTMLSpacing.normalized($0, in: 0..<$0.count) } ?? sample.page
      #expect(normalized.count <= sample.page.count)
      #expect(pages(normalized).full == pages(sample.page).full, "\(sample.name)")
    }
  }

  private struct Needles: Decodable {
    var question: String
    var needles: [String]
  }

  @Test(arguments: [Level.balanced, .aggressive])
  func passagesStayInView(_ level: Level) throws {
    let side = try JSONDecoder().decode(
      Needles.self, from: Data(RecordedData.bytes("workloads/web_reading.needles.json")))
    let body = try RecordedData.bytes("workloads/web_reading.json")
    let result = compress(body, options: Options(level: level, store: MemoryStore()))
    let text = String(decoding: result.body, as: UTF8.self)
    #expect(result.tokensAfter * 10 <= result.tokensBefore * 3)
    for needle in side.needles {
      #expect(text.contains(needle.replacingOccurrences(of: "\"", with: "\\\"")), "\(needle)")
    }
  }
}
