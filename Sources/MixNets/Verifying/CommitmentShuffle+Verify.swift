// SPDX-License-Identifier: Apache-2.0

internal import GroupArithmetic

/// A check that did not hold, and where in the list.
struct FailedCheck: Error, Equatable {
    let check: MixNetCheck
    var index: Int?
}

extension CommitmentShuffleStatement {
    /// Checks the equations of section 6.3.
    ///
    /// The equations of the bridging commitments B_i are folded with random weights τ_i of 128 bits into one: a wrong one passes with
    /// probability at most 2^-128, since all elements are known to be in the group of prime order. Only if the folded one
    /// fails are they looked at one by one.
    ///
    /// - Parameter random: unpredictable to the prover.
    /// - Complexity: products of powers of n_e, n_v + 128 and twice ε's bits an element; no full exponentiation.
    func verify(
        _ proof: CommitmentShuffleProof, random: inout some RandomSource & ~Copyable
    ) throws(FailedCheck) {
        let (commitment, reply) = (proof.commitment, proof.reply)
        let seed = batchingSeed
        let e = parameters.batchingNumbers(seed: seed, count: count)
        let v = parameters.challenge(seed: seed) { commitment.write(to: &$0) }
        let g = group.generator
        let kE = shortened(reply.kE)

        let A = u.productOfPowers(e)
        guard A.powerVariableTime(v) * commitment.aPrime == g.powerVariableTime(reply.kA) * h.productOfPowers(kE) else {
            throw FailedCheck(check: .permutationA)
        }
        let C = u.product / h.product
        guard C.powerVariableTime(v) * commitment.cPrime == g.powerVariableTime(reply.kC) else {
            throw FailedCheck(check: .permutationC)
        }
        let D = commitment.B[count - 1] / h[0].powerVariableTime(e.product)
        guard D.powerVariableTime(v) * commitment.dPrime == g.powerVariableTime(reply.kD) else {
            throw FailedCheck(check: .permutationD)
        }
        guard foldedBridgesHold(proof, v: v, kE: kE, random: &random) else {
            throw FailedCheck(check: .permutationB, index: firstWrongBridge(proof, v: v))
        }
    }

    /// Honest replies k_E have at most one bit more than ε; only then do their powers cost so little.
    private func shortened(_ kE: ExponentVector) -> ExponentVector {
        kE.narrowed(to: parameters.blindingBits + 1) ?? kE
    }

    /// Π B_i^(vτ_i - τ_{i+1} k_{E,i+1}) · Π B'_i^τ_i = g^Σ τ_i k_{B,i} · h_0^(τ_0 k_{E,0}).
    ///
    /// Exponents are taken as integers and made positive by 2^shift, which the other side makes good: (Π B_i)^(2^shift).
    private func foldedBridgesHold(
        _ proof: CommitmentShuffleProof, v: Exponent, kE: ExponentVector, random: inout some RandomSource & ~Copyable
    ) -> Bool {
        let (B, bPrime) = (proof.commitment.B, proof.commitment.bPrime)
        let tau = ExponentVector.weights(count: count, bitCount: 128, in: group, from: &random)
        let left: GroupElement
        var right =
            group.generator.powerVariableTime(tau.innerProduct(with: proof.reply.kB))
            * h[0].powerVariableTime(tau[0] * kE[0])
        let shift = tau.bitCount + kE.bitCount
        let last = count - 1
        if shift + 1 < group.q.bitCount {
            let next = tau.slice(1..<count)
            let exponents = tau.slice(0..<last).folded(
                factor: v, factorBits: parameters.challengeBits, minus: next, times: kE.slice(1..<count), shift: shift)
            let front = B.prefix(last)
            left = front.productOfPowers(exponents) * B[last].powerVariableTime(v * tau[last])
            right = right * front.product.powerVariableTime(BigInteger(powerOfTwo: shift))
        } else {
            // Replies as long as q, which no honest prover makes: exponents modulo q.
            let zero = Exponent(reducing: 0, in: group)
            let minusOne = Exponent(reducing: group.q - 1, in: group)
            let products = (tau * kE).rotated(closing: zero)
            left = B.productOfPowers(
                products.multiplied(by: minusOne, adding: tau.multiplied(by: v, adding: products.zeros)))
        }
        return left * bPrime.productOfPowers(tau) == right
    }

    /// The first i with B_i^v B'_i ≠ g^k_{B,i} B_{i-1}^k_{E,i}.
    private func firstWrongBridge(_ proof: CommitmentShuffleProof, v: Exponent) -> Int? {
        let (commitment, reply) = (proof.commitment, proof.reply)
        let generator = FixedBase(group.generator)
        var last = h[0]
        for range in chunks(of: count) {
            let B = commitment.B.slice(range)
            let left = B.powersVariableTime(v) * commitment.bPrime.slice(range)
            let right =
                generator.powers(reply.kB.slice(range))
                * B.shifted(behind: last).powersVariableTime(reply.kE.slice(range))
            if let index = left.firstDifference(from: right) { return range.lowerBound + index }
            last = B[range.count - 1]
        }
        return nil
    }
}
