// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import TestSupport
import Testing

@testable import MixNets

/// Each part of what a proof claims is changed in turn, while the proof stays as its maker wrote it.
@Suite("A proof of a mix holds for its own statement alone")
struct StatementFieldTests {
    private let mix: SmallMix
    private let list: CiphertextVector

    init() throws {
        mix = try SmallMix(parties: 2, threshold: 2, count: 4)
        list = try mix.mixed()
        for party in 1...2 {
            var random = SystemRandomSource()
            _ = try mix.mixing.decrypt(
                as: party, list, secretKey: mix.secretKey(of: party),
                nonce: SecretExponent(in: mix.parameters.group, from: &random))
        }
    }

    private var group: SafePrimeGroup { mix.parameters.group }

    // MARK: What may be changed

    /// The parameters with something else in one place.
    private func parameters(
        group: SafePrimeGroup? = nil, statisticalDistance: Int = 40, challengeBits: Int = 80, batchingBits: Int = 80,
        hash: HashFunction = .sha256, prg: HashFunction = .sha256, prefix: [UInt8]? = nil
    ) -> MixNetParameters {
        MixNetParameters(
            group: group ?? self.group, partyCount: 2, threshold: 2, statisticalDistance: statisticalDistance,
            challengeBits: challengeBits, batchingBits: batchingBits, hash: hash, prg: prg,
            prefix: prefix ?? mix.parameters.prefix)
    }

    /// Everything of the parameters that a statement's proof hashes or computes with. Session, question, election, k, λ, width, names and
    /// bindings are ρ's, as every byte of protInfo.xml is.
    private var otherParameters: [(String, MixNetParameters)] {
        var prefix = mix.parameters.prefix
        prefix[31] ^= 1
        return [
            ("ρ", parameters(prefix: prefix)), ("another ρ", parameters(prefix: [])),
            ("n_v", parameters(challengeBits: 79)), ("n_e", parameters(batchingBits: 81)),
            ("H", parameters(hash: .sha384)), ("P", parameters(prg: .sha512)),
        ]
    }

    /// A list with each of its elements multiplied by g, two exchanged, and one doubled.
    private func changes(_ elements: ElementVector) -> [ElementVector] {
        let all = (0..<elements.count).map { elements[$0] }
        let multiplied = all.indices.map { index in
            var changed = all
            changed[index] = changed[index] * group.generator
            return changed
        }
        var (exchanged, doubled) = (all, all)
        exchanged.swapAt(0, 1)
        doubled[3] = doubled[2]
        return (multiplied + [exchanged, doubled]).map { ElementVector($0, in: group) }
    }

    private func changes(_ ciphertexts: CiphertextVector) -> [CiphertextVector] {
        changes(ciphertexts.alphas).map { CiphertextVector(alphas: $0, betas: ciphertexts.betas) }
            + changes(ciphertexts.betas).map { CiphertextVector(alphas: ciphertexts.alphas, betas: $0) }
            + [
                CiphertextVector(alphas: ciphertexts.betas, betas: ciphertexts.alphas),
                ciphertexts.selecting([1, 0, 2, 3]),
            ]
    }

    private var otherKeys: [PublicKey] {
        [mix.keys.trustees[0], mix.keys.trustees[1]] + [PublicKey(mix.keys.key.y * group.generator)].compactMap(\.self)
    }

    /// The generator of the same numbers with which nothing here was made.
    private func otherGenerator() throws -> SafePrimeGroup {
        let square = group.generator.value * group.generator.value % group.p
        return try #require(SafePrimeGroup(modulus: group.p, generator: square, allowingSmall: true))
    }

    private func check(_ body: () throws(FailedCheck) -> Void) -> MixNetCheck? {
        do throws(FailedCheck) {
            try body()
            return nil
        } catch { return error.check }
    }

    // MARK: The permutation

    private func permutationProof(of party: Int) throws -> (u: ElementVector, proof: CommitmentShuffleProof) {
        let (folder, group) = (mix.mixing.folder, group)
        let u = try folder.read(ProofFileName.permutationCommitment(party)) { reader throws(ProofReadingError) in
            try reader.elements(4, in: group)
        }
        let commitment = try folder.read(ProofFileName.permutationProofCommitment(party)) {
            reader throws(ProofReadingError) in
            try CommitmentShuffleProof.Commitment(reading: &reader, count: 4, in: group)
        }
        let reply = try folder.read(ProofFileName.permutationProofReply(party)) { reader throws(ProofReadingError) in
            try CommitmentShuffleProof.Reply(reading: &reader, count: 4, in: group)
        }
        return (u, CommitmentShuffleProof(commitment: commitment, reply: reply))
    }

    @Test("of a permutation: parameters, each generator, each commitment")
    func permutation() throws {
        let (u, proof) = try permutationProof(of: 1)
        let h = mix.mixing.generators
        func verdict(_ statement: CommitmentShuffleStatement) -> MixNetCheck? {
            var random = SystemRandomSource()
            return check { () throws(FailedCheck) in try statement.verify(proof, random: &random) }
        }
        #expect(verdict(CommitmentShuffleStatement(parameters: mix.parameters, h: h, u: u)) == nil)
        for (name, parameters) in otherParameters {
            #expect(verdict(CommitmentShuffleStatement(parameters: parameters, h: h, u: u)) == .permutationA, "\(name)")
        }
        for h in changes(h) {
            #expect(verdict(CommitmentShuffleStatement(parameters: mix.parameters, h: h, u: u)) == .permutationA)
        }
        for u in changes(u) + [try permutationProof(of: 2).u] {
            #expect(verdict(CommitmentShuffleStatement(parameters: mix.parameters, h: h, u: u)) == .permutationA)
        }
    }

    // MARK: The shuffle

    @Test("of a shuffle: parameters, key, each generator, each commitment, each ciphertext of both lists")
    func shuffle() throws {
        let (folder, group) = (mix.mixing.folder, group)
        let (u, _) = try permutationProof(of: 2)
        let (input, output) = try (mix.mixing.list(after: 1), mix.mixing.list(after: 2))
        let commitment = try folder.read(ProofFileName.shuffleProofCommitment(2)) { reader throws(ProofReadingError) in
            try CiphertextShuffleProof.Commitment(reading: &reader, in: group)
        }
        let reply = try folder.read(ProofFileName.shuffleProofReply(2)) { reader throws(ProofReadingError) in
            try CiphertextShuffleProof.Reply(reading: &reader, count: 4, in: group)
        }
        let proof = CiphertextShuffleProof(commitment: commitment, reply: reply)
        func verdict(
            _ parameters: MixNetParameters? = nil, key: PublicKey? = nil, h: ElementVector? = nil,
            u other: ElementVector? = nil, input otherInput: CiphertextVector? = nil,
            output otherOutput: CiphertextVector? = nil
        ) -> MixNetCheck? {
            let statement = CiphertextShuffleStatement(
                parameters: parameters ?? mix.parameters, key: key ?? mix.keys.key, h: h ?? mix.mixing.generators,
                u: other ?? u, input: otherInput ?? input, output: otherOutput ?? output)
            return check { () throws(FailedCheck) in try statement.verify(proof) }
        }
        #expect(verdict() == nil)
        // Each of them is hashed, so the first equation fails already.
        for (name, parameters) in otherParameters { #expect(verdict(parameters) == .shuffleA, "\(name)") }
        for key in otherKeys { #expect(verdict(key: key) == .shuffleA) }
        for h in changes(mix.mixing.generators) { #expect(verdict(h: h) == .shuffleA) }
        for u in changes(u) + [try permutationProof(of: 1).u] { #expect(verdict(u: u) == .shuffleA) }
        for input in changes(input) + [mix.input, output] { #expect(verdict(input: input) == .shuffleA) }
        for output in changes(output) + [mix.input, input] { #expect(verdict(output: output) == .shuffleA) }
    }

    // MARK: The decryption

    /// The equation that fails first: the one of the generator has no batching numbers.
    private func decryptionCheck(without parameter: String) -> MixNetCheck {
        parameter == "n_e" ? .decryptionOfCiphertexts : .decryptionOfGenerator
    }

    @Test("of a decryption: parameters, key, each ciphertext, each factor")
    func decryption() throws {
        let (folder, group) = (mix.mixing.folder, group)
        let factors = try folder.read(ProofFileName.decryptionFactors(1)) { reader throws(ProofReadingError) in
            try reader.nodeOf(2)
            _ = try reader.element(in: group)
            return try reader.elements(4, in: group)
        }
        let (yPrime, bPrime) = try folder.read(ProofFileName.decryptionProofCommitment(1)) {
            reader throws(ProofReadingError) in
            try reader.nodeOf(2)
            let yPrime = try reader.element(in: group)
            try reader.nodeOf(1)
            return (yPrime, try reader.element(in: group))
        }
        let kX = try folder.read(ProofFileName.decryptionProofReply(1)) { reader throws(ProofReadingError) in
            try reader.exponent(in: group)
        }
        let proof = DecryptionProof(yPrime: yPrime, bPrime: bPrime, kX: kX)
        func verdict(
            _ parameters: MixNetParameters? = nil, key: PublicKey? = nil, ciphertexts: CiphertextVector? = nil,
            factors other: ElementVector? = nil
        ) -> MixNetCheck? {
            let statement = DecryptionStatement(
                parameters: parameters ?? mix.parameters, key: key ?? mix.keys.trustees[0],
                ciphertexts: ciphertexts ?? list, factors: other ?? factors)
            return check { () throws(FailedCheck) in try statement.verify(proof) }
        }
        #expect(verdict() == nil)
        for (name, parameters) in otherParameters {
            #expect(verdict(parameters) == decryptionCheck(without: name), "\(name)")
        }
        for key in [mix.keys.trustees[1], mix.keys.key] { #expect(verdict(key: key) == .decryptionOfGenerator) }
        for ciphertexts in changes(list) + [mix.input] {
            #expect(verdict(ciphertexts: ciphertexts) == .decryptionOfGenerator)
        }
        for factors in changes(factors) { #expect(verdict(factors: factors) == .decryptionOfGenerator) }
    }

    // MARK: What is pinned

    /// What a verifier says of the files if it was given other parameters, or another number of ciphertexts: none of that is
    /// read from the prover.
    private func failures(_ parameters: MixNetParameters, count: Int = 4) throws -> [MixNetError] {
        // The same numbers as keys, read as elements of the group that the verifier was given.
        let elements = try mix.keys.trustees.map { try #require(parameters.group.element($0.y.value)) }
        let keys = try #require(JointPublicKey(elements.compactMap { PublicKey($0) }))
        let mixing = Mixing(parameters: parameters, keys: keys, count: count, folder: mix.mixing.folder)
        var found: [MixNetError] = []
        do throws(MixNetError) {
            let permutation = try mixing.verifyPermutation(of: 1)
            found.append(
                .malformed(file: "", reason: "the permutation of party \(permutation.party) was taken"))
        } catch { found.append(error) }
        guard count == 4 else { return found }
        let last = try mixing.list(after: 2)
        do throws(MixNetError) {
            _ = try mixing.verifyDecryption(of: 1, last)
            found.append(.malformed(file: "", reason: "the decryption was taken"))
        } catch { found.append(error) }
        return found
    }

    @Test("a verifier takes group, lengths and hash functions from what it was given, and nothing fits then")
    func pinnedParameters() throws {
        var changed = otherParameters
        changed.append(("g", parameters(group: try otherGenerator())))
        for (name, parameters) in changed {
            #expect(
                try failures(parameters)
                    == [
                        .failed(.permutationA, party: 1, index: nil),
                        .failed(decryptionCheck(without: name), party: 1, index: nil),
                    ], "\(name)")
        }
        // n_s decides how the generators h are derived; decryption has none.
        #expect(
            try failures(parameters(statisticalDistance: 41)).first == .failed(.permutationA, party: 1, index: nil))
    }

    @Test("lists of more or fewer ciphertexts than there are ballots are refused by their length", arguments: [3, 5])
    func pinnedCount(count: Int) throws {
        #expect(
            try failures(mix.parameters, count: count) == [
                .malformed(
                    file: "PermutationCommitment01.bt",
                    reason: "byte 0: a node of 4 children where \(count) were expected")
            ])
    }

    @Test("the proofs of one party are not another's")
    func exchangedParties() throws {
        func copy(_ from: [String], to: [String]) throws {
            for (from, to) in zip(from, to) {
                try FileManager.default.removeItem(at: mix.scratch.file(to))
                try FileManager.default.copyItem(at: mix.scratch.file(from), to: mix.scratch.file(to))
            }
        }
        let permutation = try mix.mixing.verifyPermutation(of: 2)
        let input = try mix.mixing.list(after: 1)
        try copy(ProofFileName.shuffle(1), to: ProofFileName.shuffle(2))
        #expect(throws: MixNetError.failed(.shuffleA, party: 2, index: nil)) {
            try mix.mixing.verifyShuffle(of: 2, input: input, permutation: permutation)
        }
        try copy(ProofFileName.decryption(1), to: ProofFileName.decryption(2))
        #expect(throws: MixNetError.failed(.decryptionKey, party: 2, index: nil)) {
            try mix.mixing.verifyDecryption(of: 2, list)
        }
    }
}
