// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic
import TestSupport

@testable import MixNets

/// A whole mix of two parties in a real group with the published format's bit lengths, and the operations that each phase took.
///
/// Computed by GMP on every machine, so that windows and therefore counts do not depend on the processor.
final class CountedMix: Sendable {
    enum Phase: String, Sendable {
        case encryption, proofsOfKnowledge
        case ownPermutation, anothersPermutation, ownShuffle, anothersShuffle, ownDecryption, anothersDecryption
        case plaintexts, universalVerification
    }

    let count: Int
    private let counted: [Phase: [Operation: Int]]

    subscript(phase: Phase, operation: Operation) -> Int { counted[phase]?[operation] ?? 0 }

    /// - Parameter count: ciphertexts. Each takes some 10 milliseconds.
    init(count: Int) throws {
        let counts = OperationCounts()
        let group = SafePrimeGroup.sequent2048.computed(by: .gmp).counted(by: counts)
        var random = SeededRandomSource(seed: 7)
        let secrets = (0..<2).map { _ in random.exponent(of: group) }
        let keys = try Self.keys(secrets, in: group)
        let scratch = try ScratchDirectory()
        let parameters = MixNetParameters(group: group, partyCount: 2, threshold: 2, prefix: random.bytes(32))
        let mixing = Mixing(parameters: parameters, keys: keys, count: count, folder: ProofFolder(scratch.url))
        let votes = ElementVector((0..<count).map { _ in group.generator }, in: group)
        let seed = SecretSeed(from: &random)
        // Of both parties' operations those of the second stand in the end; they are the same.
        var counted: [Phase: [Operation: Int]] = [:]
        func counting<Value>(_ phase: Phase, _ body: () throws -> Value) rethrows -> Value {
            _ = counts.take()
            defer { counted[phase] = counts.take() }
            return try body()
        }
        let (ciphertexts, proofs) = counting(.encryption) {
            let encryption = Encryption(under: keys.key)
            let randomness = ExponentVector.uniform(count: count, in: group, from: seed, label: "r")
            let ciphertexts = encryption.encrypt(votes, randomness: randomness)
            let proofs = PlaintextKnowledgeProof.prove(
                ciphertexts.alphas, randomness: randomness,
                nonces: .uniform(count: count, in: group, from: seed, label: "w"), with: encryption)
            return (ciphertexts, proofs)
        }
        let failures = counting(.proofsOfKnowledge) {
            PlaintextKnowledgeProof.failures(of: proofs, for: ciphertexts.alphas, random: &random)
        }
        guard failures.isEmpty else { throw Refused(outcomes: []) }
        _ = try keys.write(to: mixing.folder)
        _ = try mixing.writeInput(ciphertexts)
        var list = ciphertexts
        for party in 1...2 {
            _ = try counting(.ownPermutation) { try mixing.commitPermutation(as: party, seed: seed) }
            let permutation = try counting(.anothersPermutation) { try mixing.verifyPermutation(of: party) }
            let input = list
            _ = try counting(.ownShuffle) { try mixing.shuffle(as: party, input: input, seed: seed) }
            list = try counting(.anothersShuffle) {
                try mixing.verifyShuffle(of: party, input: input, permutation: permutation)
            }.output
        }
        let mixed = list
        let decryptions = try (1...2).map { party in
            _ = try counting(.ownDecryption) {
                try mixing.decrypt(
                    as: party, mixed, secretKey: SecretExponent(secrets[party - 1]),
                    nonce: SecretExponent(random.exponent(of: group)))
            }
            return try counting(.anothersDecryption) { try mixing.verifyDecryption(of: party, mixed) }
        }
        _ = try counting(.plaintexts) { try mixing.writePlaintexts(mixed, decryptions: decryptions) }
        let review = counting(.universalVerification) { MixReview(parameters: parameters, files: mixing.folder) }
        guard review.isAccepted else { throw Refused(outcomes: review.outcomes) }
        self.count = count
        self.counted = counted
    }

    private static func keys(_ secrets: [Exponent], in group: SafePrimeGroup) throws -> JointPublicKey {
        let trustees = secrets.compactMap { PublicKey(group.generator.powerVariableTime($0)) }
        guard let keys = JointPublicKey(trustees) else { throw NoKey() }
        return keys
    }

    private struct NoKey: Error {}
    private struct Refused: Error { let outcomes: [MixOutcome] }
}
