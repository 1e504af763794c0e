// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Foundation
import GroupArithmetic
import Measuring
import MixNets

/// One mix of honest parties in one process, with the CPU time of each of its steps.
struct MeasuredMix {
    private let size: Int
    private let authorities: Int
    private let folder: URL
    private let parameters: MixNetParameters
    private let trustees: Trustees
    /// Name and seconds, in order; what every authority does with each of the others is in it as often as it does so.
    private(set) var steps: [(String, Double)] = []

    init(size: Int, authorities: Int, group: SafePrimeGroup, folder: URL) throws {
        self.size = size
        self.authorities = authorities
        self.folder = folder
        parameters = MixNetParameters(
            group: group, partyCount: authorities, threshold: authorities, prefix: [UInt8](repeating: 1, count: 32))
        trustees = try Trustees(parameters: parameters)
    }

    mutating func run() throws {
        let input = try reviewedBallots()
        let mixing = try measure("generators, input list") { [self] in
            let mixing = Mixing(
                parameters: parameters, keys: trustees.keys, count: size, folder: ProofFolder(folder))
            _ = try trustees.keys.write(to: mixing.folder)
            _ = try mixing.writeInput(input)
            return mixing
        }
        let list = try shuffle(input, mixing)
        try decrypt(list, mixing)
        steps.append(("an authority's tally, sum of the above", steps.reduce(0) { $0 + $1.1 }))
        let review = measure("universal verification") { [self] in
            MixReview(parameters: parameters, files: mixing.folder)
        }
        precondition(review.isAccepted, "an honest mix was refused")
    }

    /// Random ciphertexts whose proofs of knowledge were checked.
    private mutating func reviewedBallots() throws -> CiphertextVector {
        let group = parameters.group
        var random = SystemRandomSource()
        let seed = SecretSeed(from: &random)
        let encryption = Encryption(under: trustees.keys.key)
        let randomness = ExponentVector.uniform(count: size, in: group, from: seed, label: "r")
        let nonces = ExponentVector.uniform(count: size, in: group, from: seed, label: "w")
        let votes = ElementVector((0..<size).map { _ in group.generator }, in: group)
        let ciphertexts = encryption.encrypt(votes, randomness: randomness)
        let proofs = PlaintextKnowledgeProof.prove(
            ciphertexts.alphas, randomness: randomness, nonces: nonces, with: encryption)
        let failures = measure("checking ballots' proofs") {
            var random = SystemRandomSource()
            return PlaintextKnowledgeProof.failures(of: proofs, for: ciphertexts.alphas, random: &random)
        }
        precondition(failures.isEmpty, "honest proofs were refused")
        return ciphertexts
    }

    private mutating func shuffle(_ input: CiphertextVector, _ mixing: Mixing) throws -> CiphertextVector {
        var random = SystemRandomSource()
        let seed = SecretSeed(from: &random)
        var list = input
        for party in 1...authorities {
            try measure("permutation and its proof", party: party) {
                _ = try mixing.commitPermutation(as: party, seed: seed)
            }
            let permutation = try measure("verifying the others' permutations", party: party, times: authorities - 1) {
                try mixing.verifyPermutation(of: party)
            }
            try measure("shuffle and its proof", party: party) {
                _ = try mixing.shuffle(as: party, input: list, seed: seed)
            }
            list = try measure("verifying the others' shuffles", party: party, times: authorities - 1) {
                try mixing.verifyShuffle(of: party, input: list, permutation: permutation)
            }.output
        }
        return list
    }

    private mutating func decrypt(_ list: CiphertextVector, _ mixing: Mixing) throws {
        var decryptions: [VerifiedDecryption] = []
        for party in 1...authorities {
            let share = try trustees.share(of: party)
            try measure("decryption factors and their proof", party: party) {
                _ = try mixing.decrypt(as: party, list, share: share)
            }
            decryptions.append(
                try measure("verifying the others' decryption", party: party, times: authorities - 1) {
                    try mixing.verifyDecryption(of: party, list)
                })
        }
        _ = try measure("plaintexts") { try mixing.writePlaintexts(list, decryptions: decryptions) }
    }

    /// Takes the cost of a step that an authority does once, or once for each of the others.
    ///
    /// Every party's steps run here, but only the first one's are noted: those of one authority.
    private mutating func measure<Value>(
        _ step: String, party: Int = 1, times: Int = 1, _ body: () throws -> Value
    ) rethrows -> Value {
        let (value, cost) = try Cost.of(body)
        if party == 1, times > 0 { steps.append((step, cost.processor * Double(times))) }
        return value
    }
}
