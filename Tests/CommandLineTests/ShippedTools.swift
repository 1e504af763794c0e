// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The repository's root.
let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

/// The tools that Package.swift names as products, as scripts/install finds them.
let shippedTools: [String] = {
    let manifest = (try? String(contentsOf: repository.appending(path: "Package.swift"), encoding: .utf8)) ?? ""
    return manifest.matches(of: /\.executable\(name: "([a-z]+)"/).map { String($0.1) }
}()
