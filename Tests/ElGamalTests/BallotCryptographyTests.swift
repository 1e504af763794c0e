// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic
import TestSupport
import Testing

@Suite("Encryption and proofs of knowledge, section 2")
struct BallotCryptographyTests {
    @Test("plaintexts are encoded as each vector says", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func encoding() throws {
        struct Vector: Decodable {
            let m: SmallVote
            let element: HexadecimalNumber
            let plaintexts_json_line: String
        }
        let vectors = try SharedVectors.sequent("plaintext_encoding", as: [Vector].self)
        #expect(vectors.count == 9)
        for vector in vectors {
            let digits = vector.plaintexts_json_line.dropFirst().dropLast()
            let vote = try #require(BigInteger(canonicalDecimal: digits.utf8)) - 1
            if let small = vector.m.value { #expect(small == vote) }
            let element = try #require(SafePrimeGroup.sequent2048.encode(vote: vote))
            #expect(element.value == vector.element.value)
            #expect("\"\(element.plaintext.decimal)\"" == vector.plaintexts_json_line)
            #expect(element.vote == vote)
        }
    }

    @Test("the largest vote is q-1; q is refused")
    func largestVote() throws {
        for group in [SmallGroups.toy, SmallGroups.fiveLimbs, .ffdhe2048] {
            #expect(try #require(group.encode(vote: group.q - 1)).vote == group.q - 1)
            #expect(group.encode(vote: group.q) == nil)
        }
    }

    @Test("encryption, its proof and decryption fit together")
    func roundTrip() throws {
        var random = SeededRandomSource()
        let group = SmallGroups.fiveLimbs
        let secret = random.exponent(of: group)
        let key = try #require(PublicKey(group.generator.powerVariableTime(secret)))
        let encryption = Encryption(under: key)
        let votes = (0..<40).map { BigInteger(UInt($0 % 3)) }
        let plaintexts = try ElementVector(votes.map { try #require(group.encode(vote: $0)) }, in: group)
        let randomness = ExponentVector((0..<40).map { _ in random.exponent(of: group) }, in: group)
        let ciphertexts = encryption.encrypt(plaintexts, randomness: randomness)
        for index in 0..<40 {
            let mask = ciphertexts.alphas[index].powerVariableTime(secret)
            #expect((ciphertexts.betas[index] / mask).vote == votes[index])
        }
        let nonces = ExponentVector((0..<40).map { _ in random.exponent(of: group) }, in: group)
        let proofs = PlaintextKnowledgeProof.prove(
            ciphertexts.alphas, randomness: randomness, nonces: nonces, with: encryption)
        #expect(PlaintextKnowledgeProof.failures(of: proofs, for: ciphertexts.alphas, random: &random).isEmpty)
    }

    @Test("among many good proofs the wrong ones are found, each with its reason")
    func findsWrongProofs() throws {
        var random = SeededRandomSource()
        let group = SmallGroups.fiveLimbs
        let key = try #require(PublicKey(random.element(of: group)))
        let encryption = Encryption(under: key)
        let randomness = ExponentVector((0..<100).map { _ in random.exponent(of: group) }, in: group)
        let nonces = ExponentVector((0..<100).map { _ in random.exponent(of: group) }, in: group)
        let alphas = FixedBase(group.generator).powers(randomness)
        var proofs = PlaintextKnowledgeProof.prove(alphas, randomness: randomness, nonces: nonces, with: encryption)
        let (good, other) = (proofs[7], proofs[8])
        proofs[7] = PlaintextKnowledgeProof(
            challenge: good.challenge + 1, commitment: good.commitment, response: good.response)
        proofs[50] = PlaintextKnowledgeProof(
            challenge: proofs[50].challenge, commitment: proofs[50].commitment, response: other.response)
        // p - commitment is no residue; with the hash over it the challenge is right, and only membership is not.
        let outside = group.p - proofs[99].commitment
        proofs[99] = PlaintextKnowledgeProof(
            challenge: PlaintextKnowledgeProof.challenge(alpha: alphas[99].value, commitment: outside),
            commitment: outside, response: proofs[99].response)
        let failures = PlaintextKnowledgeProof.failures(of: proofs, for: alphas, random: &random)
        #expect(failures == [7: .challenge, 50: .equation, 99: .equation])
    }

    /// Proofs that hold, and what they were made of.
    private struct Proven {
        let alphas: ElementVector
        let randomness: ExponentVector
        let nonces: ExponentVector
        var proofs: [PlaintextKnowledgeProof]

        init(_ count: Int, in group: SafePrimeGroup, random: inout SeededRandomSource) throws {
            let key = try #require(PublicKey(random.element(of: group)))
            randomness = ExponentVector((0..<count).map { _ in random.exponent(of: group) }, in: group)
            nonces = ExponentVector((0..<count).map { _ in random.exponent(of: group) }, in: group)
            alphas = FixedBase(group.generator).powers(randomness)
            proofs = PlaintextKnowledgeProof.prove(
                alphas, randomness: randomness, nonces: nonces, with: Encryption(under: key))
        }
    }

    @Test("wrong proofs are found though they make up for each other, as all are looked at together")
    func findsProofsThatCancel() throws {
        var random = SeededRandomSource()
        let group = SmallGroups.fiveLimbs
        var proven = try Proven(40, in: group, random: &random)
        for (index, change) in [(3, 1), (9, group.q - 1)] as [(Int, BigInteger)] {
            let proof = proven.proofs[index]
            let response = Exponent(reducing: proof.response, in: group) + Exponent(reducing: change, in: group)
            proven.proofs[index] = PlaintextKnowledgeProof(
                challenge: proof.challenge, commitment: proof.commitment, response: response.value)
        }
        let failures = PlaintextKnowledgeProof.failures(of: proven.proofs, for: proven.alphas, random: &random)
        #expect(failures == [3: .equation, 9: .equation])
    }

    @Test("proofs that are wrong by a sign are found, each of many: half of all products would not show it")
    func findsCommitmentsOutsideTheGroup() throws {
        var random = SeededRandomSource()
        let group = SmallGroups.fiveLimbs
        var proven = try Proven(40, in: group, random: &random)
        let wrong = Array(stride(from: 1, to: 40, by: 2))
        for index in wrong {
            let commitment = group.p - proven.proofs[index].commitment
            let challenge = PlaintextKnowledgeProof.challenge(
                alpha: proven.alphas[index].value, commitment: commitment)
            let response =
                proven.randomness[index] * Exponent(reducing: challenge, in: group) + proven.nonces[index]
            proven.proofs[index] = PlaintextKnowledgeProof(
                challenge: challenge, commitment: commitment, response: response.value)
        }
        let failures = PlaintextKnowledgeProof.failures(of: proven.proofs, for: proven.alphas, random: &random)
        #expect(failures.keys.sorted() == wrong)
    }

    @Test("the key 1 is refused, alone and as a product, and keys of two groups")
    func refusesTheKeyOne() throws {
        var random = SeededRandomSource()
        let group = SmallGroups.fiveLimbs
        #expect(PublicKey(group.generator / group.generator) == nil)
        let y = random.element(of: group)
        let (key, inverse) = (try #require(PublicKey(y)), try #require(PublicKey(y.inverse)))
        #expect(JointPublicKey([key, inverse]) == nil)
        #expect(JointPublicKey([]) == nil)
        let otherGroup = SmallGroups.twoLimbs
        #expect(JointPublicKey([key, try #require(PublicKey(otherGroup.generator))]) == nil)
    }
}

/// A vote that the vector file writes as a JSON number, which decoders hold only if it is small.
private struct SmallVote: Decodable {
    let value: BigInteger?

    init(from decoder: any Decoder) throws {
        value = (try? decoder.singleValueContainer().decode(UInt.self)).map { BigInteger($0) }
    }
}
