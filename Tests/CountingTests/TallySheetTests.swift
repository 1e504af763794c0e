// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@testable import Counting

@Suite("Tally sheets of paper ballots")
struct TallySheetTests {
    private func sheet(_ box: String, _ votes: Int, _ answers: (String, Int)...) -> JSONValue {
        [
            "ballot_box_name": .string(box), "num_votes": .integer(votes),
            "questions": [
                [
                    "title": "Q", "tally_type": "plurality-at-large", "blank_votes": 0, "null_votes": 0,
                    "answers": .array(answers.map { ["text": .string($0), "num_votes": .integer($1)] }),
                ]
            ],
        ]
    }

    private func boxes(_ expression: String) -> JSONValue {
        [
            "ballot_box_name_filter_re": .string(expression), "election_index": 0, "question_index": 0,
            "tally_sheets_question_index": 0,
        ]
    }

    private func result(_ sheets: [JSONValue], _ configurations: [JSONValue]) throws -> ElectionResult {
        let question = try sampleQuestion("plurality-at-large", answers: 2, max: 1)
        return try ElectionResult(
            counting: [CountedTally(questions: [question], plaintexts: [PlaintextList(["3"])])],
            by: configuration(
                ("results.do_tallies", [:]),
                (
                    "ballot_boxes.count_tally_sheets",
                    ["tally_sheets": .array(sheets), "configurations": .array(configurations)]
                )))
    }

    @Test("are added, and what cannot be is told: too many votes, a box that no expression fits")
    func told() throws {
        let result = try result(
            [sheet("North", 10, ("A0", 12), ("A1", 3)), sheet("South", 5, ("A0", 5), ("A1", 0))], [boxes("North$")])
        #expect(result.questions[0].answers.map(\.total) == [.whole(13), .whole(3)] && result.totalVotes == 11)
        #expect(
            result.questions[0].remarks
                == [
                    #"pipes[1].params.tally_sheets[0].questions[0] of the configuration has 12 votes for "A0" on 10 valid ballots"#
                ])
        #expect(
            result.remarks == [
                #"1 of 2 tally sheets are not counted, as no expression fits their box; the first is "South", pipes[1].params.tally_sheets[1] of the configuration"#
            ])
    }

    @Test(
        "are refused where they would count twice or give an answer's votes to another",
        arguments: [
            ([("A0", 1), ("A0", 1)], ["N"], #"has the answer "A0" twice"#),
            ([("A0", 1), ("A2", 1)], ["N"], #"has the answer "A2", which the question does not have"#),
            ([("A0", 1), ("A1", 1)], ["N", "North"], #"counts "pipes[1].params.tally_sheets[0]" again"#),
            ([("A0", 1)], ["N"], "has 1 answers, expected 2"),
        ])
    func refused(_ answers: [(String, Int)], _ expressions: [String], _ part: String) throws {
        var object = try #require(sheet("North", 10).asObject)
        var question = try #require(object["questions"]?.asArray?.first?.asObject)
        question["answers"] = .array(answers.map { ["text": .string($0.0), "num_votes": .integer($0.1)] })
        object["questions"] = [.object(question)]
        #expect {
            try result([.object(object)], expressions.map(boxes))
        } throws: { error in
            let message = (error as? CountingError)?.message ?? ""
            return message.hasPrefix(#"config.json: count_tally_sheets: "pipes[1].params."#) && message.contains(part)
        }
    }
}
