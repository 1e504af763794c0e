// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

extension Mixing {
    /// Commits party `party` to a permutation and proves it. Needs N only, so it can run while ballots are still checked.
    ///
    /// - Parameters:
    ///   - seed: of this party and session alone. The same seed gives the same files again.
    ///   - progress: takes of how many ciphertexts about the work is done, for the eye.
    /// - Returns: the files that were written.
    /// - Complexity: five fixed-base exponentiations and one term of ε's bits in a product of powers an element.
    public func commitPermutation(
        as party: Int, seed: borrowing SecretSeed, progress: (Int) -> Void = { _ in }
    ) throws(MixNetError) -> [WrittenProofFile] {
        let witness = commitmentWitness(party, seed: seed)
        let (group, context) = (parameters.group, context(party))
        var single = seed.source("single blinding numbers of a permutation", context: context)
        let secrets = CommitmentShuffleSecrets(
            b: .uniform(count: count, in: group, from: seed, label: "b", context: context),
            beta: .uniform(count: count, in: group, from: seed, label: "beta", context: context),
            alpha: .uniform(in: group, from: &single), gamma: .uniform(in: group, from: &single),
            delta: .uniform(in: group, from: &single),
            epsilon: .uniform(
                count: count, bitCount: parameters.blindingBits, in: group, from: seed, label: "epsilon",
                context: context))
        return try commitPermutation(as: party, witness: witness, secrets: secrets, progress: progress)
    }

    /// The door for vectors: takes what ``commitPermutation(as:seed:progress:)`` draws.
    package func commitPermutation(
        as party: Int, witness: CommitmentShuffleWitness, secrets: CommitmentShuffleSecrets,
        progress: (Int) -> Void = { _ in }
    ) throws(MixNetError) -> [WrittenProofFile] {
        let generator = FixedBase(parameters.group.generator)
        let inverseImages = witness.permutation.inverseImages
        let (u, commitment) = try folder.write(
            ProofFileName.permutationCommitment(party), count: count, in: parameters.group
        ) { range in
            // One of the five powers of an element, four follow.
            progress(range.lowerBound / 5)
            return witness.commitments(range, to: generators, inverseImages: inverseImages, generator: generator)
        }
        let proof = try CommitmentShuffleStatement(parameters: parameters, h: generators, u: u)
            .prove(
                witness, secrets: secrets, generator: generator,
                firstGenerator: FixedBase(generators[0]), as: party, in: folder,
                progress: { progress((count + 4 * $0) / 5) })
        let keepList = try folder.write(ProofFileName.keepList(party), tree: KeepList(all: count).byteTree)
        return [commitment] + proof + [keepList]
    }

    /// π and r of a party.
    package func commitmentWitness(_ party: Int, seed: borrowing SecretSeed) -> CommitmentShuffleWitness {
        let context = context(party)
        var source = seed.source("permutation", context: context)
        return CommitmentShuffleWitness(
            permutation: Permutation(count: count, from: &source),
            r: .uniform(count: count, in: parameters.group, from: seed, label: "r", context: context))
    }
}
