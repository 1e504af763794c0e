// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// A member of a ``SafePrimeGroup``.
///
/// - Invariant: 1 <= value < p with Jacobi symbol 1. Numbers from outside enter through ``SafePrimeGroup/element(_:)``.
public struct GroupElement: Equatable, Sendable {
    public let value: BigInteger
    public let group: SafePrimeGroup

    package init(member value: BigInteger, of group: SafePrimeGroup) {
        self.value = value
        self.group = group
    }

    package init(limbs: [UInt], of group: SafePrimeGroup) {
        self.init(member: BigInteger(limbs: limbs), of: group)
    }

    /// The value in exactly the limbs of the group's modulus.
    package var limbs: [UInt] { value.limbs(count: group.elements.limbCount) }

    public var isIdentity: Bool { value == 1 }

    /// The element in the bytes of a byte tree's leaf: κ_p bytes, big-endian.
    public var bytes: [UInt8] { value.bytes(count: group.elementByteCount) }

    public static func * (left: GroupElement, right: GroupElement) -> GroupElement {
        precondition(left.group == right.group, "elements of two groups")
        var product = left.limbs
        eo_multiply(left.group.elements.pointer, &product, left.limbs, right.limbs, 1)
        return GroupElement(limbs: product, of: left.group)
    }

    public var inverse: GroupElement {
        var inverse = limbs
        eo_inverse_vartime(group.elements.pointer, &inverse, limbs, 1)
        return GroupElement(limbs: inverse, of: group)
    }

    public static func / (left: GroupElement, right: GroupElement) -> GroupElement { left * right.inverse }

    /// This element to the power of a public number. Never for a secret exponent.
    public func powerVariableTime(_ exponent: BigInteger) -> GroupElement {
        var power = limbs
        eo_power_vartime(group.elements.pointer, &power, limbs, exponent.limbs + [0], exponent.limbs.count + 1, 0, 1)
        return GroupElement(limbs: power, of: group)
    }

    /// This element to the power of a public exponent. Never for a secret one.
    public func powerVariableTime(_ exponent: Exponent) -> GroupElement { powerVariableTime(exponent.value) }
}
