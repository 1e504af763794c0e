// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic

/// A number of plaintexts_json. Nearly all fit a word.
package enum Plaintext: Sendable, Hashable {
    case small(UInt)
    case large(BigInteger)

    package init(_ number: BigInteger) {
        self = number.limbs.count > 1 ? .large(number) : .small(number.limbs.first ?? 0)
    }

    /// Reads decimal digits, also with zeros in front; nil for anything else, and for numbers that no group has.
    init?(digits: UnsafeRawBufferPointer) {
        guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        if digits.count <= 19 {
            self = .small(digits.reduce(0) { $0 * 10 + UInt($1 - 0x30) })
            return
        }
        let significant = digits.drop { $0 == 0x30 }
        guard
            let number = BigInteger(
                canonicalDecimal: significant.isEmpty ? digits.suffix(1) : significant, maximumBitCount: 1 << 15)
        else { return nil }
        self.init(number)
    }

    package var number: BigInteger {
        switch self {
        case .small(let number): BigInteger(number)
        case .large(let number): number
        }
    }
}
