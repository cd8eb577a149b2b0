/// Tells frames of libraries and runtimes from those of the project, and names what they belong to.
enum LibraryFrame {
  /// Folders whose subfolders are packages.
  private static let packageFolders: [StaticString] = [
    "site-packages/", "dist-packages/", "node_modules/", "/gems/", "/pkg/mod/", "/registry/src/", "/vendor/",
    "/.m2/repository/",
  ]

  /// What stands in frames of runtimes and standard libraries, and what it is called.
  private static let runtimes: [(mark: StaticString, name: String)] = [
    ("/lib/python", "python"), ("<frozen ", "python"), ("node:", "node"), ("(internal/", "node"),
    ("at internal/", "node"), ("/rustc/", "rust"), (" std::", "rust"), (" core::", "rust"),
    ("/usr/local/go/", "go"), ("/go/src/", "go"), ("runtime.goexit", "go"), ("/usr/lib/", "system"),
    ("/lib/x86_64", "system"), ("libsystem_", "system"), ("libdispatch", "system"), ("CoreFoundation", "system"),
    ("libc.so", "system"), ("/lib/ruby/", "ruby"), ("[internal function]", "php"),
  ]

  /// What frames that name a class or function begin with, and what it is called.
  private static let classes: [(prefix: StaticString, name: String)] = [
    ("java.", "java"), ("javax.", "java"), ("jdk.", "java"), ("sun.", "java"), ("com.sun.", "java"),
    ("java.base/", "java"), ("kotlin.", "kotlin"), ("kotlinx.", "kotlin"), ("scala.", "scala"),
    ("org.springframework.", "spring"), ("org.apache.catalina.", "tomcat"), ("org.apache.tomcat.", "tomcat"),
    ("org.apache.coyote.", "tomcat"), ("org.eclipse.jetty.", "jetty"), ("org.hibernate.", "hibernate"),
    ("io.netty.", "netty"), ("org.junit.", "junit"), ("junit.", "junit"), ("reactor.", "reactor"),
    ("org.apache.maven.", "maven"), ("org.gradle.", "gradle"), ("System.", ".net"), ("Microsoft.", ".net"),
    ("akka.", "akka"), ("groovy.", "groovy"), ("org.codehaus.groovy.", "groovy"),
  ]

  /// What a frame belongs to when it is not the project's; nil when it may be.
  static func owner(of frame: UnsafeBufferPointer<UInt8>) -> String? {
    for folder in packageFolders {
      let mark = UnsafeBufferPointer(start: folder.utf8Start, count: folder.utf8CodeUnitCount)
      guard frame.contains(mark), let place = last(mark, in: frame) else { continue }
      var end = place + mark.count
      // `@scope/package` is one name.
      var slashes = end < frame.count && frame[end] == UInt8(ascii: "@") ? 2 : 1
      while end < frame.count, frame[end] != UInt8(ascii: "\""), frame[end] != UInt8(ascii: ":") {
        if frame[end] == UInt8(ascii: "/") {
          slashes -= 1
          if slashes == 0 { break }
        }
        end += 1
      }
      return String(decoding: frame[place + mark.count..<end], as: UTF8.self)
    }
    var start = 0
    while start < frame.count, frame[start] == UInt8(ascii: " ") || frame[start] == UInt8(ascii: "\t") { start += 1 }
    var call = UnsafeBufferPointer(rebasing: frame[start...])
    if call.starts("... ") { return "java" }
    if call.starts("at ") { call = UnsafeBufferPointer(rebasing: call[3...]) }
    for (prefix, name) in classes where call.starts(prefix) { return name }
    for (mark, name) in runtimes where frame.contains(mark) { return name }
    return nil
  }

  private static func last(_ mark: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Int? {
    var place = text.count - mark.count
    while place >= 0 {
      if text.has(mark, at: place) { return place }
      place -= 1
    }
    return nil
  }
}
