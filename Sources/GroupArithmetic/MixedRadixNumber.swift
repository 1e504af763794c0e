// SPDX-License-Identifier: Apache-2.0

private import CGMP

/// A natural number that digits of changing bases are taken from or put into, the least significant one outermost.
///
/// - Invariant: `limbs` are least significant first and end in a limb that is not zero; 0 has none.
package struct MixedRadixNumber {
    package private(set) var limbs: [UInt]

    package init(_ number: BigInteger = 0) {
        limbs = number.limbs
    }

    package var number: BigInteger { BigInteger(limbs: limbs) }

    /// Takes the outermost digit off: the remainder of a division by its base, which is not 0.
    package mutating func removeDigit(base: UInt) -> UInt {
        guard !limbs.isEmpty else { return 0 }
        let digit = limbs.withUnsafeMutableBufferPointer { limbs in
            // The buffer is not empty.
            __gmpn_divrem_1(limbs.baseAddress, 0, limbs.baseAddress, limbs.count, base)
        }
        if limbs.last == 0 { limbs.removeLast() }
        return digit
    }

    /// Makes `digit` the outermost digit, with a base that is above it.
    package mutating func insertDigit(_ digit: UInt, base: UInt) {
        precondition(digit < base, "the digit \(digit) is not below its base \(base)")
        var carry: UInt = 0
        if !limbs.isEmpty {
            carry = limbs.withUnsafeMutableBufferPointer { limbs in
                __gmpn_mul_1(limbs.baseAddress, limbs.baseAddress, limbs.count, base)
            }
        }
        if carry != 0 { limbs.append(carry) }
        var rest = digit
        for index in limbs.indices where rest != 0 {
            let (sum, overflow) = limbs[index].addingReportingOverflow(rest)
            limbs[index] = sum
            rest = overflow ? 1 : 0
        }
        if rest != 0 { limbs.append(rest) }
    }
}
