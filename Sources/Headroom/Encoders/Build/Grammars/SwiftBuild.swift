/// swiftc and `swift build`.
enum SwiftBuild: BuildGrammar {
  static let commands = ["swift", "swiftc"]
  static let rules = [
    BuildRule(.verdict, "Build complete!"),
    BuildRule(.verdict, "Build of product"),
    BuildRule(.verdict, "Build of target"),
    BuildRule(.verdict, "error: fatalError"),
    BuildRule(.verdict, "error: emit-module command failed"),
    BuildRule(.step, "Building for debugging..."),
    BuildRule(.step, "Building for production..."),
    BuildRule(.progress, "Fetching http", "Fetching", isWeak: true),
    BuildRule(.progress, "Fetched http", "Fetched"),
    BuildRule(.progress, "Updating http", "Updating", isWeak: true),
    BuildRule(.progress, "Updated http", "Updated"),
    BuildRule(.progress, "Creating working copy for ", "Creating working copy"),
    BuildRule(.progress, "Working copy of ", "Working copy"),
    BuildRule(.progress, "Computing version for ", "Computing version"),
    BuildRule(.progress, "Computed http", "Computed"),
    BuildRule(.progress, "Cloning http", "Cloning"),
    BuildRule(.progress, "Resolving http", "Resolving"),
    BuildRule(.progress, "Compiling Swift Module", "Compiling"),
    BuildRule(.progress, "Emitting module ", "Emitting"),
    BuildRule(.progress, "Linking ", "Linking", isWeak: true),
    BuildRule(.progress, "Wrapping AST for ", "Wrapping"),
  ]
}
