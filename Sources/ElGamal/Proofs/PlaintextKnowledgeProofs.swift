// SPDX-License-Identifier: Apache-2.0

import ByteTrees
package import GroupArithmetic

/// Proofs of knowledge for many ciphertexts, as their prover makes them: column by column.
package struct PlaintextKnowledgeProofs: Sendable {
    package let commitments: ElementVector
    /// The commitments in decimal, as they were hashed.
    package let commitmentTexts: DecimalColumn
    package let challenges: ExponentVector
    package let responses: ExponentVector

    /// The proofs of a ballot as the format has them, for α_i = g^r_i.
    ///
    /// - Parameters:
    ///   - alphas: α in decimal.
    ///   - randomness: r.
    ///   - commitments: g^w_i.
    ///   - nonces: w, uniform in 0..<q, never used twice; secret.
    package init(
        proving alphas: DecimalColumn, randomness: ExponentVector, commitments: ElementVector, nonces: ExponentVector
    ) {
        self.init(randomness: randomness, commitments: commitments, nonces: nonces) { hash, index, commitment in
            alphas.withDigits(index) { hash.challenge(alpha: $0, commitment: commitment) }
        }
    }

    /// Bound proofs of the ciphertexts (α_i, β_i) with α_i = g^r_i.
    ///
    /// - Parameters:
    ///   - alphas, betas: in decimal.
    ///   - randomness: r.
    ///   - commitments: g^w_i.
    ///   - nonces: w, uniform in 0..<q, never used twice, for no other proof either; secret.
    ///   - voter: the opaque id of the voter who casts the i-th.
    package init(
        binding alphas: DecimalColumn, _ betas: DecimalColumn, randomness: ExponentVector, commitments: ElementVector,
        nonces: ExponentVector, context: BallotContext, voter: @Sendable (Int) -> [UInt8]
    ) {
        self.init(randomness: randomness, commitments: commitments, nonces: nonces) { hash, index, commitment in
            hash.begin(in: context)
            voter(index).withUnsafeBytes { hash.append(field: $0) }
            alphas.withDigits(index) { hash.append(field: $0) }
            betas.withDigits(index) { hash.append(field: $0) }
            hash.append(field: commitment)
            hash.finish()
        }
    }

    /// - Parameter compute: computes the challenge of the i-th proof from its commitment's digits.
    /// - Precondition: q is longer than a challenge, as in every group of elections.
    private init(
        randomness: ExponentVector, commitments: ElementVector, nonces: ExponentVector,
        _ compute: @Sendable (inout ChallengeHash, Int, UnsafeRawBufferPointer) -> Void
    ) {
        let group = commitments.group
        let challengeBits = PlaintextKnowledgeProof.challengeBits
        precondition(group.q.bitCount > challengeBits, "a group too small for these proofs")
        self.commitments = commitments
        let texts = DecimalColumn(commitments)
        challenges = ExponentVector(
            count: commitments.count, bitCount: challengeBits, in: group, minimumChunk: 64
        ) { out, range in
            var hash = ChallengeHash()
            let limbCount = challengeBits / UInt.bitWidth
            for (offset, index) in range.enumerated() {
                texts.withDigits(index) { compute(&hash, index, $0) }
                for limb in 0..<limbCount { out[offset * limbCount + limb] = hash.limb(limb) }
            }
        }
        responses = randomness * challenges + nonces
        commitmentTexts = texts
    }
}

/// The challenges of proofs of knowledge, one after another, from decimal numbers as they stand in a file.
package struct ChallengeHash: ~Copyable {
    private var hash = IncrementalHash(.sha256)
    private var digest = [UInt8](repeating: 0, count: HashFunction.sha256.byteCount)

    package init() {}

    /// Computes SHA-256(α ‖ "/" ‖ commitment).
    ///
    /// - Parameters:
    ///   - alpha: canonical decimal digits.
    ///   - commitment: canonical decimal digits.
    package mutating func challenge(alpha: UnsafeRawBufferPointer, commitment: UnsafeRawBufferPointer) {
        hash.append(alpha)
        withUnsafeBytes(of: UInt8(ascii: "/")) { hash.append($0) }
        hash.append(commitment)
        finish()
    }

    /// Begins SHA-256(⟨[context], [voter], [α], [β], [commitment]⟩), the challenge of a bound proof: its four fields and
    /// ``finish()`` follow.
    package mutating func begin(in context: BallotContext) {
        hash.appendNodeHeader(5)
        hash.append(leaf: context.digest)
    }

    package mutating func append(field bytes: UnsafeRawBufferPointer) {
        hash.appendLeafHeader(bytes.count)
        hash.append(bytes)
    }

    package mutating func finish() { digest.withUnsafeMutableBytes { hash.digest(into: $0) } }

    /// Bytes of the challenge computed last, most significant first.
    package var bytes: [UInt8] { digest }

    /// A limb of the challenge computed last, least significant first.
    package func limb(_ index: Int) -> UInt {
        digest[(digest.count - 8 * (index + 1))..<(digest.count - 8 * index)].reduce(0) { $0 << 8 | UInt($1) }
    }
}
