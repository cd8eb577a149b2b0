/// dotnet and MSBuild.
enum Dotnet: BuildGrammar {
  static let commands = ["dotnet", "msbuild", "nuget"]
  static let rules = [
    BuildRule(.verdict, "Build succeeded"),
    BuildRule(.verdict, "Build FAILED"),
    BuildRule(.verdict, "% Warning(s)"),
    BuildRule(.verdict, "% Error(s)"),
    BuildRule(.verdict, "Time Elapsed "),
    BuildRule(.error, "MSBUILD : error"),
    BuildRule(.error, "*: error "),
    BuildRule(.warning, "*: warning ", "warnings"),
    BuildRule(.step, "MSBuild version "),
    BuildRule(.step, "Microsoft (R) Build Engine"),
    BuildRule(.progress, "Determining projects to restore", "restore"),
    BuildRule(.progress, "Restored *.", "Restored"),
    BuildRule(.progress, "All projects are up-to-date for restore", "restore"),
    BuildRule(.progress, "* -> *.dll", "projects built"),
    BuildRule(.progress, "* -> *.exe", "projects built"),
    BuildRule(.progress, "GET https://", "requests"),
    BuildRule(.progress, "OK https://", "requests"),
    BuildRule(.progress, "Installed * from https://", "Installed"),
    BuildRule(.progress, "info : ", "info"),
  ]
}
