/// Diagnostics without a place, as most tools print them, and what the shell says of a command.
enum CommonDiagnostics: BuildGrammar {
  static let commands: [String] = []
  static let rules = [
    BuildRule(.error, "error: ", isWeak: true), BuildRule(.error, "error[", isWeak: true),
    BuildRule(.error, "Error: ", isWeak: true),
    BuildRule(.error, "ERROR: ", isWeak: true),
    BuildRule(.error, "ERROR ", isWeak: true), BuildRule(.error, "error ", isWeak: true),
    BuildRule(.error, "fatal error", isWeak: true),
    BuildRule(.error, "FATAL", isWeak: true),
    BuildRule(.error, "Traceback (most recent", isWeak: true), BuildRule(.error, "panic: ", isWeak: true),
    BuildRule(.error, "Caused by:", isWeak: true),
    BuildRule(.error, "Segmentation fault", isWeak: true), BuildRule(.error, "Killed$", isWeak: true),
    BuildRule(.verdict, "exit status ", isWeak: true), BuildRule(.verdict, "exit code", isWeak: true),
    BuildRule(.verdict, "Exit code", isWeak: true),
    BuildRule(.verdict, "EXIT CODE", isWeak: true), BuildRule(.verdict, "Command failed", isWeak: true),
    BuildRule(.error, "*: error: ", isWeak: true), BuildRule(.error, "*: fatal error: ", isWeak: true),

    BuildRule(.warning, "warning: ", "warning", isWeak: true),
  ]
}
