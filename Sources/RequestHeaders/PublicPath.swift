// SPDX-License-Identifier: Apache-2.0

/// A path below the public folder: two or three plain names, none of which begins with a dot.
package struct PublicPath: Equatable, Sendable {
    package let text: String

    package init?(_ names: [String]) {
        let isPlain = names.allSatisfy { name in
            !name.isEmpty && !name.hasPrefix(".")
                && name.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x5f || byte == 0x2d
                        || byte == 0x2e
                }
        }
        guard isPlain, (2...3).contains(names.count) else { return nil }
        text = names.joined(separator: "/")
    }
}
