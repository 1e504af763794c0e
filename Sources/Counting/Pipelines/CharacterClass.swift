// SPDX-License-Identifier: Apache-2.0

/// What one place of an expression takes.
struct CharacterClass: Sendable {
    enum Member: Sendable {
        case range(ClosedRange<UInt32>)
        case digit(Bool)
        case word(Bool)
        case space(Bool)
    }

    var members: [Member]
    var isNegated = false

    func contains(_ scalar: UnicodeScalar) -> Bool {
        let isMember = members.contains { member in
            switch member {
            case .range(let range): range.contains(scalar.value)
            case .digit(let wanted): (scalar.properties.generalCategory == .decimalNumber) == wanted
            case .word(let wanted): Self.isWord(scalar) == wanted
            case .space(let wanted): Self.isSpace(scalar) == wanted
            }
        }
        return isMember != isNegated
    }

    /// Python's `\w`: letters, what has a numeric value, and the underscore.
    static func isWord(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: scalar == "_" || scalar.properties.numericType != nil
        }
    }

    /// Python's `\s`.
    static func isSpace(_ scalar: UnicodeScalar) -> Bool {
        scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }
}
