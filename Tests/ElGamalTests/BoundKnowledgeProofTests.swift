// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic
import TestSupport
import Testing

@Suite("Bound proofs of knowledge, docs/protocol/bound-proofs.md")
struct BoundKnowledgeProofTests {
    /// All that a bound proof speaks of.
    private struct Place {
        var context: BallotContext
        var voter: String
        var ciphertext: Ciphertext
    }

    private let group = SmallGroups.fiveLimbs
    private let key: PublicKey
    private let r: Exponent
    private let w: Exponent
    private let place: Place
    private let proof: BoundKnowledgeProof

    init() throws {
        var random = SeededRandomSource()
        key = try #require(PublicKey(random.element(of: group)))
        (r, w) = (random.exponent(of: group), random.exponent(of: group))
        let message = random.element(of: group)
        place = Place(
            context: BallotContext(key: key, election: "7", question: 2), voter: "ana",
            ciphertext: Ciphertext(
                alpha: group.generator.powerVariableTime(r), beta: key.y.powerVariableTime(r) * message))
        proof = BoundKnowledgeProof.prove(
            place.ciphertext, randomness: r, nonce: w, voter: place.voter, in: place.context)
    }

    private func holds(_ proof: BoundKnowledgeProof, _ change: (inout Place) -> Void = { _ in }) -> Bool {
        var place = place
        change(&place)
        return proof.holds(for: place.ciphertext, voter: place.voter, in: place.context)
    }

    @Test("hold where they were made, and nowhere else: each thing that they speak of is changed in turn")
    func everyField() throws {
        #expect(holds(proof))
        let other = try #require(PublicKey(key.y * group.generator))
        #expect(!holds(proof) { $0.context = BallotContext(key: other, election: "7", question: 2) })
        for election in ["8", "", "7 ", "77"] {
            #expect(!holds(proof) { $0.context = BallotContext(key: key, election: election, question: 2) })
        }
        for question in [0, 1, 3] {
            #expect(!holds(proof) { $0.context = BallotContext(key: key, election: "7", question: question) })
        }
        for voter in ["bea", "", "an", "ana.1", "anaa"] { #expect(!holds(proof) { $0.voter = voter }) }
        let (alpha, beta) = (place.ciphertext.alpha, place.ciphertext.beta)
        #expect(!holds(proof) { $0.ciphertext = Ciphertext(alpha: alpha * group.generator, beta: beta) })
        #expect(!holds(proof) { $0.ciphertext = Ciphertext(alpha: alpha, beta: beta * group.generator) })
        #expect(!holds(proof) { $0.ciphertext = Ciphertext(alpha: beta, beta: alpha) })
    }

    @Test("do not hold under another generator of the same numbers, or in another group")
    func otherGroups() throws {
        let generator = group.generator.value * group.generator.value % group.p
        let same = try #require(SafePrimeGroup(modulus: group.p, generator: generator, allowingSmall: true))
        for other in [same, SmallGroups.twoLimbs] {
            let y = try #require(other.element(generator))
            let otherKey = try #require(PublicKey(y))
            let context = BallotContext(key: otherKey, election: "7", question: 2)
            #expect(!holds(proof) { $0.context = context })
        }
        // The same y and the same ciphertext, read as numbers of the group with the other generator.
        let numbers = try [key.y, place.ciphertext.alpha, place.ciphertext.beta].map {
            try #require(same.element($0.value))
        }
        let sameKey = try #require(PublicKey(numbers[0]))
        let moved = Place(
            context: BallotContext(key: sameKey, election: "7", question: 2), voter: "ana",
            ciphertext: Ciphertext(alpha: numbers[1], beta: numbers[2]))
        #expect(!holds(proof) { $0 = moved })
    }

    @Test("do not hold with another commitment or response, out of range or outside the group either")
    func everyNumber() {
        let (p, q) = (group.p, group.q)
        for commitment in [proof.commitment + 1, p - proof.commitment, proof.commitment + p, 0, 1, p - 1, p] {
            #expect(!holds(BoundKnowledgeProof(commitment: commitment, response: proof.response)))
        }
        for response in [proof.response + 1, (q - proof.response) % q, proof.response + q, 0, 1] {
            #expect(!holds(BoundKnowledgeProof(commitment: proof.commitment, response: response)))
        }
    }

    @Test("of a re-encryption or a power of somebody's ciphertext are not to be made from its proof")
    func related() throws {
        let (alpha, beta) = (place.ciphertext.alpha, place.ciphertext.beta)
        let s = Exponent(reducing: 5, in: group)
        let reencrypted = Ciphertext(
            alpha: alpha * group.generator.powerVariableTime(s), beta: beta * key.y.powerVariableTime(s))
        let power = Ciphertext(alpha: alpha.powerVariableTime(s), beta: beta.powerVariableTime(s))
        // What would be right, were the challenge the one of the original: response + s·c, and s·w with the commitment's power.
        let shifted = Exponent(reducing: proof.response, in: group) + s * challenge
        let multiplied = s * Exponent(reducing: proof.response, in: group)
        let commitment = group.generator.powerVariableTime(s * w).value
        #expect(
            !holds(BoundKnowledgeProof(commitment: proof.commitment, response: shifted.value)) {
                $0.ciphertext = reencrypted
            })
        #expect(
            !holds(BoundKnowledgeProof(commitment: commitment, response: multiplied.value)) { $0.ciphertext = power })
        // Who knows the randomness can prove, so that only the challenge stood in the way.
        let honest = BoundKnowledgeProof.prove(
            reencrypted, randomness: r + s, nonce: w, voter: "ana", in: place.context)
        #expect(holds(honest) { $0.ciphertext = reencrypted })
    }

    /// c of the honest proof.
    private var challenge: Exponent {
        let number = BoundKnowledgeProof.challenge(
            alpha: place.ciphertext.alpha.value, beta: place.ciphertext.beta.value, voter: place.voter,
            in: place.context, commitment: proof.commitment)
        return Exponent(reducing: number, in: group)
    }

    @Test("are those of the vector, which another implementation made")
    func vectors() throws {
        struct Vector: Decodable {
            let group, y, election, voter, r, w, alpha, beta, commitment, response: String
            let question: Int
            let context, challenge: Hexadecimal
        }
        let made: Vector = try vector("bound-proofs/vector.json")
        let group = try #require(SafePrimeGroup.named(made.group))
        let y = try element(made.y, of: group)
        let context = BallotContext(
            key: try #require(PublicKey(y)), election: made.election, question: made.question)
        #expect(context.digest == made.context.bytes)
        let ciphertext = Ciphertext(alpha: try element(made.alpha, of: group), beta: try element(made.beta, of: group))
        let proof = BoundKnowledgeProof.prove(
            ciphertext, randomness: Exponent(reducing: try number(made.r), in: group),
            nonce: Exponent(reducing: try number(made.w), in: group), voter: made.voter, in: context)
        let expected = BoundKnowledgeProof(
            commitment: try number(made.commitment), response: try number(made.response))
        #expect(proof == expected)
        #expect(proof.holds(for: ciphertext, voter: made.voter, in: context))
        let challenge = BoundKnowledgeProof.challenge(
            alpha: ciphertext.alpha.value, beta: ciphertext.beta.value, voter: made.voter, in: context,
            commitment: proof.commitment)
        #expect(challenge.bytes(count: 32) == made.challenge.bytes)
    }
    private func number(_ text: String) throws -> BigInteger { try #require(BigInteger(canonicalDecimal: text)) }

    private func element(_ text: String, of group: SafePrimeGroup) throws -> GroupElement {
        let value = try number(text)
        return try #require(group.element(value))
    }
}
