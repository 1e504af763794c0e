// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
internal import GroupArithmetic

extension CommitmentShuffleWitness {
    /// u_j = g^r_i · h_i with π(i) = j, for j in `range`; `inverseImages` are those of the permutation.
    ///
    /// - Complexity: one fixed-base exponentiation an element.
    func commitments(
        _ range: Range<Int>, to h: ElementVector, inverseImages: [Int], generator: FixedBase
    ) -> ElementVector {
        generator.powers(r.selecting(inverseImages[range])) * h.selecting(inverseImages[range])
    }
}

extension CommitmentShuffleStatement {
    /// Proves that u is a shuffle of h, with secrets that are used this once, and writes the proof.
    ///
    /// B_i and B'_i are computed in closed form, B_i = g^x_i h_0^y_i with x_i = x_{i-1} e'_i + b_i and y_i = e'_0 … e'_i, so that no
    /// exponentiation waits for the element before it. One chunk of them is in memory at a time.
    ///
    /// - Parameters:
    ///   - generator: g.
    ///   - firstGenerator: h_0.
    ///   - progress: takes how many elements are done.
    /// - Returns: the files of the proof.
    /// - Complexity: four fixed-base exponentiations and one term of a product of powers of ε's bits an element.
    func prove(
        _ witness: CommitmentShuffleWitness, secrets: CommitmentShuffleSecrets, generator: FixedBase,
        firstGenerator: FixedBase, as party: Int, in folder: ProofFolder, progress: (Int) -> Void = { _ in }
    ) throws(MixNetError) -> [WrittenProofFile] {
        let seed = batchingSeed
        let ePrime = parameters.batchingNumbers(seed: seed, count: count).selecting(witness.permutation.images)
        let epsilon = secrets.epsilon.all
        let (chain, commitment) = try writeCommitment(
            ePrime: ePrime, epsilon: epsilon, secrets: secrets, bases: (generator, firstGenerator), as: party,
            in: folder, progress: progress)
        let v = try parameters.challenge(
            seed: seed, commitment: ProofFileName.permutationProofCommitment(party), folder)
        let a = witness.r.innerProduct(with: ePrime)
        let c = witness.r.sum
        let reply = try folder.write(ProofFileName.permutationProofReply(party)) { file in
            file.appendNodeHeader(5)
            file.append(leaf: (v * a + secrets.alpha).bytes)
            let kB = file.reserveList(count, width: group.exponentByteCount)
            for range in chunks(of: count) {
                let numbers = secrets.b[range].multiplied(by: v, adding: secrets.beta[range]).numbers
                file.fill(kB, at: range.lowerBound, with: numbers)
            }
            file.append(leaf: (v * c + secrets.gamma).bytes)
            file.append(leaf: (v * chain.x + secrets.delta).bytes)
            file.appendReplies(ePrime, times: v, plus: epsilon)
        }
        return [commitment, reply]
    }

    /// Where the chains of exponents of B_i = g^x_i h_0^y_i have come to.
    private struct Chain {
        var x: Exponent
        var y: Exponent
    }

    /// Writes ⟨B, A', B', C', D'⟩.
    ///
    /// - Returns: the ends of the chains.
    private func writeCommitment(
        ePrime: ExponentVector, epsilon: ExponentVector, secrets: CommitmentShuffleSecrets,
        bases: (g: FixedBase, h0: FixedBase), as party: Int, in folder: ProofFolder, progress: (Int) -> Void
    ) throws(MixNetError) -> (chain: Chain, file: WrittenProofFile) {
        // x_{-1} = 0 and y_{-1} = 1, as B_{-1} = h_0.
        var chain = Chain(x: Exponent(reducing: 0, in: group), y: Exponent(reducing: 1, in: group))
        let (generator, firstGenerator) = bases
        let file = try folder.write(ProofFileName.permutationProofCommitment(party)) { file in
            file.appendNodeHeader(5)
            let B = file.reserveList(count, width: group.elementByteCount)
            file.append(leaf: (generator.power(secrets.alpha) * h.productOfPowers(epsilon)).bytes)
            let bPrime = file.reserveList(count, width: group.elementByteCount)
            file.append(leaf: generator.power(secrets.gamma).bytes)
            file.append(leaf: generator.power(secrets.delta).bytes)
            for range in chunks(of: count) {
                let (factors, epsilon) = (ePrime.slice(range), epsilon.slice(range))
                let x = secrets.b[range].accumulated(factors: factors, behind: chain.x)
                let y = factors.runningProducts(behind: chain.y)
                // B'_i = g^β_i B_{i-1}^ε_i.
                let xPrime = x.shifted(behind: chain.x) * epsilon + secrets.beta[range]
                let yPrime = y.shifted(behind: chain.y) * epsilon
                let (gPowers, h0Powers) = (generator.powers([x, xPrime]), firstGenerator.powers([y, yPrime]))
                file.fill(B, at: range.lowerBound, with: (gPowers[0] * h0Powers[0]).numbers)
                file.fill(bPrime, at: range.lowerBound, with: (gPowers[1] * h0Powers[1]).numbers)
                chain = Chain(x: x[range.count - 1], y: y[range.count - 1])
                progress(range.upperBound)
            }
        }
        return (chain, file)
    }
}

extension ProofFileWriter {
    /// Appends the list of replies k_E = v · e' + ε.
    mutating func appendReplies(_ ePrime: ExponentVector, times v: Exponent, plus epsilon: ExponentVector) {
        let list = reserveList(ePrime.count, width: ePrime.group.exponentByteCount)
        for range in chunks(of: ePrime.count) {
            fill(
                list, at: range.lowerBound,
                with: ePrime.slice(range).multiplied(by: v, adding: epsilon.slice(range)).numbers)
        }
    }
}
