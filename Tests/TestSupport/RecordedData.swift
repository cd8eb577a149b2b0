public import Foundation

/// Real data to test on, outside the project: a folder named by `HEADROOM_DATA`, or `../shared/data` beside the checkout.
/// Tests that need it are `.enabled(if: RecordedData.isPresent)`, so that they show as skipped where it is absent.
public enum RecordedData {
  public static let root: URL = {
    if let path = ProcessInfo.processInfo.environment["HEADROOM_DATA"] { return URL(fileURLWithPath: path) }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent()  // TestSupport
      .deletingLastPathComponent().deletingLastPathComponent()  // the checkout
      .deletingLastPathComponent().appendingPathComponent("shared/data")
  }()

  public static var isPresent: Bool { FileManager.default.fileExists(atPath: root.path) }

  /// The bytes of one file.
  public static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appendingPathComponent(path)))
  }

  /// The files below `folder` whose names end in one of `extensions` (all of them when empty), sorted by path.
  public static func files(below folder: String = "", extensions: [String] = []) -> [URL] {
    let start = folder.isEmpty ? root : root.appendingPathComponent(folder)
    let all = FileManager.default.enumerator(at: start, includingPropertiesForKeys: [.isRegularFileKey])
    return (all?.compactMap { $0 as? URL } ?? [])
      .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true }
      .filter { extensions.isEmpty || extensions.contains($0.pathExtension) }
      .sorted { $0.path < $1.path }
  }
}
