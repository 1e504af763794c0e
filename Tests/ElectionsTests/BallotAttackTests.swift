// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
import StrictJSON
import TestSupport
import Testing

/// What somebody makes of a ballot that was cast, or puts in a ballot's place; ana's is the victim, and her proofs are right.
@Suite("Attacks by ballots, specification 7.1")
struct BallotAttackTests {
    private let election: BoundElection
    private let ana: Ballot
    private let bea: Ballot

    init() throws {
        election = try BoundElection()
        (ana, bea) = (election.ballot(of: "ana"), election.ballot(of: "bea"))
    }

    private var group: SafePrimeGroup { election.group }

    /// Reviews lines by the format alone.
    private func review(_ lines: [String]) throws(VotesFileError) -> BallotReview {
        var random = SystemRandomSource()
        let file = VotesFile(data: Data(lines.map { $0 + "\n" }.joined().utf8))
        return try ReviewedBallots(of: file, groups: election.keys.map(\.group), random: &random).review
    }

    /// Reviews ana's ballot with eve's behind it.
    private func review(eve: Ballot) throws(VotesFileError) -> BallotReview {
        try review([ana.line("ana.1"), eve.line("eve.1")])
    }

    /// Ana's ballot with another ciphertext and proof in question 0, and a fresh one in question 1, so that nothing but question 0 is wrong.
    private func ballot(_ choice: Ballot.Choice, _ proof: PlaintextKnowledgeProof) -> Ballot {
        let fresh = election.ballot(of: "eve")
        return Ballot(
            choices: [choice, fresh.choices[1]], proofs: [proof, fresh.proofs[1]], issueDate: ana.issueDate)
    }

    private func element(_ number: BigInteger) throws -> GroupElement { try #require(group.element(number)) }

    private func exponent(_ number: BigInteger) -> Exponent { Exponent(reducing: number, in: group) }

    /// What follows of ana's numbers if all of them are raised to `power`, with the challenge that belongs to it.
    private func raised(to power: Exponent) throws -> (Ballot.Choice, commitment: BigInteger, response: Exponent) {
        let (choice, proof) = (ana.choices[0], ana.proofs[0])
        let numbers = try [choice.alpha, choice.beta, proof.commitment].map {
            try element($0).powerVariableTime(power).value
        }
        return (.init(alpha: numbers[0], beta: numbers[1]), numbers[2], exponent(proof.response) * power)
    }

    @Test("a copied ballot is refused, under another id, in another question, and with another proof")
    func copies() throws {
        #expect(throws: VotesFileError.refused(line: 2, .repeatedAlpha(question: 0, line: 1))) {
            try review(eve: ana)
        }
        let exchanged = Ballot(
            choices: ana.choices.reversed(), proofs: ana.proofs.reversed(), issueDate: ana.issueDate)
        #expect(throws: VotesFileError.refused(line: 2, .repeatedAlpha(question: 0, line: 1))) {
            try review(eve: exchanged)
        }
        let fresh = election.ballot(of: "eve")
        let single = Ballot(
            choices: [fresh.choices[0], ana.choices[0]], proofs: [fresh.proofs[0], ana.proofs[0]], issueDate: "")
        #expect(throws: VotesFileError.refused(line: 2, .repeatedAlpha(question: 1, line: 1))) {
            try review(eve: single)
        }
    }

    @Test("a re-encryption of a ballot has no proof: with the original's, or with one fitted to it, it is left out")
    func reencryption() throws {
        let s = exponent(7)
        let (choice, proof) = (ana.choices[0], ana.proofs[0])
        let alpha = try element(choice.alpha) * group.generator.powerVariableTime(s)
        let beta = try element(choice.beta) * election.keys[0].y.powerVariableTime(s)
        let moved = Ballot.Choice(alpha: alpha.value, beta: beta.value)
        let challenge = PlaintextKnowledgeProof.challenge(alpha: moved.alpha, commitment: proof.commitment)
        let fitted = PlaintextKnowledgeProof(
            challenge: challenge, commitment: proof.commitment,
            response: (exponent(proof.response) + s * exponent(challenge)).value)
        // The equation holds for the original's challenge, which is the hash of other numbers.
        let shifted = PlaintextKnowledgeProof(
            challenge: proof.challenge, commitment: proof.commitment,
            response: (exponent(proof.response) + s * exponent(proof.challenge)).value)
        for (proof, failure) in [
            (proof, PlaintextKnowledgeFailure.challenge), (shifted, .challenge), (fitted, .equation),
        ] {
            #expect(
                try review(eve: ballot(moved, proof)).dropped == [.init(line: 2, question: 0, failure: failure)])
        }
    }

    @Test("a power of a ballot has no proof either", arguments: [2, 3, -1])
    func power(power: Int) throws {
        let exponent = power < 0 ? exponent(group.q - 1) : exponent(BigInteger(UInt(power)))
        let (choice, commitment, response) = try raised(to: exponent)
        let original = ana.proofs[0].challenge
        let fitted = PlaintextKnowledgeProof.challenge(alpha: choice.alpha, commitment: commitment)
        for (challenge, failure) in [(original, PlaintextKnowledgeFailure.challenge), (fitted, .equation)] {
            let proof = PlaintextKnowledgeProof(
                challenge: challenge, commitment: commitment, response: response.value)
            #expect(
                try review(eve: ballot(choice, proof)).dropped == [.init(line: 2, question: 0, failure: failure)])
        }
    }

    @Test("the product of two ballots has no proof")
    func product() throws {
        let alpha = try element(ana.choices[0].alpha) * element(bea.choices[0].alpha)
        let beta = try element(ana.choices[0].beta) * element(bea.choices[0].beta)
        let commitment = try (element(ana.proofs[0].commitment) * element(bea.proofs[0].commitment)).value
        let response = exponent(ana.proofs[0].response) + exponent(bea.proofs[0].response)
        let proof = PlaintextKnowledgeProof(
            challenge: PlaintextKnowledgeProof.challenge(alpha: alpha.value, commitment: commitment),
            commitment: commitment, response: response.value)
        let found = try review(eve: ballot(.init(alpha: alpha.value, beta: beta.value), proof))
        #expect(found.dropped == [.init(line: 2, question: 0, failure: .equation)])
    }

    @Test("another beta under a right proof is refused beside the original; alone the format cannot tell it")
    func changedBeta() throws {
        let alpha = ana.choices[0].alpha
        for beta in [BigInteger(1), try raised(to: exponent(2)).0.beta, bea.choices[0].beta] {
            let changed = ballot(.init(alpha: alpha, beta: beta), ana.proofs[0])
            #expect(throws: VotesFileError.refused(line: 2, .repeatedAlpha(question: 0, line: 1))) {
                try review(eve: changed)
            }
            #expect(try review([changed.line("eve.1")]).validCount == 1)
        }
    }

    @Test("a ballot of another election under other keys is a valid one for the format, which binds neither")
    func elsewhere() throws {
        let other = try BoundElection()
        #expect(try review([other.line(of: "eve")]).validCount == 1)
        // BoundBallotReviewTests: an election that requires bound proofs refuses it.
    }

    // MARK: Numbers

    private enum Verdict: Equatable {
        case refusedForForm, refusedForMembership, refusedOtherwise
        case dropped
        case valid
    }

    private static let numbers: [(name: String, number: @Sendable (BigInteger, SafePrimeGroup) -> String)] = [
        ("0", { _, _ in "0" }), ("1", { _, _ in "1" }), ("p-1", { ($1.p - 1).decimal }), ("p", { $1.p.decimal }),
        ("-x mod p", { ($1.p - $0).decimal }), ("-x", { x, _ in "-" + x.decimal }),
        ("a non-residue", { ($1.p - $1.generator.value).decimal }), ("x + p", { ($0 + $1.p).decimal }),
        ("a leading zero", { x, _ in "0" + x.decimal }), ("a plus", { x, _ in "+" + x.decimal }),
        ("10,000 digits", { _, _ in String(repeating: "7", count: 10_000) }),
        ("10,000 zeros in front", { x, _ in String(repeating: "0", count: 10_000) + x.decimal }),
        ("appended digits", { x, _ in x.decimal + "000000001" }), ("nothing", { _, _ in "" }),
        ("a space", { x, _ in x.decimal + " " }), ("an exponent", { _, _ in "1e3" }),
        ("hexadecimal", { _, _ in "0x1f" }), ("digits of another script", { _, _ in "١٢٣" }),
        ("a fraction", { _, _ in "4.0" }), ("a separator", { _, _ in "1_000" }),
    ]

    /// What becomes of the second of two lines.
    private func verdict(_ line: String) -> Verdict {
        do throws(VotesFileError) {
            let found = try review([bea.line("bea.1"), line])
            return found.dropped.map(\.line) == [2] ? .dropped : .valid
        } catch .refused(line: 2, .shape) {
            return .refusedForForm
        } catch .refused(line: 2, .notInGroup(question: 0, _)) {
            return .refusedForMembership
        } catch {
            return .refusedOtherwise
        }
    }

    @Test(
        "alpha and beta of every wrong kind are refused, in a line of the usual form and of any other",
        arguments: numbers.indices)
    func wrongNumbers(index: Int) throws {
        let (name, number) = Self.numbers[index]
        for (key, old) in [("alpha", ana.choices[0].alpha), ("beta", ana.choices[0].beta)] {
            let text = "\"\(key)\":\"\(old.decimal)\""
            let changed = ana.line("ana.1").replacingOccurrences(of: text, with: "\"\(key)\":\"\(number(old, group))\"")
            let expected: Verdict =
                switch name {
                // A residue: it is another number than the one that the proof is about, or the format cannot tell it.
                case "1": key == "alpha" ? .dropped : .valid
                case "p-1", "-x mod p", "a non-residue": .refusedForMembership
                default: .refusedForForm
                }
            #expect(verdict(changed) == expected, "\(key): \(name)")
            let spaced = changed.replacingOccurrences(of: ",\"issue_date\"", with: " ,\"issue_date\"")
                .replacingOccurrences(of: "{\"choices\"", with: "{\t\"choices\"")
            #expect(verdict(spaced) == expected, "\(key): \(name), written otherwise")
        }
    }

    @Test(
        "values that are no strings, and several elements where one is, are refused: there are no ciphertexts of several elements"
    )
    func unequalSizes() throws {
        let (alpha, beta) = (ana.choices[0].alpha.decimal, ana.choices[0].beta.decimal)
        for (key, old) in [("alpha", alpha), ("beta", beta)] {
            for value in [
                "[\"\(old)\"]", "[\"\(old)\",\"\(old)\"]", "[]", "{\"0\":\"\(old)\"}", old, "1", "null", "true", "-1",
                "1e400",
            ] {
                let changed = ana.line("ana.1").replacingOccurrences(
                    of: "\"\(key)\":\"\(old)\"", with: "\"\(key)\":\(value)")
                #expect(verdict(changed) == .refusedForForm, "\(key): \(value.prefix(30))")
            }
        }
        let both = ana.line("ana.1").replacingOccurrences(
            of: "\"alpha\":\"\(alpha)\"", with: "\"alpha\":[\"\(alpha)\",\"1\"]"
        )
        .replacingOccurrences(of: "\"beta\":\"\(beta)\"", with: "\"beta\":[\"\(beta)\"]")
        #expect(verdict(both) == .refusedForForm)
    }

    @Test(
        "a number that is cut to another ciphertext by who keeps its leading bytes, with a right proof, is refused for its length"
    )
    func cutNumber() throws {
        // 7.1, point 2: bytes behind alpha, so that the long number is g^k for a known k.
        let bytes = group.elementByteCount
        let k = exponent(123_456_789)
        let target = group.generator.powerVariableTime(k).value
        var long = BigInteger(bigEndian: ana.choices[0].alpha.bytes(count: bytes) + [UInt8](repeating: 0, count: bytes))
        long = long + (group.p - long % group.p) + target
        #expect(long % group.p == target)
        #expect(Array(long.bytes(count: 2 * bytes).prefix(bytes)) == ana.choices[0].alpha.bytes(count: bytes))
        let w = exponent(5)
        let commitment = group.generator.powerVariableTime(w).value
        let challenge = PlaintextKnowledgeProof.challenge(alpha: long, commitment: commitment)
        let proof = PlaintextKnowledgeProof(
            challenge: challenge, commitment: commitment, response: (w + k * exponent(challenge)).value)
        let line = ballot(.init(alpha: long, beta: ana.choices[0].beta), proof).line("eve.1")
        #expect(verdict(line) == .refusedForForm)
    }

    @Test("ballots without proofs, with fewer, more or empty ones, or with text in them, are refused")
    func noProof() throws {
        let text = String(decoding: ana.text, as: UTF8.self)
        let start = try #require(text.range(of: ",\"proofs\":"))
        let proofs = String(text[start.upperBound...].dropLast())
        for replacement in [
            "", ",\"proofs\":[]", ",\"proofs\":null", ",\"proofs\":[{},{}]", ",\"proofs\":{}",
            ",\"proofs\":\(proofs.dropLast()),{}]", ",\"proofs\":[null,null]",
        ] {
            #expect(verdict(text[..<start.lowerBound] + replacement + "}|ana.1") == .refusedForForm, "\(replacement)")
        }
        for key in ["challenge", "commitment", "response"] {
            let foo = try #require(text.range(of: "\"\(key)\":\"", options: .backwards)).upperBound
            #expect(verdict(text[..<foo] + "foo" + text[foo...] + "|ana.1") == .refusedForForm)
            #expect(verdict(text.replacingOccurrences(of: "\"\(key)\"", with: "\"x\"") + "|ana.1") == .refusedForForm)
        }
    }

    @Test("an alpha of 1 with a right proof is a vote that its voter shows to everybody, and may stand once")
    func alphaOfOne() throws {
        // r = 0: everybody reads such a vote, and it may stand once.
        let proof = PlaintextKnowledgeProof.prove(
            ElementVector([group.generator / group.generator], in: group),
            randomness: ExponentVector([exponent(0)], in: group), nonces: ExponentVector([exponent(9)], in: group),
            with: Encryption(under: election.keys[0]))[0]
        let open = ballot(.init(alpha: 1, beta: group.generator.value), proof)
        #expect(try review([open.line("eve.1")]).validCount == 1)
        let second = ballot(.init(alpha: 1, beta: group.generator.value), proof)
        #expect(throws: VotesFileError.refused(line: 2, .repeatedAlpha(question: 0, line: 1))) {
            try review([open.line("eve.1"), second.line("dan.1")])
        }
    }
}
