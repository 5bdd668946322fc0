// swift-tools-version: 6.2
// The house: three floors, arrows point down only, siblings never import each other (docs/architecture.md).
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "feedwatch",
    products: [.executable(name: "feedwatch", targets: ["feedwatch"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Floor 0: plain values and decisions, and the C libraries' doors.
        .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibxml2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CLibpsl", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "News", dependencies: [crypto], swiftSettings: strict),

        // Floor 1: one outside world each.
        .target(name: "Fetch", dependencies: ["News", "CLibcurl", "CLibpsl", "CZlib"], swiftSettings: strict),
        // Events of a feed are counted in millions: checking each access to a class's property for overlap cost a tenth of
        // reading one. Debug builds, which run the tests, go on checking.
        .target(
            name: "Markup", dependencies: ["News", "CLibxml2"],
            swiftSettings: strict + [
                .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
            ]),
        .target(name: "Storage", dependencies: ["News", grdb, sqlite], swiftSettings: strict),
        .target(
            name: "Publish", dependencies: ["News", mustache],
            resources: [
                "alert.md", "digest.md", "more.md", "blind.md", "alert.html", "digest.html", "more.html", "blind.html",
                "indicator.md", "indicator.html", "facts.html", "head.html", "index.html", "page.css",
            ].map { .embedInCode("Templates/\($0)") },
            swiftSettings: strict),

        // Floor 2: the process.
        .target(
            name: "Watch", dependencies: ["News", "Fetch", "Markup", "Storage", "Publish", yams, logging, heap],
            swiftSettings: strict),

        // Floor 3: the command line.
        .executableTarget(
            name: "feedwatch",
            dependencies: ["Watch", "News", "Fetch", "Markup", "Storage", "Publish", argumentParser, logging],
            swiftSettings: strict),

        // Aside: never installed.
        .target(name: "NewsTesting", dependencies: ["News"], swiftSettings: strict),
        .executableTarget(
            name: "rehearsal",
            dependencies: [
                "Watch", "News", "Fetch", "Markup", "Storage", "Publish", "NewsTesting", argumentParser, logging,
            ],
            path: "Sources/Rehearsal",
            swiftSettings: strict),

        .testTarget(name: "NewsTests", dependencies: ["News", "NewsTesting"], swiftSettings: strict),
        .testTarget(
            name: "FetchTests", dependencies: ["Fetch", "News", "NewsTesting", "CLibcurl"], swiftSettings: strict),
        .testTarget(
            name: "MarkupTests", dependencies: ["Markup", "News", "NewsTesting"],
            exclude: ["Listing", "Fixtures", "Pages"],
            swiftSettings: strict),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "News", grdb], swiftSettings: strict),
        .testTarget(
            name: "PublishTests", dependencies: ["Publish", "News", "NewsTesting"], exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "WatchTests",
            dependencies: [
                "Watch", "News", "Fetch", "Markup", "Storage", "Publish", "NewsTesting", "rehearsal", "feedwatch",
                logging, grdb,
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
