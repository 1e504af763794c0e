// SPDX-License-Identifier: Apache-2.0

public import ByteTrees
public import GroupArithmetic

/// A trustee's opened commitments whose digest was announced and whose proof of possession holds.
public struct VerifiedKeyOpening: Sendable {
    /// l, 1-based.
    public let dealer: Int
    /// C_0 … C_{λ-1}; C_0 is the trustee's public key.
    public let commitments: ElementVector
    public let publicKey: PublicKey
    let receivingKey: GroupElement
    let digest: [UInt8]

    /// Checks an opening that trustee `dealer` broadcast.
    ///
    /// - Parameter digest: what the trustee had announced before anybody opened.
    /// - Throws: ``KeySharingError`` naming the dealer and the check.
    /// - Complexity: two exponentiations.
    public init(
        _ opening: ByteTree, announced digest: [UInt8], dealer: Int, sharing: KeySharing
    ) throws(KeySharingError) {
        guard HashFunction.sha256.digest(of: opening.serialized) == digest else {
            throw .openingDiffersFromDigest(dealer: dealer)
        }
        let group = sharing.group
        guard case .node(let parts) = opening, parts.count == 4, case .leaf(let nonce) = parts[0], nonce.count == 32,
            case .node(let leaves) = parts[1], leaves.count == sharing.threshold,
            let receivingKey = group.element(leaf: parts[2]), !receivingKey.isIdentity,
            case .node(let proof) = parts[3], proof.count == 2,
            let commitment = group.element(leaf: proof[0]), let reply = group.exponent(leaf: proof[1])
        else { throw .malformedOpening(dealer: dealer) }
        var commitments: [GroupElement] = []
        for leaf in leaves {
            guard let element = group.element(leaf: leaf) else { throw .malformedOpening(dealer: dealer) }
            commitments.append(element)
        }
        guard let publicKey = PublicKey(commitments[0]) else { throw .malformedOpening(dealer: dealer) }
        self.commitments = ElementVector(commitments, in: group)
        let challenge = sharing.possessionChallenge(
            dealer: dealer, commitments: self.commitments, receivingKey: receivingKey, commitment: commitment)
        guard group.generator.powerVariableTime(reply) == commitment * publicKey.y.powerVariableTime(challenge) else {
            throw .noPossession(dealer: dealer)
        }
        self.dealer = dealer
        self.publicKey = publicKey
        self.receivingKey = receivingKey
        self.digest = digest
    }

    /// Feldman's check of a share that trustee `trustee` released.
    package func accepts(released share: Exponent, of trustee: Int) -> Bool {
        accepts(share: SecretExponent(share), of: trustee)
    }

    /// Feldman's check: g^share = Π C_m^(i^m).
    package func accepts(share: borrowing SecretExponent, of trustee: Int) -> Bool {
        let group = commitments.group
        let point = Exponent(reducing: BigInteger(UInt(trustee)), in: group)
        var expected = commitments[commitments.count - 1]
        for m in (0..<commitments.count - 1).reversed() {
            expected = expected.powerVariableTime(point) * commitments[m]
        }
        return share.power(of: group.generator) == expected
    }
}

extension SafePrimeGroup {
    /// The element in a leaf of exactly κ_p bytes.
    package func element(leaf: ByteTree) -> GroupElement? {
        guard case .leaf(let bytes) = leaf, bytes.count == elementByteCount else { return nil }
        return element(BigInteger(bigEndian: bytes))
    }

    /// The exponent in a leaf of exactly κ_q bytes.
    package func exponent(leaf: ByteTree) -> Exponent? {
        guard case .leaf(let bytes) = leaf, bytes.count == exponentByteCount else { return nil }
        return Exponent(canonical: BigInteger(bigEndian: bytes), in: self)
    }
}
