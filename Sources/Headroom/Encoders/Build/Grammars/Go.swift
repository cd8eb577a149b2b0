/// `go build`, `go vet`, `go get`.
enum Go: BuildGrammar {
  static let commands = ["go", "golangci-lint", "staticcheck", "gofmt"]
  static let rules = [
    BuildRule(.progress, "go: downloading ", "downloading"),
    BuildRule(.progress, "go: extracting ", "extracting"),
    BuildRule(.progress, "go: finding ", "finding"),
    BuildRule(.progress, "go: found ", "found"),
    BuildRule(.progress, "go: added ", "added"),
    BuildRule(.progress, "go: upgraded ", "upgraded"),
    BuildRule(.error, "go: "),
    BuildRule(.error, "vet: ", isWeak: true),
    BuildRule(.error, "too many errors", isWeak: true),
    BuildRule(.error, "no required module provides package"),
    BuildRule(.progress, "WORK\\=", "WORK"),
    BuildRule(.progress, "level\\=info ", "level=info"),
    BuildRule(.progress, "level\\=warning ", "level=warning"),
  ]
}
