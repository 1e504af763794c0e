// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "election-authority", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .executableTarget(
            name: "mix-benchmark",
            dependencies: [
                .product(name: "MixNets", package: "election-authority"),
                .product(name: "ElGamal", package: "election-authority"),
                .product(name: "GroupArithmetic", package: "election-authority"),
                .product(name: "ByteTrees", package: "election-authority"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
