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

    private func pipe(_ sheets: [JSONValue], _ expressions: [String]) -> (String, JSONValue) {
        (
            "ballot_boxes.count_tally_sheets",
            ["tally_sheets": .array(sheets), "configurations": .array(expressions.map(boxes))]
        )
    }

    private let tallies: (String, JSONValue) = ("results.do_tallies", [:])

    private func result(of pipes: (String, JSONValue)...) throws -> ElectionResult { try result(of: pipes) }

    private func result(of pipes: [(String, JSONValue)]) throws -> ElectionResult {
        let question = try sampleQuestion("plurality-at-large", answers: 2, max: 1)
        let json: JSONValue = [
            "version": "10.2.0",
            "pipes": .array(
                pipes.map { ["type": .string("tally_pipes.pipes.\($0.0)"), "params": $0.1] }),
        ]
        return try ElectionResult(
            counting: [CountedTally(questions: [question], plaintexts: [PlaintextList(["3"])])],
            by: CountingConfiguration(json))
    }

    private func result(_ sheets: [JSONValue], _ expressions: [String]) throws -> ElectionResult {
        try result(of: tallies, pipe(sheets, expressions))
    }

    private func refusal(of pipes: (String, JSONValue)...) throws -> CountingError {
        try #require(throws: CountingError.self) {
            try result(of: pipes)
        }
    }

    @Test("are added, and what cannot be is told: too many votes, a box that no expression fits")
    func told() throws {
        let result = try result(
            [sheet("North", 10, ("A0", 12), ("A1", 3)), sheet("South", 5, ("A0", 5), ("A1", 0))], ["North$"])
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
            try result([.object(object)], expressions)
        } throws: { error in
            let message = (error as? CountingError)?.message ?? ""
            return message.hasPrefix(#"config.json: count_tally_sheets: "pipes[1].params."#) && message.contains(part)
        }
    }

    @Test("are refused when the same one is listed again, or counted by a second pipe")
    func again() throws {
        let north = sheet("North", 3, ("A0", 3), ("A1", 0))
        // The order of answers is no difference.
        let listed = try refusal(of: tallies, pipe([north, sheet("North", 3, ("A1", 0), ("A0", 3))], ["N"]))
        #expect(
            listed.message
                == #"config.json: count_tally_sheets: "pipes[1].params.configurations[0]" counts "pipes[1].params.tally_sheets[1]", which is "pipes[1].params.tally_sheets[0]" again, for the same question"#
        )
        #expect(listed.hint == "count each sheet once a question; two boxes need two names")
        let piped = try refusal(of: tallies, pipe([north], ["N"]), pipe([north], ["N"]))
        #expect(piped.message.contains(#""pipes[2].params.tally_sheets[0]", which is "pipes[1].params."#))
    }

    @Test("are added and told of where two of one box differ, also in two pipes; equal ones of two boxes are usual")
    func differing() throws {
        let north = sheet("North", 3, ("A0", 3), ("A1", 0))
        let more = sheet("North", 2, ("A0", 0), ("A1", 2))
        let told = try [
            result([north, more], ["N"]), result(of: tallies, pipe([north], ["N"]), pipe([more], ["N"])),
        ]
        for (result, place) in zip(told, ["pipes[1].params.tally_sheets[1]", "pipes[2].params.tally_sheets[0]"]) {
            #expect(result.questions[0].answers.map(\.total) == [.whole(4), .whole(2)] && result.totalVotes == 6)
            #expect(
                result.questions[0].remarks == [
                    #"tally sheets of boxes that others are of too, all added: 1, the first is \#(place) of the configuration beside pipes[1].params.tally_sheets[0], both of "North""#
                ])
        }
        let usual = try result([north, sheet("South", 3, ("A0", 3), ("A1", 0))], ["N", "S"])
        #expect(usual.totalVotes == 7 && usual.questions[0].remarks.isEmpty && usual.remarks.isEmpty)
    }

    @Test("are refused where do_tallies behind them takes their votes out again", arguments: [true, false])
    func dropped(_ reuses: Bool) throws {
        let north = sheet("North", 3, ("A0", 3), ("A1", 0))
        let anew: (String, JSONValue) = ("results.do_tallies", ["reuse_results": .bool(reuses)])
        let error = try refusal(of: tallies, pipe([north], ["N"]), anew)
        #expect(
            error.message
                == #"config.json: "pipes[2].params" counts anew without the paper votes of 1 tally sheet, such as "pipes[1].params.tally_sheets[0]""#
        )
        #expect(error.hint == "put count_tally_sheets behind the last do_tallies")
        // The winners of a first count may be withdrawn before the second, with the same paper.
        let added = try result(of: tallies, pipe([north], ["N"]), anew, pipe([north], ["N"]))
        #expect(added.questions[0].answers.map(\.total) == [.whole(4), .whole(0)] && added.totalVotes == 4)
        #expect(added.questions[0].remarks.isEmpty && added.remarks.isEmpty)
    }

    @Test("stay in a question that a later do_tallies takes over from the result")
    func kept() throws {
        let north = sheet("North", 3, ("A0", 3), ("A1", 0))
        let none: (String, JSONValue) = ("results.do_tallies", ["reuse_results": true, "question_indexes": []])
        let kept = try result(of: tallies, pipe([north, sheet("South", 1, ("A0", 1), ("A1", 0))], ["N"]), none)
        #expect(kept.questions[0].answers.map(\.total) == [.whole(4), .whole(0)] && kept.totalVotes == 4)
        #expect(kept.remarks.count == 1 && kept.remarks[0].hasPrefix("1 of 2 tally sheets are not counted"))
    }

    @Test(
        "are told of where a later do_tallies leaves them out of total_votes, and where nobody publishes their result")
    func outside() throws {
        let question = try sampleQuestion("plurality-at-large", answers: 2, max: 1)
        let two = CountedTally(
            questions: [question, question], plaintexts: [PlaintextList(["3"]), PlaintextList(["3", "3"])])
        let north = pipe([sheet("North", 3, ("A0", 3), ("A1", 0))], ["N"])
        let late = try ElectionResult(
            counting: [two],
            by: configuration(
                tallies, north, ("results.do_tallies", ["reuse_results": true, "question_indexes": [1]])))
        #expect(late.questions[0].answers[0].total == .whole(4) && late.totalVotes == 2)
        #expect(
            late.remarks == ["pipes[2].params of the configuration sets total_votes without the tally sheets before it"]
        )

        let one = CountedTally(name: "tally 50", questions: [question], plaintexts: [PlaintextList(["3"])])
        let other = CountedTally(name: "tally 51", questions: [question], plaintexts: [PlaintextList([])])
        let reversed = try ElectionResult(
            counting: [one, other], by: configuration(tallies, north, ("multipart.data_list_reverse", [:])))
        #expect(reversed.tally == "tally 51" && reversed.totalVotes == 0)
        #expect(reversed.remarks.contains("tally 50: tally sheets were added to it, and are not in the result"))
    }

    @Test("are told of where they give the question another title")
    func title() throws {
        var other = try #require(sheet("North", 3, ("A0", 3), ("A1", 0)).asObject)
        var question = try #require(other["questions"]?.asArray?.first?.asObject)
        question["title"] = "R"
        other["questions"] = [.object(question)]
        let told = try result([.object(other), sheet("South", 1, ("A0", 1), ("A1", 0))], ["N", "S"])
        #expect(told.totalVotes == 5)
        #expect(
            told.questions[0].remarks == [
                #"tally sheets that give the question another title, added all the same: 1, the first is pipes[1].params.tally_sheets[0].questions[0] of the configuration, "R""#
            ])
    }
}
