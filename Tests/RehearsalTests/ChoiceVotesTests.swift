// SPDX-License-Identifier: Apache-2.0

import Counting
import ElGamal
import Foundation
import GroupArithmetic
import HostTestSupport
import Rehearsal
import StrictJSON
import TestSupport
import Testing

@Suite("Ballots as choices")
struct ChoiceVotesTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private static let question = #"""
        {"title": "Q", "tally_type": "borda", "min": 0, "max": 2, "num_winners": 1,
         "answer_total_votes_percentage": "over-total-valid-votes", "answers": [
         {"id": 0, "text": "Ana", "category": "", "details": "", "urls": []},
         {"id": 1, "text": "Bea", "category": "", "details": "", "urls": []}]}
        """#

    private func source(_ ballots: String, question: String = question) throws -> VoteSource {
        let path = try scratch.write("{\"questions\": [\(question)], \"ballots\": \(ballots)}", to: "choices.json")
        return try VoteSource(file: path)
    }

    private func plaintexts(_ source: VoteSource, count: Int) throws -> [String] {
        let key = try #require(
            PublicKey(
                SmallGroups.fiveLimbs.generator.powerVariableTime(Exponent(reducing: 5, in: SmallGroups.fiveLimbs))))
        _ = try BallotMaking(
            keys: [key], source: source, count: count, votesPath: scratch.path("votes"),
            plaintextPaths: [scratch.path("plaintexts")]
        ).run()
        return try scratch.text("plaintexts").split(separator: "\n").map(String.init)
    }

    @Test("become plaintexts in their order, and random ones by the questions' rules follow them")
    func made() throws {
        let source = try source(#"[[["Ana", "Bea"]], [[1]], [null], [{"invalid": true}]]"#)
        #expect(source.naturalCount == 4 && source.questions?.count == 1)
        let lines = try plaintexts(source, count: 204)
        // Digits: the flag, then rank + 1 of Ana and Bea in base 3.
        #expect(Array(lines.prefix(4)) == [#""15""#, #""7""#, #""1""#, #""2""#])
        let question = try CountableQuestion(JSONField(JSONValue(parsing: Self.question), name: "the question"))
        let random = PlaintextList(Data((lines.dropFirst(4).joined(separator: "\n") + "\n").utf8))
        let counted = try CountedQuestion(counting: question, random)
        #expect(counted.totals.all == 200 && counted.totals.valid > 100)
        #expect(Set(counted.nullReasons.keys) == [.explicit])
    }

    @Test(
        "are refused with their place",
        arguments: [
            (#"[[["Eva"]]]"#, "ballots[0][0][0]"), ("[[[]], [[], []]]", "ballots[1]"),
            ("[[[0, 0]]]", "ballots[0][0][1]"),
            (#"[[[{"answer": 0, "rank": 2}]]]"#, "ballots[0][0]"), (#"[[{"chosen": [], "void": true}]]"#, "void"),
        ])
    func refused(_ ballots: String, _ part: String) {
        #expect { try source(ballots) } throws: { error in
            (error as? RehearsalError)?.message.contains(part) == true
        }
    }

    @Test("questions that cannot be counted are refused")
    func questions() {
        let unknown = Self.question.replacing(#""borda""#, with: #""meek-stv""#)
        #expect { try source("[]", question: unknown) } throws: { error in
            (error as? RehearsalError)?.message.contains("questions[0].tally_type") == true
        }
    }

    @Test("questions whose ballots are too large for the group are refused")
    func tooLarge() throws {
        let answers = (0..<400).map { #"{"id": \#($0), "text": "A\#($0)", "category": "", "details": "", "urls": []}"# }
        let question = #"""
            {"title": "Q", "tally_type": "plurality-at-large", "min": 0, "max": 2, "num_winners": 1,
             "answer_total_votes_percentage": "over-total-votes", "answers": [\#(answers.joined(separator: ","))]}
            """#
        let source = try source("[]", question: question)
        #expect(throws: RehearsalError.questionTooLarge(question: 0, bits: 318)) { try plaintexts(source, count: 1) }
    }
}
