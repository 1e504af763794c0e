// SPDX-License-Identifier: Apache-2.0

import ByteTrees
public import GroupArithmetic

/// Where a ballot's ciphertext belongs: under which key, in which election, to which question.
///
/// - SeeAlso: docs/protocol/bound-proofs.md.
public struct BallotContext: Equatable, Sendable {
    public let key: PublicKey
    /// SHA-256(⟨"bound proof of knowledge", FullPublicKey, [election], [question]⟩).
    package let digest: [UInt8]

    /// - Parameters:
    ///   - key: the joint key of the question's session; with it the group and its generator are bound.
    ///   - election: the election's id as text.
    ///   - question: from 0.
    public init(key: PublicKey, election: String, question: Int) {
        self.key = key
        let tree = ByteTree.node([
            .string("bound proof of knowledge"), key.marshalled, .string(election), .integer(UInt32(question)),
        ])
        digest = HashFunction.sha256.digest(of: tree.serialized)
    }
}

/// The proof that whoever made α = g^r knows r, and made it for one key, election, question, voter and β: moved to any other
/// place it does not hold.
///
/// The challenge is not part of it: c = SHA-256(⟨[context], [voter], [α], [β], [commitment]⟩) as a number, the numbers in
/// decimal as they stand in the ballot.
///
/// - SeeAlso: docs/protocol/bound-proofs.md.
public struct BoundKnowledgeProof: Equatable, Sendable {
    /// g^w, 1 <= commitment < p. Whether it is in the group decides whether the proof can hold.
    public let commitment: BigInteger
    /// w + r · c mod q.
    public let response: BigInteger

    public init(commitment: BigInteger, response: BigInteger) {
        self.commitment = commitment
        self.response = response
    }

    /// c.
    package static func challenge(
        alpha: BigInteger, beta: BigInteger, voter: String, in context: BallotContext, commitment: BigInteger
    ) -> BigInteger {
        var hash = ChallengeHash()
        hash.begin(in: context)
        for text in [voter] + [alpha, beta, commitment].map(\.decimal) {
            Array(text.utf8).withUnsafeBytes { hash.append(field: $0) }
        }
        hash.finish()
        return BigInteger(bigEndian: hash.bytes)
    }

    /// A proof for one ciphertext.
    ///
    /// - Parameters:
    ///   - r: the ciphertext's randomness.
    ///   - w: uniform in 0..<q, never used twice, for no other proof either; secret.
    ///   - voter: the opaque id that will stand with the ballot, without weight index.
    /// - Precondition: q is longer than a challenge, as in every group of elections.
    public static func prove(
        _ ciphertext: Ciphertext, randomness r: Exponent, nonce w: Exponent, voter: String, in context: BallotContext
    ) -> BoundKnowledgeProof {
        let group = context.key.group
        precondition(group.q.bitCount > PlaintextKnowledgeProof.challengeBits, "a group too small for these proofs")
        let commitment = group.generator.powerVariableTime(w).value
        let proof = BoundKnowledgeProof(commitment: commitment, response: 0)
        let c = proof.challenge(of: ciphertext, voter: voter, in: context)
        return BoundKnowledgeProof(commitment: commitment, response: (r * c + w).value)
    }

    /// Whether the proof holds for this ciphertext of this voter at this place: g^response = commitment · α^c.
    public func holds(for ciphertext: Ciphertext, voter: String, in context: BallotContext) -> Bool {
        let group = context.key.group
        guard ciphertext.alpha.group == group, let commitmentElement = group.element(commitment),
            let response = Exponent(canonical: response, in: group)
        else { return false }
        let c = challenge(of: ciphertext, voter: voter, in: context)
        return group.generator.powerVariableTime(response)
            == commitmentElement * ciphertext.alpha.powerVariableTime(c)
    }

    private func challenge(of ciphertext: Ciphertext, voter: String, in context: BallotContext) -> Exponent {
        let number = BoundKnowledgeProof.challenge(
            alpha: ciphertext.alpha.value, beta: ciphertext.beta.value, voter: voter, in: context,
            commitment: commitment)
        return Exponent(reducing: number, in: context.key.group)
    }
}
