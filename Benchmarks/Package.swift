// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func floor(_ name: String) -> Target.Dependency { .product(name: name, package: "election-authority") }
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

func benchmark(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + [floor("GroupArithmetic"), "Measuring", argumentParser],
        swiftSettings: settings)
}

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "election-authority", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .target(name: "Measuring", dependencies: [floor("GroupArithmetic"), argumentParser], swiftSettings: settings),
        // A target a floor, from below.
        benchmark("arithmetic-benchmark", on: [floor("ByteTrees")]),
        benchmark("ballot-benchmark", on: [floor("ElGamal")]),
        benchmark("mix-benchmark", on: [floor("MixNets"), floor("ElGamal"), floor("ByteTrees")]),
        benchmark("verification-benchmark", on: [floor("PublishedTallies")]),
        benchmark("counting-benchmark", on: []),
    ],
    swiftLanguageModes: [.v6]
)
