// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
public import ElGamal
public import GroupArithmetic

extension Mixing {
    /// Re-encrypts and permutes as party `party` has committed to, and proves it.
    ///
    /// - Parameters:
    ///   - input: the output of the party before, or the input list.
    ///   - seed: the one of ``commitPermutation(as:seed:)``. For another input it gives other, independent numbers, so that a
    ///     proof never answers twice.
    /// - Returns: the names of the files that were written.
    /// - Complexity: three fixed-base exponentiations and three terms of ε's bits in products of powers a ciphertext.
    public func shuffle(
        as party: Int, input: CiphertextVector, seed: borrowing SecretSeed
    ) throws(MixNetError) -> [String] {
        let commitment = commitmentWitness(party, seed: seed)
        var hash = IncrementalHash(.sha256)
        input.write(to: &hash)
        let (group, context) = (parameters.group, context(party) + keys.key.y.bytes + hash.digest())
        let witness = CiphertextShuffleWitness(
            images: commitment.permutation.images, r: commitment.r,
            s: .uniform(count: count, in: group, from: seed, label: "s", context: context))
        var single = seed.source("single blinding numbers of a shuffle", context: context)
        let secrets = CiphertextShuffleSecrets(
            alpha: .uniform(in: group, from: &single), beta: .uniform(in: group, from: &single),
            epsilon: .uniform(
                count: count, bitCount: parameters.blindingBits, in: group, from: seed, label: "shuffle epsilon",
                context: context))
        let generator = FixedBase(group.generator, uses: count)
        return try shuffle(
            as: party, input: input, commitments: commitment.commitments(to: generators, generator: generator),
            witness: witness, secrets: secrets)
    }

    /// The door for vectors: takes what ``shuffle(as:input:seed:)`` draws.
    func shuffle(
        as party: Int, input: CiphertextVector, commitments: ElementVector, witness: CiphertextShuffleWitness,
        secrets: CiphertextShuffleSecrets
    ) throws(MixNetError) -> [String] {
        let output = witness.shuffling(input, with: Encryption(under: keys.key, uses: count))
        let statement = CiphertextShuffleStatement(
            parameters: parameters, key: keys.key, h: generators, u: commitments, input: input, output: output)
        let proof = statement.prove(witness, secrets: secrets)
        try folder.write(ProofFileName.ciphertextList(party)) { output.write(to: &$0) }
        try folder.write(ProofFileName.shuffleProofCommitment(party), tree: proof.commitment.byteTree)
        try folder.write(ProofFileName.shuffleProofReply(party)) { proof.reply.write(to: &$0) }
        return ProofFileName.shuffle(party)
    }
}
