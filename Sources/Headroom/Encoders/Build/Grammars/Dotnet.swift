/// dotnet and MSBuild.
enum Dotnet: BuildGrammar {
  static let commands = ["dotnet", "msbuild", "nuget"]
  static let rules = [
    BuildRule(.verdict, "Build succeeded"),
    BuildRule(.verdict, "Build FAILED"),
    BuildRule(.verdict, "% Warning(s)"),
    BuildRule(.verdict, "% Error(s)", isWeak: true),
    BuildRule(.verdict, "Time Elapsed "),
    BuildRule(.error, "MSBUILD : error"),
    BuildRule(.error, "*: error ", isWeak: true),
    BuildRule(.warning, "*: warning ", "warnings", isWeak: true),
    BuildRule(.step, "MSBuild version "),
    BuildRule(.step, "Microsoft (R) Build Engine"),
    BuildRule(.progress, "Determining projects to restore", "restore"),
    BuildRule(.progress, "Restored *.", "Restored"),
    BuildRule(.progress, "All projects are up-to-date for restore", "restore"),
    BuildRule(.progress, "* -> *.dll", "projects built"),
    BuildRule(.progress, "* -> *.exe", "projects built"),
    BuildRule(.progress, "GET https://", "requests", isWeak: true),
    BuildRule(.progress, "OK https://", "requests", isWeak: true),
    BuildRule(.progress, "Installed * from https://", "Installed"),
    BuildRule(.progress, "info : ", "info", isWeak: true),
  ]
}
