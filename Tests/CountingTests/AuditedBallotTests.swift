// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import Testing

@testable import Counting

/// Ballots that voters had audited, and the published test tally: vectors counting/ballots.json and counting/tally-8.json.
@Suite("Real ballots and the result of 8.tar")
struct AuditedBallotTests {
    @Test("each plaintext gets the verdict that the audit tool's data has")
    func verdicts() throws {
        let ballots = try CountingVectors.file("ballots.json")["ballots"]?.asArray ?? []
        var judged = 0
        for ballot in ballots {
            let questions = try CountableQuestion.all(in: (ballot["questions"] ?? .null).compactBytes)
            let plaintexts = (ballot["plaintexts"]?.asArray ?? []).compactMap(\.asString)
            for (index, verdict) in (ballot["verdicts"]?.asArray ?? []).compactMap(\.asString).enumerated() {
                let counted = try CountedQuestion(counting: questions[index], PlaintextList([plaintexts[index]]))
                let found = counted.totals.valid == 1 ? "valid" : counted.totals.blank == 1 ? "blank" : "null"
                #expect(found == verdict, "\(plaintexts[index])")
                judged += 1
            }
        }
        #expect(judged == 12)
    }

    @Test("the ballot of 8.tar gives the published winner and totals")
    func published() throws {
        let vector = try CountingVectors.file("tally-8.json")
        let ballots = try CountingVectors.file("ballots.json")["ballots"]?.asArray ?? []
        // The bytes are compared where 8.tar itself is counted again: the texts of its questions are shortened here.
        let questions = try CountableQuestion.all(in: (ballots.first?["questions"] ?? .null).compactBytes)
        let lists = [PlaintextList((vector["plaintexts"]?.asArray ?? []).compactMap(\.asString))]
        let result = try ElectionResult(
            counting: [CountedTally(questions: questions, plaintexts: lists)],
            by: CountingConfiguration(vector["pipeline"] ?? .null))
        #expect(result.questions[0].winners.map(\.id) == [vector["winner"]?["id"]?.asInteger])
        #expect(result.questions[0].totals == .init(valid: 1))
    }
}
