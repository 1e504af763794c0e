// SPDX-License-Identifier: Apache-2.0

internal import GroupArithmetic

extension CommitmentShuffleWitness {
    /// u_{π(i)} = g^r_i · h_i.
    ///
    /// - Complexity: one fixed-base exponentiation an element.
    func commitments(to h: ElementVector, generator: FixedBase) -> ElementVector {
        (generator.powers(r) * h).selecting(permutation.inverseImages)
    }
}

extension CommitmentShuffleStatement {
    /// Proves that u is a shuffle of h, with secrets that are used this once.
    ///
    /// B_i and B'_i are computed in closed form, B_i = g^x_i h_0^y_i with x_i = x_{i-1} e'_i + b_i and y_i = e'_0 … e'_i, so that nothing
    /// waits for the element before it.
    ///
    /// - Complexity: four fixed-base exponentiations and one term of a product of powers of ε's bits an element.
    func prove(
        _ witness: CommitmentShuffleWitness, secrets: CommitmentShuffleSecrets, generator: FixedBase
    ) -> CommitmentShuffleProof {
        let seed = batchingSeed
        let e = parameters.batchingNumbers(seed: seed, count: count)
        let ePrime = e.selecting(witness.permutation.images)
        let (b, beta, epsilon) = (secrets.b, secrets.beta, secrets.epsilon)

        let x = b.accumulated(factors: ePrime)
        let y = ePrime.runningProducts
        let zero = Exponent(reducing: 0, in: group)
        let one = Exponent(reducing: 1, in: group)
        let firstGenerator = FixedBase(h[0], uses: 2 * count)
        let commitment = CommitmentShuffleProof.Commitment(
            B: generator.powers(x) * firstGenerator.powers(y),
            aPrime: generator.power(secrets.alpha) * h.productOfPowers(epsilon),
            // B_{i-1} = g^x_{i-1} h_0^y_{i-1}, with x_{-1} = 0 and y_{-1} = 1.
            bPrime: generator.powers(x.shifted(behind: zero) * epsilon + beta)
                * firstGenerator.powers(y.shifted(behind: one) * epsilon),
            cPrime: generator.power(secrets.gamma),
            dPrime: generator.power(secrets.delta))

        let v = parameters.challenge(seed: seed) { commitment.write(to: &$0) }
        let a = witness.r.innerProduct(with: ePrime)
        let c = witness.r.sum
        let d = x[count - 1]
        let reply = CommitmentShuffleProof.Reply(
            kA: v * a + secrets.alpha,
            kB: b.multiplied(by: v, adding: beta),
            kC: v * c + secrets.gamma,
            kD: v * d + secrets.delta,
            kE: ePrime.multiplied(by: v, adding: epsilon))
        return CommitmentShuffleProof(commitment: commitment, reply: reply)
    }
}
