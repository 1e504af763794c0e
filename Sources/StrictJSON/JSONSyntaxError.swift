// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// Why bytes are no JSON text that this reader takes; offsets count bytes from 0.
package enum JSONSyntaxError: Error, Equatable, Sendable {
    case tooLarge(byteCount: Int, limit: Int)
    case tooDeep(offset: Int, limit: Int)
    case unexpectedEnd(expected: String)
    case unexpected(byte: UInt8, offset: Int, expected: String)
    case notUTF8(offset: Int)
    case loneSurrogate(offset: Int)
    case duplicateKey(String, offset: Int)
}

extension JSONSyntaxError: OperatorError {
    package var message: String {
        switch self {
        case .tooLarge(let count, let limit): "JSON of \(count) bytes, expected at most \(limit)"
        case .tooDeep(let offset, let limit): "JSON nested deeper than \(limit) levels at byte \(offset)"
        case .unexpectedEnd(let expected): "JSON ends too early, expected \(expected)"
        case .unexpected(let byte, let offset, let expected):
            "invalid JSON at byte \(offset): found \(Self.name(of: byte)), expected \(expected)"
        case .notUTF8(let offset): "invalid JSON: the string at byte \(offset) is not UTF-8"
        case .loneSurrogate(let offset): "invalid JSON: half a surrogate pair at byte \(offset)"
        case .duplicateKey(let key, let offset): "invalid JSON at byte \(offset): the key \(quoted(key)) occurs twice"
        }
    }

    private static func name(of byte: UInt8) -> String {
        if byte > 0x20 && byte < 0x7f { return quoted(String(UnicodeScalar(byte))) }
        let digits = String(byte, radix: 16)
        return "byte 0x" + (digits.count == 1 ? "0" : "") + digits
    }
}
