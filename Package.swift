// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, on dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tool(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["OperatorConsole", argumentParser], swiftSettings: settings)
}

func tests(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

/// SwiftPM compiles C without optimisation in debug builds, which makes vectors of numbers fifty times slower.
func c(_ name: String, on dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies,
        cSettings: [.unsafeFlags(["-O3"], .when(configuration: .debug))])
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOFoundationCompat", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let httpServer: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
]
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let sqlite: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")

let package = Package(
    name: "election-authority",
    products: [
        .library(name: "ByteTrees", targets: ["ByteTrees"]),
        .library(name: "GroupArithmetic", targets: ["GroupArithmetic"]),
        .library(name: "ElGamal", targets: ["ElGamal"]),
        .library(name: "MixNets", targets: ["MixNets"]),
        .library(name: "PublishedTallies", targets: ["PublishedTallies"]),
        .library(name: "TrustStores", targets: ["TrustStores"]),
        .library(name: "PeerPackages", targets: ["PeerPackages"]),
        // What fuzzers call: for Fuzzing/.
        .library(name: "ParserFuzzing", targets: ["ParserFuzzing"]),
        .executable(name: "eopeers", targets: ["eopeers"]),
        .executable(name: "eorchestra", targets: ["eorchestra"]),
        .executable(name: "eotest", targets: ["eotest"]),
        .executable(name: "eolog", targets: ["eolog"]),
        .executable(name: "eoresults", targets: ["eoresults"]),
        .executable(name: "eotasks", targets: ["eotasks"]),
        .executable(name: "eoverify", targets: ["eoverify"]),
        // For tests alone: LD_PRELOAD takes a shared object.
        .library(name: "StepFaults", type: .dynamic, targets: ["StepFaults"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // System libraries
        .systemLibrary(name: "CGMP", pkgConfig: "gmp", providers: [.apt(["libgmp-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        // Hashes and randomness alone, so that what is made of the number wing links no TLS.
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        c("CGroupKernels", on: ["CGMP"]),
        c("COpenSSLShims", on: ["COpenSSL"]),
        c("CProcessShims"),

        // Both wings
        library("OperatorErrors"),
        library("StrictJSON", on: ["OperatorErrors"]),
        library("DurableFiles", on: ["OperatorErrors"]),

        // The number wing: no socket, no clock, no global state
        library("ByteTrees", on: ["OperatorErrors"]),
        library("GroupArithmetic", on: ["ByteTrees", "CGroupKernels", "CCrypto"]),
        library("ElGamal", on: ["GroupArithmetic", "ByteTrees"]),
        library("Elections", on: ["ElGamal", "GroupArithmetic", "ByteTrees", "StrictJSON", "OperatorErrors"]),
        library("MixNets", on: ["ElGamal", "GroupArithmetic", "ByteTrees", "OperatorErrors"]),
        library("TallyArchives", on: ["CZlib", "DurableFiles", "OperatorErrors"]),
        library("Counting", on: ["GroupArithmetic", "StrictJSON", "OperatorErrors"]),
        library(
            "PublishedTallies",
            on: [
                "MixNets", "Elections", "ElGamal", "GroupArithmetic", "ByteTrees", "Counting", "TallyArchives",
                "StrictJSON", "OperatorErrors",
            ]),
        library(
            "Orchestration",
            on: [
                "TrustStores", "COpenSSL", "PublishedTallies", "MixNets", "Elections", "ElGamal", "GroupArithmetic",
                "ByteTrees", "StrictJSON", "OperatorErrors",
            ]),

        // The host wing: no arithmetic
        library(
            "TrustStores", on: ["COpenSSL", "COpenSSLShims", "CProcessShims", "DurableFiles", "OperatorErrors"]),
        library("AuthorityHost", on: ["TrustStores", "DurableFiles", "StrictJSON", "OperatorErrors", logging]),
        library("RequestHeaders", on: ["TrustStores"]),
        library("PeerPackages", on: ["TrustStores", "AuthorityHost", "DurableFiles", "StrictJSON", "OperatorErrors"]),
        library(
            "MutualTLS",
            on: [
                "PeerPackages", "RequestHeaders", "TrustStores", "AuthorityHost", "DurableFiles", "StrictJSON",
                "OperatorErrors", logging,
                httpClient,
                .product(name: "NIOTLS", package: "swift-nio"),
            ] + httpServer + nio),
        library("ReportPages"),
        library("AgeFiles", on: ["COpenSSL", "OperatorErrors"]),
        library("OperatorConsole", on: ["OperatorErrors", argumentParser]),

        // Where the wings meet
        library(
            "AuthorityStore",
            on: [
                "Elections", "Orchestration", "TallyArchives", "GroupArithmetic", "ByteTrees", "TrustStores",
                "DurableFiles", "StrictJSON", "OperatorErrors", sqlite,
            ]),
        library(
            "Backups",
            on: [
                "AuthorityStore", "AgeFiles", "Orchestration", "Elections", "GroupArithmetic", "AuthorityHost",
                "TrustStores", "DurableFiles", "StrictJSON", "OperatorErrors",
            ]),
        library(
            "AuthorityServer",
            on: [
                "AuthorityStore", "Orchestration", "TallyArchives", "Counting", "Elections", "GroupArithmetic",
                "ByteTrees",
                "MutualTLS", "RequestHeaders", "CProcessShims",
                "PeerPackages", "TrustStores", "AuthorityHost", "DurableFiles", "StrictJSON", "OperatorErrors", logging,
                lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ] + httpServer + nio),
        library(
            "Rehearsal",
            on: [
                "PublishedTallies", "TallyArchives", "Counting", "Elections", "ElGamal", "GroupArithmetic", "MutualTLS",
                "PeerPackages", "TrustStores", "ReportPages",
                "AuthorityHost", "DurableFiles", "StrictJSON", "OperatorErrors", logging, lifecycle,
            ] + httpServer + nio),

        // Tools
        tool(
            "eopeers",
            on: [
                "MutualTLS", "PeerPackages", "TrustStores", "AuthorityHost", "DurableFiles", "OperatorErrors", logging,
            ]),
        tool(
            "eorchestra",
            on: [
                "AuthorityServer", "AuthorityStore", "Orchestration", "Backups", "AgeFiles", "AuthorityHost",
                "PeerPackages", "TrustStores", "DurableFiles", "OperatorErrors", logging,
            ]),
        tool(
            "eotest",
            on: [
                "Rehearsal", "ReportPages", "Elections", "AuthorityHost", "TrustStores", "DurableFiles",
                "OperatorErrors",
            ]),
        tool("eolog", on: ["MutualTLS", "AuthorityHost", "TrustStores", "DurableFiles", "OperatorErrors", logging]),
        tool(
            "eotasks",
            on: [
                "AuthorityStore", "Orchestration", "Elections", "GroupArithmetic", "AuthorityHost", "PeerPackages",
                "TrustStores",
                "StrictJSON", "OperatorErrors",
            ]),
        tool(
            "eoresults",
            on: ["Counting", "ReportPages", "PublishedTallies", "TallyArchives", "OperatorErrors"]),
        tool("eoverify", on: ["Orchestration", "PublishedTallies", "TallyArchives", "OperatorErrors"]),

        // Tests
        .target(
            name: "TestSupport", dependencies: ["Elections", "ElGamal", "GroupArithmetic"], path: "Tests/TestSupport",
            swiftSettings: settings),
        .target(
            name: "ParserFuzzing",
            dependencies: [
                "Orchestration", "PeerPackages", "RequestHeaders", "Backups", "AgeFiles", "AuthorityHost",
                "TrustStores",
                "COpenSSL", "TallyArchives", "CZlib",
                "Elections", "ElGamal", "GroupArithmetic", "ByteTrees", "StrictJSON", "OperatorErrors",
            ], path: "Tests/ParserFuzzing", swiftSettings: settings),
        tests("ParserFuzzing", on: ["ParserFuzzing"]),
        tests("OperatorErrors", on: ["OperatorErrors"]),
        tests("OperatorConsole", on: ["OperatorConsole", "OperatorErrors", argumentParser]),
        .target(
            name: "HostTestSupport", dependencies: ["TrustStores", "DurableFiles"], path: "Tests/HostTestSupport",
            swiftSettings: settings),
        // Authorities that lie, and a server of one: for tests alone.
        .target(
            name: "Liars",
            dependencies: [
                "AuthorityServer", "Orchestration", "PublishedTallies", "MixNets", "Elections", "ElGamal",
                "GroupArithmetic", "ByteTrees", "TrustStores",
            ],
            path: "Tests/Liars", swiftSettings: settings),
        .executableTarget(
            name: "lying-authority",
            dependencies: [
                "Liars", "AuthorityServer", "AuthorityStore", "AuthorityHost", "OperatorConsole", argumentParser,
                logging,
            ],
            path: "Tests/LyingAuthority", swiftSettings: settings),
        tests("AgeFiles", on: ["AgeFiles", "HostTestSupport"]),
        tests("Backups", on: ["Backups", "AgeFiles", "HostTestSupport"]),
        tests("RequestHeaders", on: ["RequestHeaders", "TrustStores"]),
        tests("TrustStores", on: ["TrustStores", "DurableFiles", "HostTestSupport", "OperatorErrors"]),
        tests(
            "MutualTLS",
            on: [
                "MutualTLS", "AuthorityHost", "TrustStores", "HostTestSupport", "StrictJSON", "OperatorErrors", logging,
                lifecycle,
            ]
                + httpServer + nio
        ),
        tests("PeerPackages", on: ["PeerPackages", "AuthorityHost", "TrustStores", "DurableFiles", "HostTestSupport"]),
        // Preloaded into tools that tests kill, or whose disk is full: no tool is linked with it.
        .target(
            name: "StepFaults", path: "Tests/StepFaults", linkerSettings: [.linkedLibrary("dl")]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "HostTestSupport", "Rehearsal", "MutualTLS", "AuthorityHost", "TrustStores", "AuthorityStore",
                "Orchestration",
                "Elections", "ElGamal", "StrictJSON", "DurableFiles", "Liars", "lying-authority",
                "eolog", "eopeers", "eorchestra", "eoresults", "eotasks", "eotest", "eoverify",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "HostTestSupport", "TrustStores", "AuthorityStore", "Orchestration", "GroupArithmetic", "StrictJSON",
                "DurableFiles",
                "eopeers", "eolog", "eorchestra", "eotasks", "eoverify",
            ],
            swiftSettings: settings),
        tests(
            "AuthorityHost",
            on: ["AuthorityHost", "TrustStores", "DurableFiles", "HostTestSupport", "OperatorErrors", logging]),
        tests("ByteTrees", on: ["ByteTrees", "GroupArithmetic", "StrictJSON"]),
        tests("GroupArithmetic", on: ["GroupArithmetic", "CGroupKernels", "ByteTrees", "StrictJSON"]),
        tests("ElGamal", on: ["ElGamal", "GroupArithmetic", "ByteTrees"]),
        tests("DurableFiles", on: ["DurableFiles", "HostTestSupport"]),
        tests("StrictJSON", on: ["StrictJSON", "OperatorErrors"]),
        tests(
            "Elections", on: ["Elections", "ElGamal", "GroupArithmetic", "ByteTrees", "StrictJSON", "OperatorErrors"]),
        tests(
            "PublishedTallies",
            on: [
                "PublishedTallies", "MixNets", "Elections", "ElGamal", "GroupArithmetic", "Counting", "TallyArchives",
                "StrictJSON", "OperatorErrors",
            ]),
        .testTarget(
            name: "eoverifyTests", dependencies: ["eoverify", "TallyArchives", "TestSupport"], exclude: ["transcripts"],
            swiftSettings: settings),
        tests(
            "eoresults",
            on: [
                "eoresults", "Counting", "GroupArithmetic", "PublishedTallies", "TallyArchives", "HostTestSupport",
                "StrictJSON",
            ]),
        tests("TallyArchives", on: ["TallyArchives", "DurableFiles", "GroupArithmetic"]),
        tests("Counting", on: ["Counting", "GroupArithmetic", "StrictJSON", "OperatorErrors"]),
        tests("MixNets", on: ["MixNets", "ElGamal", "GroupArithmetic", "ByteTrees", "StrictJSON"]),
        tests("Orchestration", on: ["Orchestration", "Elections", "TrustStores", "ByteTrees", "StrictJSON"]),
        tests(
            "AuthorityStore", on: ["AuthorityStore", "Orchestration", "GroupArithmetic", "TrustStores", "ByteTrees"]),
        tests(
            "Rehearsal",
            on: [
                "Rehearsal", "eotest", "OperatorConsole", "MutualTLS", "TallyArchives", "Counting", "Elections",
                "ElGamal",
                "GroupArithmetic", "TrustStores", "AuthorityHost",
                "DurableFiles", "HostTestSupport", "StrictJSON", "OperatorErrors", logging, lifecycle,
            ] + httpServer + nio),
        tests(
            "AuthorityServer",
            on: [
                "AuthorityServer", "AuthorityStore", "Orchestration", "MutualTLS", "PeerPackages", "TrustStores",
                "AuthorityHost", "Elections",
                "MixNets", "ElGamal", "GroupArithmetic", "ByteTrees", "StrictJSON", "OperatorErrors", "HostTestSupport",
                "Liars", "TallyArchives", "DurableFiles", logging, lifecycle,
            ] + httpServer + nio),
    ],
    swiftLanguageModes: [.v6]
)
