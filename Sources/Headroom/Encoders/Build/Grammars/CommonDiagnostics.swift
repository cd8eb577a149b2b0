/// Diagnostics without a place, as most tools print them, and what the shell says of a command.
enum CommonDiagnostics: BuildGrammar {
  static let commands: [String] = []
  static let rules = [
    BuildRule(.error, "error: "), BuildRule(.error, "error["), BuildRule(.error, "Error: "), BuildRule(.error, "ERROR: "),
    BuildRule(.error, "ERROR "), BuildRule(.error, "error "), BuildRule(.error, "fatal error"), BuildRule(.error, "FATAL"),
    BuildRule(.error, "Traceback (most recent"), BuildRule(.error, "panic: "), BuildRule(.error, "Caused by:"),
    BuildRule(.error, "Segmentation fault"), BuildRule(.error, "Killed$"),
    BuildRule(.verdict, "exit status "), BuildRule(.verdict, "exit code"), BuildRule(.verdict, "Exit code"),
    BuildRule(.verdict, "EXIT CODE"), BuildRule(.verdict, "Command failed"),
    BuildRule(.verdict, "*exited with code %"), BuildRule(.verdict, "*failed with exit code %"),
    BuildRule(.verdict, "*returned a non-zero code"), BuildRule(.verdict, "*did not complete successfully"),
    BuildRule(.warning, "warning: ", "warning"),
  ]
}
