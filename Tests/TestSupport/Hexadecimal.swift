// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic

/// Bytes that a vector file writes in hexadecimal.
package struct Hexadecimal: Decodable, Equatable, Sendable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { throw NotHexadecimal(text: text) }
        bytes = try stride(from: 0, to: digits.count, by: 2).map { index in
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                throw NotHexadecimal(text: text)
            }
            return byte
        }
    }
}

/// A number that a vector file writes in hexadecimal.
package struct HexadecimalNumber: Decodable, Sendable {
    package let value: BigInteger

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = BigInteger(hexadecimal: text) else { throw NotHexadecimal(text: text) }
        self.value = value
    }
}

package struct NotHexadecimal: Error {
    let text: String
}
