// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building the product never builds the benchmarks.
let package = Package(
  name: "headroom-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "headroom", path: "..")],
  targets: [
    .executableTarget(
      name: "token-benchmark", dependencies: [.product(name: "Headroom", package: "headroom")],
      path: "Sources/TokenBenchmark"),
    .executableTarget(
      name: "compress-benchmark", dependencies: [.product(name: "Headroom", package: "headroom")],
      path: "Sources/CompressBenchmark"),
  ],
  swiftLanguageModes: [.v6]
)
