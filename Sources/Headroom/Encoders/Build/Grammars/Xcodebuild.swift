/// xcodebuild: a paragraph for each task, with the folder it runs in and the whole command line.
enum Xcodebuild: BuildGrammar {
  static let commands = ["xcodebuild", "xcrun"]
  static let rules: [BuildRule] =
    [
      BuildRule(.verdict, "\\*\\* "),
      BuildRule(.verdict, "Testing failed:", isWeak: true),
      BuildRule(.verdict, "The following build commands failed:"),
      BuildRule(.verdict, "(% failure*)", isWeak: true),
      BuildRule(.error, "xcodebuild: error:"),
      BuildRule(.step, "Command line invocation:"),
      BuildRule(.step, "=== BUILD TARGET"),
      BuildRule(.step, "Build settings from command line:"),
      BuildRule(.progress, "note: ", "notes", isWeak: true),
      BuildRule(.progress, "Build description ", "Build description"),
      BuildRule(.progress, "Target '* in project '", "targets"),
      BuildRule(.progress, "➜ ", "dependencies"),
      BuildRule(.progress, "builtin-", "commands"),
      BuildRule(.progress, "write-file ", "commands"),
      BuildRule(.progress, "cd /", "commands", isWeak: true),
      BuildRule(.progress, "cd \"", "commands", isWeak: true),
      BuildRule(.progress, "setenv ", "setenv", isWeak: true),
      BuildRule(.progress, "export *\\=", "export", isWeak: true),
      BuildRule(.progress, "/* com.apple.*/", "output of actool"),
    ] + tasks.map { BuildRule(.progress, $0, $0.text) }

  /// The names of tasks, each before a path or the name of a target.
  private static let tasks: [StaticString] = [
    "CompileC ", "CompileSwift ", "CompileSwiftSources ", "SwiftCompile ", "SwiftDriver", "SwiftEmitModule ",
    "SwiftMergeGeneratedHeaders ", "SwiftGeneratePch ", "ScanDependencies ", "PrecompileModule ",
    "CompileAssetCatalog ",
    "CompileStoryboard ", "CompileXIB ", "CompileXCStrings ", "CompileMetalFile ", "CopyStringsFile ", "CopySwiftLibs ",
    "CopyPlistFile ", "CpHeader ", "CpResource ", "Copy /", "CodeSign ", "CreateBuildDirectory ",
    "CreateUniversalBinary ",
    "ClangStatCache ", "DataModelCompile ", "Ditto ", "ExtractAppIntentsMetadata", "GenerateAssetSymbols ",
    "GenerateDSYMFile ", "GenerateTAPI ", "GatherProvisioningInputs", "CreateBuildDescription",
    "ComputeTargetDependencyGraph",
    "Ld ", "Libtool ", "LinkStoryboards ", "LinkAssetCatalog", "MergeSwiftModule ", "MkDir ", "PBXCp ",
    "PhaseScriptExecution ", "ProcessInfoPlistFile ", "ProcessPCH ", "ProcessProductPackaging ", "Preprocess ",
    "RegisterExecutionPolicyException ", "RegisterWithLaunchServices ", "Strip ", "SymLink ", "Touch ", "Validate ",
    "ValidateEmbeddedBinary ", "WriteAuxiliaryFile ", "AppIntentsSSUTraining", "ProcessXCFramework ",
    "ExternalBuildToolExecution ",
  ]
}

extension StaticString {
  /// The text without blanks at its end.
  fileprivate var text: String {
    var count = utf8CodeUnitCount
    while count > 0, utf8Start[count - 1] == 0x20 || utf8Start[count - 1] == UInt8(ascii: "/") { count -= 1 }
    return String(decoding: UnsafeBufferPointer(start: utf8Start, count: count), as: UTF8.self)
  }
}
