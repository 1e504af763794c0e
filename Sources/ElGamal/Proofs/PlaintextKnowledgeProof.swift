// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// The proof that goes with a ballot: whoever made α = g^r knows r.
///
/// Not checked by itself: ``failures(of:for:random:)`` says which of many are wrong.
///
/// - SeeAlso: specification of the published tally, section 2.4; 7.1 for what the challenge does not bind.
public struct PlaintextKnowledgeProof: Equatable, Sendable {
    /// 0 <= challenge < 2^256.
    public let challenge: BigInteger
    /// 1 <= commitment < p. Whether it is in the group decides whether the proof can hold.
    public let commitment: BigInteger
    /// 0 <= response < q.
    public let response: BigInteger

    public init(challenge: BigInteger, commitment: BigInteger, response: BigInteger) {
        self.challenge = challenge
        self.commitment = commitment
        self.response = response
    }

    /// SHA-256(decimal(α) ‖ "/" ‖ decimal(commitment)) as a number.
    public static func challenge(alpha: BigInteger, commitment: BigInteger) -> BigInteger {
        BigInteger(bigEndian: HashFunction.sha256.digest(of: "\(alpha.decimal)/\(commitment.decimal)".utf8))
    }

    /// A proof for each α_i = g^r_i.
    ///
    /// - Parameters:
    ///   - randomness: r.
    ///   - nonces: w, uniform in 0..<q, never used twice; secret.
    /// - Precondition: q is longer than a challenge, as in every group of elections.
    /// - Complexity: one fixed-base exponentiation each, on all cores.
    public static func prove(
        _ alphas: ElementVector, randomness: ExponentVector, nonces: ExponentVector, with encryption: Encryption
    ) -> [PlaintextKnowledgeProof] {
        let proofs = PlaintextKnowledgeProofs(
            proving: DecimalColumn(alphas), randomness: randomness, commitments: encryption.commitments(nonces),
            nonces: nonces)
        return (0..<alphas.count).map { index in
            PlaintextKnowledgeProof(
                challenge: proofs.challenges[index].value, commitment: proofs.commitments[index].value,
                response: proofs.responses[index].value)
        }
    }

    /// Bits of a challenge: those of SHA-256, not reduced.
    package static let challengeBits = 256
}
