// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
internal import ElGamal
internal import GroupArithmetic

extension CiphertextShuffleStatement {
    /// Checks the equations of section 6.6.
    ///
    /// - Complexity: three terms of n_e bits and three of ε's bits in products of powers a ciphertext.
    func verify(_ proof: CiphertextShuffleProof) throws(FailedCheck) {
        let (commitment, reply) = (proof.commitment, proof.reply)
        let seed = batchingSeed
        let e = parameters.batchingNumbers(seed: seed, count: count)
        let v = parameters.challenge(seed: seed) { $0.append(tree: commitment.byteTree) }
        let kE = reply.kE.narrowed(to: parameters.blindingBits + 1) ?? reply.kE
        let g = group.generator

        let A = u.productOfPowers(e)
        guard A.powerVariableTime(v) * commitment.aPrime == g.powerVariableTime(reply.kA) * h.productOfPowers(kE) else {
            throw FailedCheck(check: .shuffleA)
        }
        let minusKB = -reply.kB
        let alphas = input.alphas.productOfPowers(e).powerVariableTime(v) * commitment.bPrime.alpha
        guard alphas == g.powerVariableTime(minusKB) * output.alphas.productOfPowers(kE) else {
            throw FailedCheck(check: .shuffleAlpha)
        }
        let betas = input.betas.productOfPowers(e).powerVariableTime(v) * commitment.bPrime.beta
        guard betas == key.y.powerVariableTime(minusKB) * output.betas.productOfPowers(kE) else {
            throw FailedCheck(check: .shuffleBeta)
        }
    }
}
