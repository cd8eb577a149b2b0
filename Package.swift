// swift-tools-version: 6.2
import PackageDescription

// Arrows point down only: CLI → Server → Store → Headroom → CHeadroom and CTreeSitter. ARCHITECTURE.md says why each target is one.
let package = Package(
  name: "headroom",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Headroom", targets: ["Headroom"]),
    .library(name: "HeadroomStore", targets: ["HeadroomStore"]),
    .library(name: "HeadroomServer", targets: ["HeadroomServer"]),
    .executable(name: "headroom", targets: ["HeadroomCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
  ],
  targets: [
    // Pure: bytes in, bytes out. No Foundation, no I/O, no clock.
    .target(name: "CHeadroom"),
    .target(name: "CTreeSitter", cSettings: [.headerSearchPath("../../.deps/tree-sitter/core/include")]),
    .target(name: "Headroom", dependencies: ["CHeadroom", "CTreeSitter"]),

    // Disk.
    .target(
      name: "HeadroomStore",
      dependencies: [
        "Headroom", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),

    // The network.
    .target(name: "CDashboard", exclude: ["page"]),
    .target(
      name: "HeadroomServer",
      dependencies: [
        "CDashboard", "Headroom", "HeadroomStore",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),

    // The user's own files: what agents leave there.
    .target(name: "HeadroomAgents", dependencies: ["Headroom"]),

    // The door.
    .executableTarget(
      name: "HeadroomCLI",
      dependencies: [
        "Headroom", "HeadroomStore", "HeadroomServer", "HeadroomAgents",
        .product(name: "Yams", package: "Yams"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(name: "TestSupport", dependencies: ["Headroom"], path: "Tests/TestSupport"),
    .testTarget(name: "HeadroomTests", dependencies: ["Headroom", "TestSupport"]),
    .testTarget(
      name: "HeadroomStoreTests",
      dependencies: [
        "Headroom", "HeadroomStore", "TestSupport", "store-probe", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    // A second process for the tests of the store.
    .executableTarget(name: "store-probe", dependencies: ["Headroom", "HeadroomStore"], path: "Tests/StoreProbe"),
    .testTarget(
      name: "HeadroomServerTests",
      dependencies: [
        "Headroom", "HeadroomStore", "HeadroomServer", "TestSupport",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .testTarget(
      name: "HeadroomAgentsTests", dependencies: ["Headroom", "HeadroomAgents", "HeadroomStore", "TestSupport"]),
    .testTarget(
      name: "HeadroomCLITests", dependencies: ["Headroom", "HeadroomStore", "HeadroomCLI", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu2x
)

for target in package.targets where !["CDashboard", "CHeadroom", "CTreeSitter"].contains(target.name) {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
  ]
}
