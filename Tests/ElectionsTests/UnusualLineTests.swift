// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
import TestSupport
import Testing

/// What is right of a line that is written as booths write it is right of any other: repetitions, wrong proofs and their places are found
/// in both.
@Suite("Lines of a votes file that are not written as booths write them")
struct UnusualLineTests {
    private let election: BoundElection
    private let ana: Ballot
    private let bea: Ballot

    init() throws {
        election = try BoundElection()
        ana = election.ballot(of: "ana")
        bea = election.ballot(of: "bea")
    }

    private func review(_ lines: [String]) throws(VotesFileError) -> ReviewedBallots {
        var random = SystemRandomSource()
        return try ReviewedBallots(
            of: VotesFile(data: Data(lines.map { $0 + "\n" }.joined().utf8)), groups: election.keys.map(\.group),
            bound: nil, random: &random)
    }

    private func spaced(_ ballot: Ballot) -> String {
        String(decoding: ballot.text, as: UTF8.self).replacingOccurrences(of: ":", with: " : \t")
    }

    /// A ballot whose proofs of these questions have the next challenge.
    private func challenged(_ ballot: Ballot, _ questions: Set<Int>) -> Ballot {
        ballot.changing(
            proofs: ballot.proofs.enumerated().map { question, proof in
                guard questions.contains(question) else { return proof }
                return PlaintextKnowledgeProof(
                    challenge: proof.challenge + 1, commitment: proof.commitment, response: proof.response)
            })
    }

    @Test("are refused for an alpha that stood before")
    func repeated() throws {
        let expected = VotesFileError.refused(line: 2, .repeatedAlpha(question: 0, line: 1))
        for (first, second) in [
            (ana.line("ana.1"), spaced(ana) + "|eve.1"), (spaced(ana) + "|ana.1", ana.line("eve.1")),
            (spaced(ana) + "|ana.1", spaced(ana) + "|eve.1"),
        ] {
            #expect(throws: expected) { try review([first, second]) }
        }
    }

    @Test(
        "are left out for a wrong challenge, with all votes of a weighted ballot, and the first question that is wrong is named"
    )
    func dropped() throws {
        for (questions, first) in [([0], 0), ([1], 1), ([0, 1], 0)] as [(Set<Int>, Int)] {
            let wrong = challenged(ana, questions)
            for text in [String(decoding: wrong.text, as: UTF8.self), spaced(wrong)] {
                let found = try review([text + "|ana.1", text + "|ana.2", text + "|ana.3", bea.line("bea.1")])
                #expect(
                    found.review.dropped
                        == (1...3).map { .init(line: $0, question: first, failure: .challenge) })
                #expect(found.ciphertexts.map(\.count) == [1, 1])
            }
        }
    }

    @Test("are taken where only the second question is written otherwise")
    func halfUnusual() throws {
        let alpha = ana.choices[1].alpha.decimal
        let escaped = String(format: "\\u%04x", Int(alpha.utf8.first ?? 0)) + alpha.dropFirst()
        let line = ana.line("ana.1").replacingOccurrences(of: alpha, with: escaped)
        #expect(line != ana.line("ana.1"))
        #expect(
            try review([line, bea.line("bea.1")]).ciphertexts
                == review([ana.line("ana.1"), bea.line("bea.1")]).ciphertexts)
    }

    @Test("are refused where the first number outside the group stands, in whatever question")
    func firstNonMember() throws {
        func outside(_ ballot: Ballot, _ question: Int) -> Ballot {
            var choices = ballot.choices
            choices[question] = .init(alpha: choices[question].alpha, beta: election.group.p - choices[question].beta)
            return ballot.changing(choices: choices)
        }
        for (first, second) in [(0, 1), (1, 0)] {
            #expect(throws: VotesFileError.refused(line: 2, .notInGroup(question: first, .beta))) {
                try review([
                    election.line(of: "cat"), outside(ana, first).line("ana.1"), outside(bea, second).line("bea.1"),
                ])
            }
        }
    }

    @Test("are refused if they are longer than a line may be, however they are filled")
    func tooLong() throws {
        let filled = String(decoding: bea.text, as: UTF8.self).replacingOccurrences(
            of: ",\"issue_date\"", with: "," + String(repeating: " ", count: VotesFile.lineByteLimit) + "\"issue_date\""
        )
        let expected = BallotFault.form("the line has more than \(VotesFile.lineByteLimit) bytes")
        #expect(throws: VotesFileError.refused(line: 2, expected)) {
            try review([ana.line("ana.1"), filled + "|bea.1"])
        }
    }
}
