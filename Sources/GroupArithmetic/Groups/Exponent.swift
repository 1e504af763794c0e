// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// An integer modulo the order q of a group that everybody may see: a challenge, a reply.
///
/// - Invariant: 0 <= value < q.
public struct Exponent: Equatable, Sendable {
    public let value: BigInteger
    public let group: SafePrimeGroup

    /// Refuses a number that is not below q.
    public init?(canonical value: BigInteger, in group: SafePrimeGroup) {
        guard value < group.q else { return nil }
        self.value = value
        self.group = group
    }

    /// Takes any number modulo q.
    public init(reducing value: BigInteger, in group: SafePrimeGroup) {
        self.value = value % group.q
        self.group = group
    }

    package init(limbs: [UInt], in group: SafePrimeGroup) {
        value = BigInteger(limbs: limbs)
        self.group = group
    }

    package var limbs: [UInt] { value.limbs(count: group.exponents.limbCount) }

    /// The exponent in the bytes of a byte tree's leaf: κ_q bytes, big-endian.
    public var bytes: [UInt8] { value.bytes(count: group.exponentByteCount) }

    public static func + (left: Exponent, right: Exponent) -> Exponent {
        var sum = left.limbs
        eo_add(left.group.exponents.pointer, &sum, left.limbs, right.limbs, 1)
        return Exponent(limbs: sum, in: left.group)
    }

    public static func - (left: Exponent, right: Exponent) -> Exponent {
        var difference = left.limbs
        eo_subtract(left.group.exponents.pointer, &difference, left.limbs, right.limbs, 1)
        return Exponent(limbs: difference, in: left.group)
    }

    public static func * (left: Exponent, right: Exponent) -> Exponent {
        var product = left.limbs
        eo_multiply(left.group.exponents.pointer, &product, left.limbs, right.limbs, 1)
        return Exponent(limbs: product, in: left.group)
    }

    public static prefix func - (exponent: Exponent) -> Exponent {
        Exponent(reducing: 0, in: exponent.group) - exponent
    }

    /// The inverse modulo q of an exponent that is not 0.
    public var inverse: Exponent {
        precondition(!value.isZero, "0 has no inverse")
        var inverse = limbs
        eo_inverse_vartime(group.exponents.pointer, &inverse, limbs, 1)
        return Exponent(limbs: inverse, in: group)
    }
}
