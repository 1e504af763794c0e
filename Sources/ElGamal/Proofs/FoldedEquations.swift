// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic

/// The equations g^response = commitment · α^challenge of many proofs, under fixed random weights.
struct FoldedEquations {
    let commitments: ElementVector
    let alphas: ElementVector
    let challenges: ExponentVector
    let responses: ExponentVector
    /// As many as equations.
    let weights: ExponentVector

    /// The positions in `range` whose equation is wrong.
    func wrong(_ range: Range<Int>) -> [Int] {
        if range.isEmpty || holds(range) { return [] }
        if range.count == 1 { return [range.lowerBound] }
        let middle = range.lowerBound + range.count / 2
        return wrong(range.lowerBound..<middle) + wrong(middle..<range.upperBound)
    }

    private func holds(_ range: Range<Int>) -> Bool {
        if range.count == 1 { return holds(at: range.lowerBound) }
        return FoldedEquations(
            commitments: commitments.slice(range), alphas: alphas.slice(range), challenges: challenges.slice(range),
            responses: responses.slice(range), weights: weights.slice(range)
        ).allHold
    }

    private var allHold: Bool {
        let right =
            commitments.productOfPowers(weights) * alphas.productOfPowers(challenges.products(with: weights))
        return alphas.group.generator.powerVariableTime(responses.foldedSum(under: weights)) == right
    }

    /// A single equation needs no weight: it decides itself.
    private func holds(at index: Int) -> Bool {
        let right = commitments[index] * alphas[index].powerVariableTime(challenges[index])
        return alphas.group.generator.powerVariableTime(responses[index]) == right
    }
}
