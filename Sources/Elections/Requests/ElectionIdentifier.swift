// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// The name that a client gives an election: a positive integer, or text of letters, digits, `_` and `-`.
///
/// It becomes a folder, a part of URLs and the `name` of protInfo.xml, so 8 and "8" are the same election; answers repeat
/// the form that the client used.
package struct ElectionIdentifier: Sendable, CustomStringConvertible {
    /// 1 to 64 characters of `a-zA-Z0-9_-`.
    package let text: String
    private let isNumber: Bool

    package init(_ field: JSONField) throws(JSONShapeError) {
        switch field.value {
        case .integer(let number) where number > 0:
            text = String(number)
            isNumber = true
        case .string(let name) where Self.isValid(name):
            text = name
            isNumber = false
        case .integer, .string:
            throw field.refused(found: field.value.compact, expected: Self.expected)
        default: throw field.mistyped(Self.expected)
        }
    }

    /// The identifier in a path or on a command line; taken for a number if it reads as one.
    package init?(_ text: String) {
        guard Self.isValid(text) else { return nil }
        self.text = text
        isNumber = Int(text).map { $0 > 0 && String($0) == text } ?? false
    }

    package var json: JSONValue {
        if isNumber, let number = Int(text) { .integer(number) } else { .string(text) }
    }

    package var description: String { text }

    private static let expected = "a positive integer, or 1 to 64 letters, digits, _ or -"

    private static func isValid(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x5f || byte == 0x2d
            }
    }
}

extension ElectionIdentifier: Hashable {
    package static func == (left: ElectionIdentifier, right: ElectionIdentifier) -> Bool { left.text == right.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
