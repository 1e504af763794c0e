// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
public import ElGamal
public import GroupArithmetic

extension Mixing {
    /// Re-encrypts and permutes as party `party` has committed to, and proves it.
    ///
    /// - Parameters:
    ///   - input: the output of the party before, or the input list.
    ///   - seed: the one of ``commitPermutation(as:seed:progress:)``, whose files are in the folder. For another input or commitment it gives
    ///     other, independent numbers, so that a proof never answers twice.
    ///   - progress: takes of how many ciphertexts about the work is done, for the eye.
    /// - Returns: the files that were written.
    /// - Complexity: two fixed-base exponentiations and three terms of ε's bits in products of powers a ciphertext.
    public func shuffle(
        as party: Int, input: CiphertextVector, seed: borrowing SecretSeed, progress: (Int) -> Void = { _ in }
    ) throws(MixNetError) -> [WrittenProofFile] {
        let commitment = commitmentWitness(party, seed: seed)
        let commitments = try folder.readOwn(ProofFileName.permutationCommitment(party)) { reader throws(VectorError) in
            try ElementVector(ownList: &reader, count: count, in: parameters.group)
        }
        var hash = IncrementalHash(.sha256)
        commitments.write(to: &hash)
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
        return try shuffle(
            as: party, input: input, commitments: commitments, witness: witness, secrets: secrets, progress: progress)
    }

    /// The door for vectors: takes what ``shuffle(as:input:seed:progress:)`` draws.
    ///
    /// - Parameter other: for tests of verifiers, what is put out re-encrypted and permuted in place of `input`.
    package func shuffle(
        as party: Int, input: CiphertextVector, commitments: ElementVector, witness: CiphertextShuffleWitness,
        secrets: CiphertextShuffleSecrets, shuffling other: CiphertextVector? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws(MixNetError) -> [WrittenProofFile] {
        // The proof's products of powers take about a third of the time.
        let (output, list) = try writeOutput(as: party, witness, other ?? input) { progress($0 * 2 / 3) }
        let statement = CiphertextShuffleStatement(
            parameters: parameters, key: keys.key, h: generators, u: commitments, input: input, output: output)
        let proof = try statement.prove(witness, secrets: secrets, as: party, in: folder)
        progress(count)
        return [list] + proof
    }

    /// Writes w' chunk by chunk.
    private func writeOutput(
        as party: Int, _ witness: CiphertextShuffleWitness, _ input: CiphertextVector, progress: (Int) -> Void
    ) throws(MixNetError) -> (output: CiphertextVector, file: WrittenProofFile) {
        let (name, group) = (ProofFileName.ciphertextList(party), parameters.group)
        let encryption = Encryption(under: keys.key)
        let file = try folder.write(name) { file in
            file.appendNodeHeader(2)
            let alphas = file.reserveList(count, width: group.elementByteCount)
            let betas = file.reserveList(count, width: group.elementByteCount)
            for range in chunks(of: count) {
                let output = witness.shuffling(range, of: input, with: encryption)
                file.fill(alphas, at: range.lowerBound, with: output.alphas.numbers)
                file.fill(betas, at: range.lowerBound, with: output.betas.numbers)
                progress(range.upperBound)
            }
        }
        return (try ownList(after: party), file)
    }
}
