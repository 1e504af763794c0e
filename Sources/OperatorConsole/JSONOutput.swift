// SPDX-License-Identifier: Apache-2.0

import Foundation

extension TextOutput {
    /// Prints `value` as one line of JSON, keys in alphabetical order: what `--json` promises.
    package func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
