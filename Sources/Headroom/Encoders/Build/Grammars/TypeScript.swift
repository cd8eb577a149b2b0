/// tsc, and the bundlers that build what it checks.
enum TypeScript: BuildGrammar {
  static let commands = ["tsc", "vue-tsc", "vite", "webpack", "rollup", "esbuild", "next", "ng", "turbo", "nx"]
  static let rules = [
    BuildRule(.verdict, "Found % error", isWeak: true),
    BuildRule(.verdict, "Errors Files"),
    BuildRule(.verdict, "webpack % compiled"),
    BuildRule(.verdict, "webpack compiled"),
    BuildRule(.verdict, "✓ built in"),
    BuildRule(.verdict, "✓ % modules transformed"),
    BuildRule(.verdict, "✓ Compiled"),
    BuildRule(.verdict, "Failed to compile"),
    BuildRule(.verdict, "Build failed", isWeak: true),
    BuildRule(.error, "error TS%:"),
    BuildRule(.error, "ERROR in ", isWeak: true),
    BuildRule(.error, "Module not found:"),
    BuildRule(.error, "✘ [ERROR]"),
    BuildRule(.error, "[vite]* error"),
    BuildRule(.warning, "WARNING in ", "WARNING", isWeak: true),
    BuildRule(.warning, "▲ [WARNING]", "WARNING"),
    BuildRule(.progress, "asset ", "assets", isWeak: true),
    BuildRule(.progress, "modules by path ", "modules"),
    BuildRule(.progress, "dist/*%", "files", isWeak: true),
    BuildRule(.progress, "transforming (%)", "transforming"),
  ]
}
