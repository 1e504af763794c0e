// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic

/// One question's numbers of some consecutive ballots, one a row, filled by many threads.
struct QuestionColumns: Sendable {
    let group: SafePrimeGroup
    private let alphas: NumberColumn
    private let betas: NumberColumn
    private let proofs: PlaintextKnowledgeReview.Columns

    init(count: Int, in group: SafePrimeGroup) {
        self.init(
            group: group, alphas: NumberColumn(count: count, below: group.p, takesZero: false),
            betas: NumberColumn(count: count, below: group.p, takesZero: false),
            proofs: PlaintextKnowledgeReview.Columns(count: count, in: group))
    }

    private init(
        group: SafePrimeGroup, alphas: NumberColumn, betas: NumberColumn, proofs: PlaintextKnowledgeReview.Columns
    ) {
        self.group = group
        self.alphas = alphas
        self.betas = betas
        self.proofs = proofs
    }

    /// The first rows alone.
    func prefix(_ count: Int) -> QuestionColumns {
        QuestionColumns(
            group: group, alphas: alphas.prefix(count), betas: betas.prefix(count), proofs: proofs.prefix(count))
    }

    // MARK: Filling

    /// Reads the numbers that a scanner found in a text.
    ///
    /// - Returns: whether the challenge is the hash of α and the commitment; nil if a number is not canonical or out of range.
    func read(
        _ text: UnsafeBufferPointer<UInt8>, _ numbers: LineScanner.Question, row: Int, _ hash: inout ChallengeHash
    ) -> Bool? {
        let digits = { (range: Range<Int>) in UnsafeBufferPointer(rebasing: text[range]) }
        guard alphas.read(digits(numbers.alpha), at: row), betas.read(digits(numbers.beta), at: row),
            proofs.challenges.read(digits(numbers.challenge), at: row),
            proofs.commitments.read(digits(numbers.commitment), at: row),
            proofs.responses.read(digits(numbers.response), at: row)
        else { return nil }
        hash.challenge(
            alpha: UnsafeRawBufferPointer(digits(numbers.alpha)),
            commitment: UnsafeRawBufferPointer(digits(numbers.commitment)))
        return proofs.challenges.equals(hash.bytes, at: row)
    }

    /// - Returns: whether the challenge is the hash of α and the commitment.
    func set(_ choice: Ballot.Choice, _ proof: PlaintextKnowledgeProof, row: Int) -> Bool {
        alphas.set(choice.alpha, at: row)
        betas.set(choice.beta, at: row)
        proofs.set(proof, at: row)
        return proof.challenge == PlaintextKnowledgeProof.challenge(alpha: choice.alpha, commitment: proof.commitment)
    }

    func copy(from source: Int, to target: Int) {
        alphas.copy(from: source, to: target)
        betas.copy(from: source, to: target)
        proofs.copy(from: source, to: target)
    }

    // MARK: Checking

    /// The first row with a number outside the group.
    var firstNonMember: (row: Int, component: CiphertextComponent)? {
        let (alpha, beta) = (alphas.firstNonMember(of: group), betas.firstNonMember(of: group))
        switch (alpha, beta) {
        case (let alpha?, let beta) where alpha <= beta ?? alpha: return (alpha, .alpha)
        case (_, let beta?): return (beta, .beta)
        default: return nil
        }
    }

    /// - Precondition: there is no ``firstNonMember``.
    var ciphertexts: CiphertextVector {
        CiphertextVector(alphas: alphas.elements(of: group), betas: betas.elements(of: group))
    }

    func proofs(wrongChallenges: [Int]) -> PlaintextKnowledgeReview {
        PlaintextKnowledgeReview(columns: proofs, in: group, wrongChallenges: wrongChallenges)
    }
}
