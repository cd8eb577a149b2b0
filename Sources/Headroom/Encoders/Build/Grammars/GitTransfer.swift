/// What git prints while it clones, fetches and pushes.
enum GitTransfer: BuildGrammar {
  static let commands = ["git", "gh"]
  static let rules = [
    BuildRule(.step, "Cloning into "),
    BuildRule(.verdict, "Receiving objects: 100\\%"),
    BuildRule(.verdict, "Resolving deltas: 100\\%"),
    BuildRule(.verdict, "Writing objects: 100\\%"),
    BuildRule(.verdict, "Updating files: 100\\%"),
    BuildRule(.error, "fatal: "),
    BuildRule(.error, "! [rejected]"),
    BuildRule(.error, "error: ", isWeak: true),
    BuildRule(.progress, "remote: ", "lines of remote"),
    BuildRule(.progress, "Receiving objects: ", "Receiving objects"),
    BuildRule(.progress, "Resolving deltas: ", "Resolving deltas"),
    BuildRule(.progress, "Writing objects: ", "Writing objects"),
    BuildRule(.progress, "Compressing objects: ", "Compressing objects"),
    BuildRule(.progress, "Counting objects: ", "Counting objects"),
    BuildRule(.progress, "Enumerating objects: ", "Enumerating objects"),
    BuildRule(.progress, "Delta compression using", "Delta compression"),
    BuildRule(.progress, "Updating files: ", "Updating files"),
    BuildRule(.progress, "\\* [new branch]", "new branches"),
    BuildRule(.progress, "\\* [new tag]", "new tags"),
    BuildRule(.progress, "Submodule '", "Submodules"),
    BuildRule(.progress, "Submodule path '", "Submodules"),
    BuildRule(.step, "From ", isWeak: true),
  ]
}
