// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
internal import ElGamal
internal import GroupArithmetic

extension CiphertextShuffleWitness {
    /// w'_j = w_{π̂(j)} · Enc(1; s_{π̂(j)}) for j in `range`.
    ///
    /// - Complexity: two fixed-base exponentiations a ciphertext.
    func shuffling(_ range: Range<Int>, of input: CiphertextVector, with encryption: Encryption) -> CiphertextVector {
        encryption.reencrypt(input.selecting(images[range]), randomness: s.selecting(images[range]))
    }
}

extension CiphertextShuffleStatement {
    /// Proves that w' is w, re-encrypted and permuted as committed, with secrets that are used this once, and writes the proof.
    ///
    /// - Returns: the files of the proof.
    /// - Complexity: three terms of products of powers of ε's bits a ciphertext.
    func prove(
        _ witness: CiphertextShuffleWitness, secrets: CiphertextShuffleSecrets, as party: Int, in folder: ProofFolder
    ) throws(MixNetError) -> [WrittenProofFile] {
        let seed = batchingSeed
        let e = parameters.batchingNumbers(seed: seed, count: count)
        let ePrime = e.selecting(witness.images)
        let (g, y, epsilon) = (group.generator, key.y, secrets.epsilon.all)
        let minusBeta = -secrets.beta
        let commitment = CiphertextShuffleProof.Commitment(
            aPrime: g.powerVariableTime(secrets.alpha) * h.productOfPowers(epsilon),
            bPrime: Ciphertext(
                alpha: g.powerVariableTime(minusBeta) * output.alphas.productOfPowers(epsilon),
                beta: y.powerVariableTime(minusBeta) * output.betas.productOfPowers(epsilon)))
        let first = try folder.write(ProofFileName.shuffleProofCommitment(party), tree: commitment.byteTree)

        let v = parameters.challenge(seed: seed) { $0.append(tree: commitment.byteTree) }
        let a = witness.r.innerProduct(with: ePrime)
        // s goes with e, not with e': s_i blinds the input's i-th ciphertext.
        let b = witness.s.innerProduct(with: e)
        let reply = try folder.write(ProofFileName.shuffleProofReply(party)) { file in
            file.appendNodeHeader(3)
            file.append(leaf: (v * a + secrets.alpha).bytes)
            file.append(leaf: (v * b + secrets.beta).bytes)
            file.appendReplies(ePrime, times: v, plus: epsilon)
        }
        return [first, reply]
    }
}
