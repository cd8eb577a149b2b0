/// Paths, one a line, as find, fd, `rg -l`, `git ls-files` and tree print them, some with a figure: wc, du, `rg -c`, `git ls-tree`.
struct PathList {
  /// What stands around the path in a line.
  enum Layout: Equatable {
    case path
    /// `src/a.c:12`
    case count
    /// `   12 src/a.c`, right-aligned.
    case words(width: Int)
    /// `12K`, a tab, `src/a.c`.
    case size
    /// `100644 blob 8c3f… 12`, a tab, `src/a.c`; with or without a size.
    case object(mode: [UInt8], hasSize: Bool)
    case tree(TreeStyle)
  }

  struct Entry {
    var path: Range<Int>
    /// The figure; empty when there is none.
    var value: Range<Int>
    /// What stands before it where that is not the same for all: the mode of an object.
    var mode: Range<Int> = 0..<0
  }

  var layout: Layout
  var entries: [Entry] = []
  var lines: Range<Int>
}

extension PathList.Layout {
  /// What a header says of it.
  var detail: [UInt8] {
    switch self {
    case .path: []
    case .count: Array(", name:count".utf8)
    case .words(let width): Array(", name:count, wc \(width)".utf8)
    case .size: Array(", name:size, du".utf8)
    case .object(let mode, let hasSize):
      Array((hasSize ? ", name:object:size, ls-tree -l " : ", name:object, ls-tree ").utf8) + mode
    case .tree(let style): Array(", tree \(style.rawValue)".utf8)
    }
  }

  /// Reads the end of a header's detail.
  init?(_ detail: ArraySlice<UInt8>) {
    if detail.isEmpty {
      self = .path
    } else if detail.elementsEqual(PathList.Layout.count.detail) {
      self = .count
    } else if detail.elementsEqual(PathList.Layout.size.detail) {
      self = .size
    } else if let width = PathList.Layout.rest(of: detail, behind: ", name:count, wc ") {
      guard let width = Int(String(decoding: width, as: UTF8.self)), width >= 0, width < 100 else { return nil }
      self = .words(width: width)
    } else if let mode = PathList.Layout.rest(of: detail, behind: ", name:object:size, ls-tree -l ") {
      self = .object(mode: Array(mode), hasSize: true)
    } else if let mode = PathList.Layout.rest(of: detail, behind: ", name:object, ls-tree ") {
      self = .object(mode: Array(mode), hasSize: false)
    } else if let style = PathList.Layout.rest(of: detail, behind: ", tree ") {
      guard let style = TreeStyle(rawValue: String(decoding: style, as: UTF8.self)) else { return nil }
      self = .tree(style)
    } else {
      return nil
    }
  }

  private static func rest(of detail: ArraySlice<UInt8>, behind start: String) -> ArraySlice<UInt8>? {
    detail.starts(with: start.utf8) ? detail.dropFirst(start.utf8.count) : nil
  }
}
