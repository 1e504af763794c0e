// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// One ElGamal encryption (α, β) = (g^r, y^r · m) of the group element m under the public key y.
///
/// - SeeAlso: specification of the published tally, section 2.3.
public struct Ciphertext: Equatable, Sendable {
    public let alpha: GroupElement
    public let beta: GroupElement

    /// - Precondition: both are of one group.
    public init(alpha: GroupElement, beta: GroupElement) {
        precondition(alpha.group == beta.group, "components of two groups")
        self.alpha = alpha
        self.beta = beta
    }
}
