// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// What is wrong with a proof of knowledge.
public enum PlaintextKnowledgeFailure: String, Equatable, Sendable {
    /// The challenge is not the hash of α and the commitment.
    case challenge
    /// g^response is not commitment · α^challenge.
    case equation
}

/// Proofs of knowledge as somebody sent them, column by column, with their challenges compared with the hashes already.
package struct PlaintextKnowledgeReview: Sendable {
    /// In 1..<p; membership unknown.
    private let commitments: NumberColumn
    private let challenges: ExponentVector
    private let responses: ExponentVector
    /// Indices of the proofs whose challenge is not the hash of α and the commitment.
    private let wrongChallenges: [Int]

    /// - Precondition: columns of one length, made by ``columns(count:in:)``.
    package init(columns: Columns, in group: SafePrimeGroup, wrongChallenges: [Int]) {
        commitments = columns.commitments
        challenges = columns.challenges.exponents(bitCount: PlaintextKnowledgeProof.challengeBits, of: group)
        responses = columns.responses.exponents(bitCount: group.q.bitCount, of: group)
        self.wrongChallenges = wrongChallenges
    }

    /// The three numbers of many proofs, each in its range.
    package struct Columns: Sendable {
        package let challenges: NumberColumn
        package let commitments: NumberColumn
        package let responses: NumberColumn

        package init(count: Int, in group: SafePrimeGroup) {
            self.init(
                challenges: NumberColumn(
                    count: count, below: BigInteger(powerOfTwo: PlaintextKnowledgeProof.challengeBits), takesZero: true),
                commitments: NumberColumn(count: count, below: group.p, takesZero: false),
                responses: NumberColumn(count: count, below: group.q, takesZero: true))
        }

        private init(challenges: NumberColumn, commitments: NumberColumn, responses: NumberColumn) {
            self.challenges = challenges
            self.commitments = commitments
            self.responses = responses
        }

        package func set(_ proof: PlaintextKnowledgeProof, at index: Int) {
            challenges.set(proof.challenge, at: index)
            commitments.set(proof.commitment, at: index)
            responses.set(proof.response, at: index)
        }

        package func copy(from source: Int, to target: Int) {
            for column in [challenges, commitments, responses] { column.copy(from: source, to: target) }
        }

        package func prefix(_ count: Int) -> Columns {
            Columns(
                challenges: challenges.prefix(count), commitments: commitments.prefix(count),
                responses: responses.prefix(count))
        }
    }

    /// The proofs that are wrong, by index; those not named hold.
    ///
    /// Equations are folded: with τ_i random of 128 bits, g^Στ_i·response_i = Π commitment_i^τ_i · α_i^(τ_i·challenge_i). A wrong
    /// equation passes with probability at most 2^-128, since all bases are known to be in the group of prime order. If a
    /// folded equation fails, its halves are looked at, down to the single proof.
    ///
    /// - Parameters:
    ///   - alphas: as many as proofs.
    ///   - random: unpredictable to whoever made the proofs.
    /// - Complexity: 384 + 128 bits in products of powers and one Jacobi symbol each, on all cores.
    package func failures(
        for alphas: ElementVector, random: inout some RandomSource & ~Copyable
    ) -> [Int: PlaintextKnowledgeFailure] {
        let count = alphas.count
        precondition(challenges.count == count, "\(challenges.count) proofs for \(count) ciphertexts")
        var failures: [Int: PlaintextKnowledgeFailure] = [:]
        // g^response / α^challenge is in the group, so no commitment outside it can be right.
        for index in commitments.nonMembers(of: alphas.group) { failures[index] = .equation }
        for index in wrongChallenges { failures[index] = .challenge }
        let weights = ExponentVector.foldingWeights(count: count - failures.count, in: alphas.group, from: &random)
        guard !failures.isEmpty else {
            let equations = FoldedEquations(
                commitments: commitments.elements(of: alphas.group), alphas: alphas, challenges: challenges,
                responses: responses, weights: weights)
            for index in equations.wrong(0..<count) { failures[index] = .equation }
            return failures
        }
        let candidates = (0..<count).filter { failures[$0] == nil }
        let equations = FoldedEquations(
            commitments: commitments.selecting(candidates).elements(of: alphas.group),
            alphas: alphas.selecting(candidates), challenges: challenges.selecting(candidates),
            responses: responses.selecting(candidates), weights: weights)
        for position in equations.wrong(candidates.indices) { failures[candidates[position]] = .equation }
        return failures
    }
}

extension PlaintextKnowledgeProof {
    /// The proofs that are wrong, by index; those not named hold. The same as many columns, for a few proofs at hand.
    ///
    /// - Parameters:
    ///   - proofs: within the ranges of their fields.
    ///   - alphas: as many as proofs.
    ///   - random: unpredictable to whoever made the proofs.
    public static func failures(
        of proofs: [PlaintextKnowledgeProof], for alphas: ElementVector, random: inout some RandomSource & ~Copyable
    ) -> [Int: PlaintextKnowledgeFailure] {
        precondition(proofs.count == alphas.count, "\(proofs.count) proofs for \(alphas.count) ciphertexts")
        let columns = PlaintextKnowledgeReview.Columns(count: proofs.count, in: alphas.group)
        for (index, proof) in proofs.enumerated() { columns.set(proof, at: index) }
        let wrong = proofs.indices.filter {
            challenge(alpha: alphas[$0].value, commitment: proofs[$0].commitment) != proofs[$0].challenge
        }
        return PlaintextKnowledgeReview(columns: columns, in: alphas.group, wrongChallenges: wrong)
            .failures(for: alphas, random: &random)
    }
}
