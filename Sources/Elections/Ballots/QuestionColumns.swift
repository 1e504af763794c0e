// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic

/// One question's numbers of some consecutive ballots, one a row, filled by many threads.
struct QuestionColumns: Sendable {
    let group: SafePrimeGroup
    private let alphas: NumberColumn
    private let betas: NumberColumn
    private let proofs: PlaintextKnowledgeReview.Columns
    private let bound: Bound?

    /// Bound proofs, with the challenges that they have to answer.
    private struct Bound {
        let context: BallotContext
        let proofs: PlaintextKnowledgeReview.Columns
    }

    /// - Parameter context: where the ballots belong, if they have to have bound proofs.
    init(count: Int, in group: SafePrimeGroup, context: BallotContext?) {
        self.init(
            group: group, alphas: NumberColumn(count: count, below: group.p, takesZero: false),
            betas: NumberColumn(count: count, below: group.p, takesZero: false),
            proofs: PlaintextKnowledgeReview.Columns(count: count, in: group),
            bound: context.map { Bound(context: $0, proofs: PlaintextKnowledgeReview.Columns(count: count, in: group)) }
        )
    }

    private init(
        group: SafePrimeGroup, alphas: NumberColumn, betas: NumberColumn, proofs: PlaintextKnowledgeReview.Columns,
        bound: Bound?
    ) {
        self.group = group
        self.alphas = alphas
        self.betas = betas
        self.proofs = proofs
        self.bound = bound
    }

    /// The first rows alone.
    func prefix(_ count: Int) -> QuestionColumns {
        QuestionColumns(
            group: group, alphas: alphas.prefix(count), betas: betas.prefix(count), proofs: proofs.prefix(count),
            bound: bound.map { Bound(context: $0.context, proofs: $0.proofs.prefix(count)) })
    }

    var takesBoundProofs: Bool { bound != nil }

    // MARK: Filling

    /// Reads the numbers that a scanner found in a text.
    ///
    /// - Returns: whether the challenge is the hash of α and the commitment; nil if a number is not canonical, out of range or
    ///   missing.
    func read(
        _ text: UnsafeBufferPointer<UInt8>, _ numbers: LineScanner.Question, voter: UnsafeBufferPointer<UInt8>?,
        row: Int, _ hash: inout ChallengeHash
    ) -> Bool? {
        let digits = { (range: Range<Int>) in UnsafeBufferPointer(rebasing: text[range]) }
        guard alphas.read(digits(numbers.alpha), at: row), betas.read(digits(numbers.beta), at: row),
            proofs.challenges.read(digits(numbers.challenge), at: row),
            proofs.commitments.read(digits(numbers.commitment), at: row),
            proofs.responses.read(digits(numbers.response), at: row)
        else { return nil }
        if let bound {
            guard let voter, let (commitment, response) = numbers.bound,
                bound.proofs.commitments.read(digits(commitment), at: row),
                bound.proofs.responses.read(digits(response), at: row)
            else { return nil }
            hash.begin(in: bound.context)
            for field in [voter, digits(numbers.alpha), digits(numbers.beta), digits(commitment)] {
                hash.append(field: UnsafeRawBufferPointer(field))
            }
            hash.finish()
            bound.proofs.challenges.set(BigInteger(bigEndian: hash.bytes), at: row)
        }
        hash.challenge(
            alpha: UnsafeRawBufferPointer(digits(numbers.alpha)),
            commitment: UnsafeRawBufferPointer(digits(numbers.commitment)))
        return proofs.challenges.equals(hash.bytes, at: row)
    }

    /// Takes the numbers of question `question` of a ballot that has a bound proof and a voter, if there have to be.
    ///
    /// - Returns: whether the challenge is the hash of α and the commitment.
    func set(_ ballot: Ballot, question: Int, voter: VoterID?, row: Int) -> Bool {
        let (choice, proof) = (ballot.choices[question], ballot.proofs[question])
        alphas.set(choice.alpha, at: row)
        betas.set(choice.beta, at: row)
        proofs.set(proof, at: row)
        if let bound, let proof = ballot.boundProofs?[question], let voter {
            let challenge = BoundKnowledgeProof.challenge(
                alpha: choice.alpha, beta: choice.beta, voter: voter.name, in: bound.context,
                commitment: proof.commitment)
            bound.proofs.set(
                PlaintextKnowledgeProof(
                    challenge: challenge, commitment: proof.commitment, response: proof.response), at: row)
        }
        return proof.challenge == PlaintextKnowledgeProof.challenge(alpha: choice.alpha, commitment: proof.commitment)
    }

    func copy(from source: Int, to target: Int) {
        alphas.copy(from: source, to: target)
        betas.copy(from: source, to: target)
        proofs.copy(from: source, to: target)
        bound?.proofs.copy(from: source, to: target)
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

    /// The first row whose bound proof does not hold.
    ///
    /// A bound proof is the same equation as the other one, under a challenge that was computed here: it is folded likewise,
    /// and a wrong one is overlooked with the same probability of 2^-128.
    ///
    /// - Parameter random: unpredictable to whoever made the ballots.
    /// - Precondition: there is no ``firstNonMember``.
    func firstWrongBoundProof(random: inout some RandomSource & ~Copyable) -> Int? {
        guard let bound, alphas.count > 0 else { return nil }
        return PlaintextKnowledgeReview(columns: bound.proofs, in: group, wrongChallenges: [])
            .failures(for: alphas.elements(of: group), random: &random).keys.min()
    }
}
