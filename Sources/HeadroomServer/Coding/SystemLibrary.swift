#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A shared library of the system, opened when it is first needed, so that the program builds and starts where it is absent.
struct SystemLibrary {
  private let handle: UnsafeMutableRawPointer

  /// Opens the library; nil when it is not there. It stays open for good: the functions found in it must stay valid.
  /// - Parameters:
  ///   - linux: its file's name on Linux, with the version of its interface.
  ///   - macOS: the same on macOS.
  init?(linux: String, macOS: String) {
    #if canImport(Darwin)
      // Package managers install where the loader does not look by itself.
      let names = [macOS, "/opt/homebrew/lib/" + macOS, "/usr/local/lib/" + macOS]
    #else
      let names = [linux]
    #endif
    guard let handle = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else { return nil }
    self.handle = handle
  }

  /// The function of that name; nil when the library has none.
  /// - Parameter type: its type in C, which cannot be checked.
  func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    dlsym(handle, name).map { unsafeBitCast($0, to: type) }
  }
}
