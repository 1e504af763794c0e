// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic

/// Proofs of knowledge for many ciphertexts, as their prover makes them: column by column.
package struct PlaintextKnowledgeProofs: Sendable {
    package let commitments: ElementVector
    /// The commitments in decimal, as they were hashed.
    package let commitmentTexts: DecimalColumn
    package let challenges: ExponentVector
    package let responses: ExponentVector

    /// A proof for each α_i = g^r_i.
    ///
    /// - Parameters:
    ///   - alphas: α in decimal.
    ///   - randomness: r.
    ///   - commitments: g^w_i.
    ///   - nonces: w, uniform in 0..<q, never used twice; secret.
    /// - Precondition: q is longer than a challenge, as in every group of elections.
    package init(
        proving alphas: DecimalColumn, randomness: ExponentVector, commitments: ElementVector, nonces: ExponentVector
    ) {
        let group = commitments.group
        let challengeBits = PlaintextKnowledgeProof.challengeBits
        precondition(group.q.bitCount > challengeBits, "a group too small for these proofs")
        self.commitments = commitments
        let texts = DecimalColumn(commitments)
        challenges = ExponentVector(count: alphas.count, bitCount: challengeBits, in: group, minimumChunk: 64) {
            out, range in
            var hash = ChallengeHash()
            let limbCount = challengeBits / UInt.bitWidth
            for (offset, index) in range.enumerated() {
                alphas.withDigits(index) { alpha in
                    texts.withDigits(index) { hash.challenge(alpha: alpha, commitment: $0) }
                }
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
        digest.withUnsafeMutableBytes { hash.digest(into: $0) }
    }

    /// Bytes of the challenge computed last, most significant first.
    package var bytes: [UInt8] { digest }

    /// A limb of the challenge computed last, least significant first.
    package func limb(_ index: Int) -> UInt {
        digest[(digest.count - 8 * (index + 1))..<(digest.count - 8 * index)].reduce(0) { $0 << 8 | UInt($1) }
    }
}
