/// Diagnostics without a place, as most tools print them, and what the shell says of a command.
enum CommonDiagnostics: BuildGrammar {
  static let commands: [String] = []
  static let rules = [
    BuildRule(.error, "error: "), BuildRule(.error, "error["), BuildRule(.error, "Error: "),
    BuildRule(.error, "ERROR: "),
    BuildRule(.error, "ERROR "), BuildRule(.error, "error "), BuildRule(.error, "fatal error"),
    BuildRule(.error, "FATAL"),
    BuildRule(.error, "Traceback (most recent"), BuildRule(.error, "panic: "), BuildRule(.error, "Caused by:"),
    BuildRule(.error, "Segmentation fault"), BuildRule(.error, "Killed$"),
    BuildRule(.verdict, "exit status "), BuildRule(.verdict, "exit code"), BuildRule(.verdict, "Exit code"),
    BuildRule(.verdict, "EXIT CODE"), BuildRule(.verdict, "Command failed"),
    BuildRule(.error, "*: error: "), BuildRule(.error, "*: fatal error: "), BuildRule(.error, "*: command not found"),
    BuildRule(.error, "*: No such file or directory"), BuildRule(.error, "*: Permission denied"),
    BuildRule(.warning, "warning: ", "warning"),
  ]
}
