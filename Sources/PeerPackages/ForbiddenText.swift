// SPDX-License-Identifier: Apache-2.0

/// What no text of a package may hold, whatever else is wrong with it: each is refused by its own name.
public enum ForbiddenText: Equatable, Sendable {
    case zeroByte
    case lineEnd
    case controlCharacter(UInt32)
    case space
    /// `../`, which leads out of a folder.
    case parentFolder
    case shellCharacter(Character)

    /// The first in a text of one word: a host name or an address.
    init?(inWord text: String) {
        let shell = Set("!\"#$%&'()*;<=>?[\\]^`{|}~".unicodeScalars)
        self.init(text, shell: shell) { scalar in
            switch scalar {
            case "\n", "\r": .lineEnd
            case "\t": .controlCharacter(scalar.value)
            default: scalar.properties.isWhitespace ? .space : nil
            }
        }
    }

    /// The first in a text of lines: PEM, and what programs print around it.
    init?(inLines text: String) {
        self.init(text, shell: Set("$`;|&<>\\".unicodeScalars)) { _ in nil }
    }

    private init?(_ text: String, shell: Set<Unicode.Scalar>, _ other: (Unicode.Scalar) -> ForbiddenText?) {
        for scalar in text.unicodeScalars {
            if scalar.value == 0 {
                self = .zeroByte
            } else if let found = other(scalar) {
                self = found
            } else if scalar.properties.generalCategory == .control, !["\n", "\r", "\t"].contains(scalar) {
                self = .controlCharacter(scalar.value)
            } else if shell.contains(scalar) {
                self = .shellCharacter(Character(scalar))
            } else {
                continue
            }
            return
        }
        guard text.contains("../") else { return nil }
        self = .parentFolder
    }

    var name: String {
        switch self {
        case .zeroByte: "a NUL byte"
        case .lineEnd: "a line end"
        case .controlCharacter(let value): "the control character U+\(fourDigits(value))"
        case .space: "a space"
        case .parentFolder: "../"
        case .shellCharacter(let character): "the shell character \(character)"
        }
    }
}

private func fourDigits(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
