// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import GroupArithmetic

/// ⟨[g^t], [share XOR pad]⟩: one share on its way from a dealer to a receiver.
struct EncryptedShare {
    let ephemeral: GroupElement
    private let hidden: [UInt8]
    private let dealer: Int
    private let receiver: Int
    private let sharing: KeySharing

    /// Picks the receiver's part out of a dealer's message and checks its shape.
    init(in message: ByteTree, from dealer: Int, to receiver: Int, sharing: KeySharing) throws(KeySharingError) {
        guard case .node(let parts) = message, parts.count == sharing.trusteeCount - 1,
            // The dealer's own part is left out, so whoever comes behind it moves up by one.
            case .node(let part) = parts[receiver < dealer ? receiver - 1 : receiver - 2], part.count == 2,
            let ephemeral = sharing.group.element(leaf: part[0]),
            case .leaf(let hidden) = part[1], hidden.count == sharing.group.exponentByteCount
        else { throw .malformedShares(dealer: dealer) }
        self.ephemeral = ephemeral
        self.hidden = hidden
        self.dealer = dealer
        self.receiver = receiver
        self.sharing = sharing
    }

    /// The share, if what comes out is an exponent.
    ///
    /// - Parameter shared: (g^t)^d in κ_p bytes.
    func opened(with shared: borrowing SecretBytes, receivingKey: GroupElement) -> SecretExponent? {
        var share = sharing.pad(
            dealer: dealer, receiver: receiver, ephemeral: ephemeral, receivingKey: receivingKey, shared: shared)
        share.exclusiveOr(hidden)
        return SecretExponent(share, in: sharing.group)
    }
}
