// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic
import MixNets
import Orchestration

/// A mixer that leaves every ballot where it is, with proofs that hold.
extension LyingPerformer {
    func commitToIdentity(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        let mixing = try context.mixing(step)
        guard let identity = Permutation(images: Array(0..<mixing.count)) else { throw NotYet() }
        var random = SystemRandomSource()
        let secrets = CommitmentShuffleSecrets(
            b: mixing.drawn(&random), beta: mixing.drawn(&random), alpha: mixing.one(&random),
            gamma: mixing.one(&random), delta: mixing.one(&random), epsilon: mixing.blinding(&random))
        let files = try mixing.commitPermutation(
            as: context.me,
            witness: CommitmentShuffleWitness(permutation: identity, r: try blindings(of: mixing, step, context)),
            secrets: secrets)
        return try context.post(.permutation, files, step)
    }

    func shuffleNothing(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        let mixing = try context.mixing(step)
        let group = mixing.parameters.group
        var random = SystemRandomSource()
        let zeros = (0..<mixing.count).map { _ in Exponent(reducing: 0, in: group) }
        let s = lie == .identityShuffle ? DrawnExponents(ExponentVector(zeros, in: group)) : mixing.drawn(&random)
        let files = try mixing.shuffle(
            as: context.me, input: try mixing.list(after: context.me - 1),
            commitments: try mixing.verifyPermutation(of: context.me).commitments,
            witness: CiphertextShuffleWitness(
                images: Array(0..<mixing.count), r: try blindings(of: mixing, step, context), s: s),
            secrets: CiphertextShuffleSecrets(
                alpha: mixing.one(&random), beta: mixing.one(&random), epsilon: mixing.blinding(&random)))
        return try context.post(.shuffle, files, step)
    }

    /// r of the commitment, the same in both steps.
    private func blindings(of mixing: Mixing, _ step: Action.Step, _ context: ActionContext) throws -> DrawnExponents {
        DrawnExponents.uniform(
            count: mixing.count, in: mixing.parameters.group, from: try context.mixingSeed(step), label: "lie")
    }
}

extension Mixing {
    func one(_ random: inout SystemRandomSource) -> Exponent { Exponent.uniform(in: parameters.group, from: &random) }

    func drawn(_ random: inout SystemRandomSource) -> DrawnExponents {
        let exponents = (0..<count).map { _ in one(&random) }
        return DrawnExponents(ExponentVector(exponents, in: parameters.group))
    }

    /// ε: numbers of 500 bits.
    func blinding(_ random: inout SystemRandomSource) -> DrawnExponents {
        let bits = parameters.statisticalDistance + parameters.challengeBits + parameters.batchingBits
        let numbers = (0..<count).map { _ in BigInteger(bigEndian: random.bytes(bits / 8)) }
        return DrawnExponents(ExponentVector(numbers, bitCount: bits, in: parameters.group))
    }
}
