/// `terraform plan` and `terraform apply`, as text; OpenTofu prints the same.
enum Terraform: BuildGrammar {
  static let commands = ["terraform", "tofu", "terragrunt", "pulumi"]
  static let rules = [
    BuildRule(.verdict, "Plan: % to "),
    BuildRule(.verdict, "Apply complete!"),
    BuildRule(.verdict, "Destroy complete!"),
    BuildRule(.verdict, "No changes.", isWeak: true),
    BuildRule(.verdict, "Terraform has been successfully initialized"),
    BuildRule(.step, "# * will be "),
    BuildRule(.step, "# * must be replaced", isWeak: true),
    BuildRule(.error, "│ ", isWeak: true),
    BuildRule(.error, "╷", isWeak: true), BuildRule(.error, "╵", isWeak: true),
    BuildRule(.progress, "*: Refreshing state...", "Refreshing state"),
    BuildRule(.progress, "*: Reading...", "Reading"),
    BuildRule(.progress, "*: Read complete after", "Read complete"),
    BuildRule(.progress, "*: Creating...", "Creating"),
    BuildRule(.progress, "*: Still creating...", "Still creating"),
    BuildRule(.progress, "*: Creation complete after", "Creation complete"),
    BuildRule(.progress, "*: Destroying...", "Destroying"),
    BuildRule(.progress, "*: Still destroying...", "Still destroying"),
    BuildRule(.progress, "*: Destruction complete after", "Destruction complete"),
    BuildRule(.progress, "*: Modifying...", "Modifying"),
    BuildRule(.progress, "*: Still modifying...", "Still modifying"),
    BuildRule(.progress, "*: Modifications complete after", "Modifications complete"),
    BuildRule(.progress, "- Installing *v%", "Installing"),
    BuildRule(.progress, "- Installed *v%", "Installed"),
    BuildRule(.progress, "- Finding ", "Finding", isWeak: true),
    BuildRule(.progress, "- Reusing previous version", "Reusing"),
  ]
}
