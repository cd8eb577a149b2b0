// swift-tools-version: 6.2
import PackageDescription

// Arrows point down only: CLI → Store → Headroom → CHeadroom and CTreeSitter. ARCHITECTURE.md says why each target is one.
let package = Package(
  name: "headroom",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Headroom", targets: ["Headroom"]),
    .library(name: "HeadroomStore", targets: ["HeadroomStore"]),
    .executable(name: "headroom", targets: ["HeadroomCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
  ],
  targets: [
    // Pure: bytes in, bytes out. No Foundation, no I/O, no clock.
    .target(name: "CHeadroom"),
    .target(name: "CTreeSitter", cSettings: [.headerSearchPath("../../.deps/tree-sitter/core/include")]),
    .target(name: "Headroom", dependencies: ["CHeadroom", "CTreeSitter"]),

    // Disk.
    .target(name: "HeadroomStore", dependencies: ["Headroom", .product(name: "GRDB", package: "GRDB.swift")]),

    // The door.
    .executableTarget(
      name: "HeadroomCLI",
      dependencies: [
        "Headroom", "HeadroomStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "HeadroomTests", dependencies: ["Headroom", "TestSupport"]),
    .testTarget(
      name: "HeadroomStoreTests",
      dependencies: [
        "Headroom", "HeadroomStore", "TestSupport", "store-probe", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    // A second process for the tests of the store.
    .executableTarget(name: "store-probe", dependencies: ["Headroom", "HeadroomStore"], path: "Tests/StoreProbe"),
    .testTarget(
      name: "HeadroomCLITests", dependencies: ["Headroom", "HeadroomStore", "HeadroomCLI", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu2x
)

for target in package.targets where !["CHeadroom", "CTreeSitter"].contains(target.name) {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
  ]
}
