/// The marks that CI systems put between the output of tools.
enum ContinuousIntegration: BuildGrammar {
  static let commands = ["act"]
  static let rules = [
    BuildRule(.verdict, "##[error]"),
    BuildRule(.verdict, "::error"),
    BuildRule(.verdict, "##[warning]"),
    BuildRule(.verdict, "::warning"),
    BuildRule(.verdict, "Process completed with exit code"),
    BuildRule(.verdict, "ERROR: Job failed"),
    BuildRule(.verdict, "Job succeeded"),
    BuildRule(.step, "##[group]"),
    BuildRule(.step, "##[section]"),
    BuildRule(.step, "##[command]"),
    BuildRule(.step, "::group::"),
    BuildRule(.step, "section_start:"),
    BuildRule(.progress, "##[endgroup]", "endgroup"),
    BuildRule(.progress, "::endgroup::", "endgroup"),
    BuildRule(.progress, "##[debug]", "debug"),
    BuildRule(.progress, "section_end:", "section_end"),
    BuildRule(.progress, "shell: ", "settings", isWeak: true),
    BuildRule(.progress, "env:$", "settings", isWeak: true),
    BuildRule(.progress, "with:$", "settings", isWeak: true),
    BuildRule(.progress, "[command]/", "commands"),
    BuildRule(.progress, "Temporarily overriding HOME", "settings"),
    BuildRule(.progress, "Adding repository directory", "settings"),
    BuildRule(.progress, "Download action repository", "Download action"),
    BuildRule(.progress, "Cache Size: ", "cache", isWeak: true),
    BuildRule(.progress, "Cache restored ", "cache"),
    BuildRule(.progress, "Received % of %", "Received"),
  ]
}
