// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import TestSupport
import Testing

@testable import MixNets

@Suite("An honest mix")
struct HonestMixTests {
    @Test(
        "gives back the votes that were encrypted, in another order, and is accepted",
        arguments: [(1, 1, 1), (1, 1, 2), (2, 2, 1), (2, 2, 40), (3, 2, 7), (3, 3, 33)])
    func completes(parties: Int, threshold: Int, count: Int) throws {
        let mix = try SmallMix(parties: parties, threshold: threshold, count: count)
        let plaintexts = try mix.decrypted()
        let found = (0..<count).map { plaintexts[$0].value }
        #expect(found.sorted() == mix.votes.map(\.value).sorted())
        if count > 30 { #expect(found != mix.votes.map(\.value)) }
        let review = mix.review()
        #expect(review.isAccepted, "\(review.outcomes)")
        #expect(review.input == mix.input)
    }

    @Test("tells how many ciphertexts are done, never fewer than before, up to all of them")
    func progress() throws {
        let mix = try SmallMix(parties: 2, threshold: 2, count: 6)
        var told: [[Int]] = []
        func counting<Value>(_ body: ((Int) -> Void) throws -> Value) rethrows -> Value {
            var numbers: [Int] = []
            defer { told.append(numbers) }
            return try body { numbers.append($0) }
        }
        _ = try mix.keys.write(to: mix.mixing.folder)
        _ = try mix.mixing.writeInput(mix.input)
        _ = try counting { try mix.mixing.commitPermutation(as: 1, seed: mix.seed(of: 1), progress: $0) }
        _ = try counting { try mix.mixing.shuffle(as: 1, input: mix.input, seed: mix.seed(of: 1), progress: $0) }
        _ = try counting {
            try mix.mixing.decrypt(
                as: 1, mix.input, secretKey: mix.secretKey(of: 1), nonce: mix.secretKey(of: 2), progress: $0)
        }
        #expect(told.count == 3)
        for numbers in told {
            #expect(numbers.last == 6)
            #expect(numbers == numbers.sorted())
        }
    }

    @Test("repeats a step from its seed to the same bytes, and shuffles another input with other numbers")
    func repeatable() throws {
        let mix = try SmallMix(parties: 1, threshold: 1, count: 9)
        _ = try mix.mixed()
        let names = ProofFileName.permutation(1) + ProofFileName.shuffle(1)
        let before = try names.map { try Data(contentsOf: mix.scratch.file($0)) }
        _ = try mix.mixing.commitPermutation(as: 1, seed: mix.seed(of: 1))
        _ = try mix.mixing.shuffle(as: 1, input: mix.input, seed: mix.seed(of: 1))
        #expect(try names.map { try Data(contentsOf: mix.scratch.file($0)) } == before)

        // The same list in reverse: no re-encryption exponent may come again, or the lists could be linked.
        let reversed = mix.input.selecting(Array((0..<9).reversed()))
        let firstOutput = try mix.mixing.folder.read(ProofFileName.ciphertextList(1)) {
            reader throws(ProofReadingError) in
            try reader.ciphertexts(9, in: mix.parameters.group)
        }
        _ = try mix.mixing.shuffle(as: 1, input: reversed, seed: mix.seed(of: 1))
        let secondOutput = try mix.mixing.folder.read(ProofFileName.ciphertextList(1)) {
            reader throws(ProofReadingError) in
            try reader.ciphertexts(9, in: mix.parameters.group)
        }
        let images = mix.mixing.commitmentWitness(1, seed: try mix.seed(of: 1)).permutation.images
        let blinding = { (output: CiphertextVector, input: CiphertextVector) in
            images.indices.map { (output.alphas[$0] / input.alphas[images[$0]]).value }
        }
        let (first, second) = (blinding(firstOutput, mix.input), blinding(secondOutput, reversed))
        #expect(Set(first).isDisjoint(with: second))
    }

    @Test("draws other numbers from one seed for another session, party, number of ciphertexts, key or commitment")
    func contexts() throws {
        let mix = try SmallMix(parties: 2, threshold: 2, count: 9)
        _ = try mix.mixed()
        func mixing(prefix: [UInt8]? = nil, keys: JointPublicKey? = nil, count: Int = 9) -> Mixing {
            let parameters = MixNetParameters(
                group: mix.parameters.group, partyCount: 2, threshold: 2, statisticalDistance: 40, challengeBits: 80,
                batchingBits: 80, prefix: prefix ?? mix.parameters.prefix)
            return Mixing(
                parameters: parameters, keys: keys ?? mix.keys, count: count, folder: mix.mixing.folder,
                generators: mix.mixing.generators.prefix(count))
        }
        /// r_0 of a commitment.
        func first(_ mixing: Mixing, party: Int = 1) throws -> BigInteger {
            mixing.commitmentWitness(party, seed: try mix.seed(of: 1)).r.all[0].value
        }
        let drawn = try [
            first(mixing()), first(mixing(prefix: [7])), first(mixing(), party: 2), first(mixing(count: 8)),
        ]
        #expect(Set(drawn).count == 4)

        let images = mix.mixing.commitmentWitness(1, seed: try mix.seed(of: 1)).permutation.images
        /// g^s of each ciphertext.
        func blinding(_ mixing: Mixing) throws -> [BigInteger] {
            _ = try mixing.shuffle(as: 1, input: mix.input, seed: mix.seed(of: 1))
            let output = try mixing.list(after: 1)
            return images.indices.map { (output.alphas[$0] / mix.input.alphas[images[$0]]).value }
        }
        let otherKey = try #require(PublicKey(mix.keys.trustees[0].y * mix.parameters.group.generator))
        let otherKeys = try #require(JointPublicKey([otherKey, mix.keys.trustees[1]]))
        var blindings = try blinding(mixing()) + blinding(mixing(keys: otherKeys))
        _ = try mix.mixing.folder.write(ProofFileName.permutationCommitment(1)) {
            mix.mixing.generators.write(to: &$0)
        }
        blindings += try blinding(mixing())
        #expect(Set(blindings).count == 27)
    }

    @Test(
        "with a keep list, mixes fewer ciphertexts than were committed to, as in the vectors",
        .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func keepLists() throws {
        struct Vector: Decodable {
            let pi, kept_positions, pi_shrunk: [Int]
            let N: Int
            let keep_list: Hexadecimal
        }
        for vector in try SharedVectors.sequent("keep_lists", as: [Vector].self) {
            let permutation = try #require(Permutation(images: vector.pi))
            let list = KeepList(permutation, count: vector.N)
            #expect(list.positions == vector.kept_positions)
            #expect(list.byteTree.serialized == vector.keep_list.bytes)
            #expect(list.shrinking(permutation) == vector.pi_shrunk)
        }
    }

    @Test("draws every permutation of four about equally often")
    func uniformPermutations() {
        var random = SeededRandomSource(seed: 7)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<24_000 { counts[Permutation(count: 4, from: &random).images, default: 0] += 1 }
        #expect(counts.count == 24)
        // Each is expected 1000 times with a standard deviation of 31; six of them leave no room for a biased shuffle.
        #expect(counts.values.allSatisfy { (814...1186).contains($0) }, "\(counts)")
    }

    @Test("refuses what is no permutation")
    func permutations() {
        #expect(Permutation(images: [0, 0]) == nil)
        #expect(Permutation(images: [1, 2]) == nil)
        #expect(Permutation(images: [1, 0])?.inverseImages == [1, 0])
    }
}
