// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Foundation
import GroupArithmetic
import TestSupport

@testable import MixNets

/// A whole mix in a small group with short, but working, bit lengths, in a folder of its own.
struct SmallMix {
    let scratch: ScratchDirectory
    let parameters: MixNetParameters
    let keys: JointPublicKey
    let mixing: Mixing
    let votes: [GroupElement]
    let input: CiphertextVector
    private let secrets: [Exponent]
    private let seeds: [[UInt8]]

    init(parties: Int, threshold: Int, count: Int, seed: UInt64 = 1) throws {
        var random = SeededRandomSource(seed: seed)
        let group = SmallGroups.fiveLimbs
        scratch = try ScratchDirectory()
        parameters = MixNetParameters(
            group: group, partyCount: parties, threshold: threshold, statisticalDistance: 40, challengeBits: 80,
            batchingBits: 80, prefix: random.bytes(32))
        secrets = (0..<parties).map { _ in random.exponent(of: group) }
        guard let keys = JointPublicKey(secrets.compactMap { PublicKey(group.generator.powerVariableTime($0)) }) else {
            throw NoKey()
        }
        self.keys = keys
        seeds = (0..<parties).map { _ in random.bytes(32) }
        votes = (0..<count).map { _ in random.element(of: group) }
        let randomness = ExponentVector((0..<count).map { _ in random.exponent(of: group) }, in: group)
        input = Encryption(under: keys.key)
            .encrypt(ElementVector(votes, in: group), randomness: randomness)
        mixing = Mixing(parameters: parameters, keys: keys, count: count, folder: ProofFolder(scratch.url))
    }

    private struct NoKey: Error {}

    func seed(of party: Int) throws -> SecretSeed {
        guard let seed = SecretSeed(SecretBytes(seeds[party - 1])) else { throw NoKey() }
        return seed
    }

    func secretKey(of party: Int) -> SecretExponent { SecretExponent(secrets[party - 1]) }

    /// Keys, input, permutations and shuffles of all mixers; gives the last list.
    func mixed() throws -> CiphertextVector {
        _ = try keys.write(to: mixing.folder)
        _ = try mixing.writeInput(input)
        var list = input
        for party in 1...parameters.threshold {
            _ = try mixing.commitPermutation(as: party, seed: seed(of: party))
            let permutation = try mixing.verifyPermutation(of: party)
            _ = try mixing.shuffle(as: party, input: list, seed: seed(of: party))
            list = try mixing.verifyShuffle(of: party, input: list, permutation: permutation).output
        }
        return list
    }

    /// All of it, up to the plaintexts, which it gives.
    func decrypted() throws -> ElementVector {
        let list = try mixed()
        let decryptions = try (1...parameters.partyCount).map { party in
            var random = SystemRandomSource()
            _ = try mixing.decrypt(
                as: party, list, secretKey: secretKey(of: party),
                nonce: SecretExponent(in: parameters.group, from: &random))
            return try mixing.verifyDecryption(of: party, list)
        }
        return try mixing.writePlaintexts(list, decryptions: decryptions).elements
    }

    func review() -> MixReview { MixReview(parameters: parameters, files: mixing.folder) }
}
