// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// What is wrong with a proof of knowledge.
public enum PlaintextKnowledgeFailure: String, Equatable, Sendable {
    /// The challenge is not the hash of α and the commitment.
    case challenge
    /// g^response is not commitment · α^challenge.
    case equation
}

extension PlaintextKnowledgeProof {
    /// The proofs that are wrong, by index; those not named hold.
    ///
    /// Equations are folded: with τ_i random of 128 bits, g^Στ_i·response_i = Π commitment_i^τ_i · α_i^(τ_i·challenge_i). A wrong
    /// equation passes with probability at most 2^-128, since all bases are known to be in the group of prime order. If a
    /// folded equation fails, its halves are looked at, down to the single proof.
    ///
    /// - Parameters:
    ///   - proofs: within the ranges of their fields.
    ///   - alphas: as many as proofs.
    ///   - random: unpredictable to whoever made the proofs.
    /// - Complexity: 384 + 128 bits in products of powers and one Jacobi symbol each, on all cores.
    public static func failures(
        of proofs: [PlaintextKnowledgeProof], for alphas: ElementVector, random: inout some RandomSource & ~Copyable
    ) -> [Int: PlaintextKnowledgeFailure] {
        precondition(proofs.count == alphas.count, "\(proofs.count) proofs for \(alphas.count) ciphertexts")
        let group = alphas.group
        let found = FailureTable()
        inParallelChunks(of: proofs.count, minimum: 16) { range in
            for index in range {
                let proof = proofs[index]
                if challenge(alpha: alphas[index].value, commitment: proof.commitment) != proof.challenge {
                    found.set(.challenge, at: index)
                } else if group.element(proof.commitment) == nil {
                    // g^response / α^challenge is in the group, so no commitment outside it can be right.
                    found.set(.equation, at: index)
                }
            }
        }
        var failures = found.all
        let candidates = proofs.indices.filter { failures[$0] == nil }
        let weights = candidates.map { _ in BigInteger(bigEndian: random.bytes(16)) }
        let folding = Folding(proofs: proofs, alphas: alphas, candidates: candidates, weights: weights)
        for position in folding.wrong(candidates.indices) { failures[candidates[position]] = .equation }
        return failures
    }
}

/// The equations of many proofs under fixed random weights.
private struct Folding {
    let proofs: [PlaintextKnowledgeProof]
    let alphas: ElementVector
    let candidates: [Int]
    let weights: [BigInteger]

    /// The positions among the candidates whose equation is wrong.
    func wrong(_ positions: Range<Int>) -> [Int] {
        if positions.isEmpty || holds(positions) { return [] }
        if positions.count == 1 { return [positions.lowerBound] }
        let middle = positions.lowerBound + positions.count / 2
        return wrong(positions.lowerBound..<middle) + wrong(middle..<positions.upperBound)
    }

    private func holds(_ positions: Range<Int>) -> Bool {
        let group = alphas.group
        let indices = positions.map { candidates[$0] }
        // For a single proof the weight is left out: its equation itself decides.
        let weights = positions.count == 1 ? [1] : Array(weights[positions])
        let commitments = ElementVector(
            indices.map { GroupElement(member: proofs[$0].commitment, of: group) }, in: group)
        let left = zip(indices, weights).reduce(BigInteger(0)) { ($0 + proofs[$1.0].response * $1.1) % group.q }
        let challenges = zip(indices, weights).map { proofs[$0].challenge * $1 }
        let right =
            commitments.productOfPowers(ExponentVector(reducing: weights, bitCount: 128, in: group))
            * alphas.selecting(indices).productOfPowers(ExponentVector(reducing: challenges, bitCount: 384, in: group))
        return group.generator.powerVariableTime(left) == right
    }
}
