// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
import PublishedTallies
import StrictJSON
import TallyArchives
import TestSupport
import Testing

@Suite("A tally of an election that requires bound proofs")
struct BoundTallyTests {
    private let election: MadeElection

    init() throws { election = try MadeElection.bound.get() }

    private func failures(_ change: (inout TallyFiles) throws -> Void) throws -> [VerificationCheck] {
        var files = try TallyFiles(election.archive)
        try change(&files)
        return try files.verified().failures
    }

    @Test("is accepted, and the report says that all ballots are bound")
    func accepted() throws {
        let report = try PublishedArchive(path: election.archive).verify()
        #expect(report.isAccepted, "\(report.failures.compactMap(\.failure))")
        #expect(report.droppedBallots == ["line 4, question 1: the proof's equation does not hold"])
        let ballots = try #require(report.checks.first { $0.name == .ballots })
        #expect(
            ballots.outcome
                == .passed("4 valid, 1 with a wrong proof left out; all bound to voter, question and key"))
    }

    @Test("holds in every line what a verifier reads that knows nothing of bound proofs")
    func oldVerifiers() throws {
        let text = try #require(TallyFiles(election.archive)["ciphertexts_json"])
        var mixed = 0
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: "|", omittingEmptySubsequences: false)
            #expect(fields.count == 2)
            // By the keys that the format names, and by no others.
            let ballot = try JSONValue(parsing: Array(fields[0].utf8))
            let choices = try #require(ballot["choices"]?.asArray)
            let proofs = try #require(ballot["proofs"]?.asArray)
            #expect(choices.allSatisfy { $0.asObject?.keys.sorted() == ["alpha", "beta"] })
            #expect(proofs.allSatisfy { $0["bound"] != nil })
            mixed += try zip(choices, proofs).allSatisfy { try isValid($0, $1) } ? 1 : 0
        }
        #expect(mixed == 4)
    }

    /// Section 2.4 of the specification, without this package's own readers.
    private func isValid(_ choice: JSONValue, _ proof: JSONValue) throws -> Bool {
        func number(_ value: JSONValue, _ key: String) throws -> BigInteger {
            let text = try #require(value[key]?.asString)
            return try #require(BigInteger(canonicalDecimal: text))
        }
        let group = SafePrimeGroup.ffdhe2048
        let (alpha, commitment) = try (number(choice, "alpha"), number(proof, "commitment"))
        let (challenge, response) = try (number(proof, "challenge"), number(proof, "response"))
        let digest = HashFunction.sha256.digest(of: "\(alpha.decimal)/\(commitment.decimal)".utf8)
        let element = try #require(group.element(alpha))
        let right = element.powerVariableTime(challenge).value * commitment % group.p
        return BigInteger(bigEndian: digest) == challenge
            && group.generator.powerVariableTime(response).value == right
    }

    @Test(
        "is refused with a ballot moved to another voter, without its bound proofs, or with another beta, by its line")
    func changedBallots() throws {
        let moved = try failures { try $0.replace("|dan.1", with: "|don.1", in: "ciphertexts_json") }
        #expect(moved.map(\.name) == [.ballots])
        #expect(moved[0].failure?.contains("line 5: proofs[0].bound does not hold") == true)
        let stripped = try failures { try $0.replace("\"bound\":", with: "\"unbound\":", in: "ciphertexts_json") }
        #expect(stripped.map(\.name) == [.ballots])
        #expect(stripped[0].failure?.contains("\"bound\"") == true, "\(stripped)")
    }

    @Test("cannot be made one that does not require them: the proofs of mixing are bound to the requirement")
    func requirement() throws {
        let found = try failures { files in
            for question in 0..<2 {
                try files.replace(
                    " ballot_proofs=bound", with: "", in: MadeElection.session(question, "protInfo.xml"))
            }
        }
        #expect(found.contains { $0.name == .permutation })
    }

    @Test("finds a ballot by its tracker and says what is wrong with its bound proof")
    func lookup() throws {
        let found = try PublishedArchive(path: election.archive).ballot(tracker: election.trackers[3])
        #expect(found.voter == "dan")
        #expect(found.proofFailure == nil)
        var files = try TallyFiles(election.archive)
        try files.replace("|dan.1", with: "|don.1", in: "ciphertexts_json")
        let folder = try PrivateFolder()
        try files.pack(to: folder.path + "/t")
        let moved = try PublishedArchive(path: folder.path + "/t").ballot(tracker: election.trackers[3])
        #expect(moved.proofFailure == "question 0: the bound proof does not hold")
    }
}
