// SPDX-License-Identifier: Apache-2.0

import Foundation

extension TextOutput {
    /// Prints `value` as one line of JSON, keys in alphabetical order: what `--json` promises.
    package func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        line(String(decoding: try encoder.encode(value), as: UTF8.self).escapingUnprintable)
    }
}

extension String {
    /// JSON with `\u` escapes for what a terminal may obey or hide: the same to programs.
    fileprivate var escapingUnprintable: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
