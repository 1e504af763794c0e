// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
import StrictJSON
import TestSupport
import Testing

@Suite("A votes file of an election that requires bound proofs")
struct BoundBallotReviewTests {
    private let election: BoundElection
    private let ana: Ballot
    private let bea: Ballot

    init() throws {
        election = try BoundElection()
        ana = election.ballot(of: "ana")
        bea = election.ballot(of: "bea")
    }

    private func review(_ lines: [String], isRequired: Bool = true) throws -> ReviewedBallots {
        var random = SystemRandomSource()
        return try ReviewedBallots(
            of: VotesFile(data: Data(lines.map { $0 + "\n" }.joined().utf8)), groups: election.keys.map(\.group),
            bound: isRequired ? election.contexts : nil, random: &random)
    }

    /// What is wrong with the second of two lines.
    private func fault(_ line: String) throws -> BallotFault? {
        do throws(VotesFileError) {
            var random = SystemRandomSource()
            _ = try ReviewedBallots(
                of: VotesFile(data: Data("\(bea.line("bea.1"))\n\(line)\n".utf8)), groups: election.keys.map(\.group),
                bound: election.contexts, random: &random)
            return nil
        } catch .refused(line: 2, let fault) {
            return fault
        } catch {
            Issue.record(error)
            return nil
        }
    }

    @Test("is taken, however its lines are written, and mixes what a review without the requirement mixes")
    func honest() throws {
        let text = ana.line("ana.1")
        let spaced = String(decoding: bea.text, as: UTF8.self).replacingOccurrences(of: ",", with: ", ") + "|bea.1"
        let lines = [text, ana.line("ana.2"), spaced, election.line(of: "größe"), election.line(of: "dan@x")]
        let found = try review(lines)
        #expect(found.review.validCount == 5)
        #expect(found.review.dropped.isEmpty)
        #expect(try review(lines, isRequired: false).ciphertexts == found.ciphertexts)
    }

    @Test("is refused for a ballot under another voter's id, of another election, or with its questions exchanged")
    func moved() throws {
        #expect(try fault(ana.line("eve.1")) == .boundProof(question: 0))
        let other = try BoundElection(id: "8")
        #expect(try fault(other.line(of: "ana")) == .boundProof(question: 0))
        let exchanged = ana.changing(
            choices: ana.choices.reversed(), proofs: ana.proofs.reversed(), boundProofs: ana.boundProofs?.reversed())
        #expect(try fault(exchanged.line("ana.1")) == .boundProof(question: 0))
        // Each of these is a valid ballot by the format alone, which binds neither voter nor election nor question.
        for line in [ana.line("eve.1"), other.line(of: "ana"), exchanged.line("ana.1")] {
            #expect(try review([line], isRequired: false).review.validCount == 1)
        }
    }

    @Test("is refused for a ballot whose beta was changed under its proofs, in the question where that is")
    func changedBeta() throws {
        let old = ana.choices[1]
        let beta = old.beta * old.beta % election.group.p
        let changed = ana.changing(choices: [ana.choices[0], .init(alpha: old.alpha, beta: beta)])
        #expect(try fault(changed.line("ana.1")) == .boundProof(question: 1))
        #expect(try review([changed.line("ana.1")], isRequired: false).review.validCount == 1)
    }

    @Test("is refused for a ballot of another key of the same election")
    func otherKey() throws {
        // Seeds differ, so that this election of the same name has other keys.
        let other = try BoundElection()
        #expect(try fault(other.line(of: "ana")) == .boundProof(question: 0))
    }

    @Test(
        "is refused for a bound proof that is missing, has further keys, or numbers that are not canonical or in range")
    func malformed() throws {
        let text = ana.line("ana.1")
        let proofs = try #require(ana.boundProofs)
        let without = Ballot(choices: ana.choices, proofs: ana.proofs, issueDate: ana.issueDate)
        #expect(try fault(without.line("ana.1")) == .shape(.missing(key: "bound", in: "proofs[0]")))
        let (commitment, response) = (proofs[1].commitment.decimal, proofs[1].response.decimal)
        for (old, new) in [
            ("\"commitment\":\"\(commitment)\"", "\"commitment\":\"0\(commitment)\""),
            ("\"commitment\":\"\(commitment)\"", "\"commitment\":\"0\""),
            ("\"commitment\":\"\(commitment)\"", "\"commitment\":\"\(election.group.p.decimal)\""),
            ("\"commitment\":\"\(commitment)\"", "\"commitment\":\"-1\""),
            ("\"commitment\":\"\(commitment)\"", "\"commitment\":\(commitment)"),
            ("\"response\":\"\(response)\"", "\"response\":\"\(election.group.q.decimal)\""),
            ("\"response\":\"\(response)\"", "\"response\":\"\""),
            ("\"response\":\"\(response)\"", "\"response\":\"\(response)\",\"x\":\"1\""),
        ] {
            let changed = text.replacingOccurrences(of: old, with: new)
            #expect(changed != text)
            guard case .shape(let error) = try fault(changed) else {
                Issue.record("\(new.prefix(40)) was not refused for its form")
                continue
            }
            #expect(error.message.contains("proofs[1].bound"), "\(error.message)")
        }
    }

    @Test("is refused for a bound proof whose equation is wrong, or whose commitment is outside the group")
    func wrongNumbers() throws {
        let proofs = try #require(ana.boundProofs)
        for wrong in [
            BoundKnowledgeProof(
                commitment: proofs[1].commitment, response: (proofs[1].response + 1) % election.group.q),
            BoundKnowledgeProof(
                commitment: election.group.p - proofs[1].commitment, response: proofs[1].response),
            proofs[0],
        ] {
            let changed = ana.changing(boundProofs: [proofs[0], wrong])
            #expect(try fault(changed.line("ana.1")) == .boundProof(question: 1))
        }
    }

    @Test("is refused where lines name no voter")
    func bareForm() throws {
        let expected = VotesFileError.refused(
            line: 1, .voterID("bound proofs are of a voter, and the line names none"))
        #expect(throws: expected) { try review([String(decoding: ana.text, as: UTF8.self)]) }
    }

    @Test("drops a ballot whose other proof is wrong, as every verifier does, and keeps it out of nothing else")
    func droppedBallot() throws {
        let old = ana.proofs[1]
        let wrong = PlaintextKnowledgeProof(
            challenge: old.challenge, commitment: old.commitment, response: (old.response + 1) % election.group.q)
        let found = try review([ana.changing(proofs: [ana.proofs[0], wrong]).line("ana.1"), bea.line("bea.1")])
        #expect(found.review.dropped == [.init(line: 1, question: 1, failure: .equation)])
        #expect(found.review.validCount == 1)
    }

    @Test("names the first fault, of whatever kind")
    func firstFault() throws {
        let (cat, dan) = (election.line(of: "cat"), election.line(of: "dan"))
        #expect(throws: VotesFileError.refused(line: 2, .boundProof(question: 0))) {
            try review([cat, ana.line("eve.1"), cat, "nonsense"])
        }
        #expect(throws: VotesFileError.refused(line: 3, .repeatedAlpha(question: 0, line: 1))) {
            try review([cat, dan, cat, ana.line("eve.1")])
        }
        let outside = ana.changing(choices: [
            .init(alpha: ana.choices[0].alpha, beta: election.group.p - ana.choices[0].beta), ana.choices[1],
        ])
        #expect(throws: VotesFileError.refused(line: 2, .notInGroup(question: 0, .beta))) {
            try review([cat, outside.line("ana.1"), ana.line("eve.1")])
        }
        #expect(throws: VotesFileError.refused(line: 1, .boundProof(question: 0))) {
            try review([ana.line("eve.1"), outside.line("ana.1")])
        }
    }

    @Test("among many ballots names the one whose proof is of another voter")
    func manyBallots() throws {
        var lines = (0..<40).map { election.line(of: "voter\($0)") }
        #expect(try review(lines).review.validCount == 40)
        lines[33] = election.line(of: "somebody").replacingOccurrences(of: "|somebody", with: "|else")
        lines[37] = "nonsense"
        #expect(throws: VotesFileError.refused(line: 34, .boundProof(question: 0))) { try review(lines) }
    }

    @Test("a key that is not looked at may hold anything where bound proofs are not required")
    func ignored() throws {
        let text = String(decoding: ana.text, as: UTF8.self)
        let start = try #require(text.range(of: "\"bound\":"))
        let end = try #require(text.range(of: "},\"challenge\"", range: start.upperBound..<text.endIndex))
        for anything in ["[1,{\"a\":null}]", "{\"commitment\":\"x\",\"response\":\"\"}", "null"] {
            let changed = text.replacingCharacters(in: start.upperBound...end.lowerBound, with: anything)
            #expect(try review([changed + "|ana.1"], isRequired: false).review.validCount == 1)
        }
        // It is JSON all the same.
        for control in ["{\"commitment\":\"\u{1}\"}", "{\"commitment\":\"\u{1}\",\"response\":\"1\"}"] {
            let broken = text.replacingCharacters(in: start.upperBound...end.lowerBound, with: control)
            #expect(throws: VotesFileError.self) { try review([broken + "|ana.1"], isRequired: false) }
        }
    }
}
