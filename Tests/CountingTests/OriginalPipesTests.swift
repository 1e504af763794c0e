// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import Testing

@testable import Counting

@Suite("Pipes where the original's ways show")
struct OriginalPipesTests {
    private static let woman: JSONValue = [["title": "Gender", "url": "https://sequentech.io/api/gender/M"]]
    private let count: (String, JSONValue) = ("results.do_tallies", [:])
    private let sort: (String, JSONValue) = ("sort.sort_non_iterative", [:])

    /// A tally of one question in which answer i of n has n − i votes.
    private func falling(_ answers: Int, winners: Int, women: [Int] = [], categories: [String] = []) throws
        -> CountedTally
    {
        let question = try sampleQuestion(
            "plurality-at-large", answers: answers, max: answers, winners: winners,
            [
                "answers": .array(
                    (0..<answers).map { id in
                        [
                            "id": .integer(id), "text": .string("A\(id)"), "details": "",
                            "category": .string(categories.isEmpty ? "" : categories[id]),
                            "urls": women.contains(id) ? Self.woman : [],
                        ]
                    })
            ])
        let code = BallotCode(question)
        let lines = try (1...answers).map { voter in
            try code.encode(Choices(chosen: Dictionary(uniqueKeysWithValues: (0..<voter).map { ($0, 0) }))).decimal
        }
        return CountedTally(questions: [question], plaintexts: [PlaintextList(lines)])
    }

    private func winners(_ result: ElectionResult) -> [String] { result.questions[0].winners.map(\.text) }

    @Test("proportion_rounded rounds the product of seats and share: 7 of 11 seats at 7 to 15, not 8")
    func proportion() throws {
        let result = try ElectionResult(
            counting: [falling(20, winners: 11, women: Array(10..<20))],
            by: configuration(
                count, sort, ("parity.proportion_rounded", ["women_names": nil, "proportions": [15, 7]])))
        #expect(winners(result) == (0..<7).map { "A\($0)" } + (10..<14).map { "A\($0)" })
        let other = try ElectionResult(
            counting: [falling(20, winners: 11, women: Array(10..<20))],
            by: configuration(
                count, sort,
                ("parity.proportion_rounded", ["women_names": nil, "proportions": [15, 7], "question_indexes": []])))
        #expect(winners(other) == (0..<11).map { "A\($0)" })
    }

    @Test("parity_zip_non_iterative takes the questions that it is given")
    func zip() throws {
        let tally = try falling(4, winners: 4, women: [2, 3])
        let zipped = try ElectionResult(
            counting: [tally],
            by: configuration(count, sort, ("parity.parity_zip_non_iterative", ["question_indexes": [0]])))
        #expect(winners(zipped) == ["A0", "A2", "A1", "A3"])
        let other = try ElectionResult(
            counting: [tally],
            by: configuration(count, sort, ("parity.parity_zip_non_iterative", ["question_indexes": []])))
        #expect(winners(other) == ["A0", "A1", "A2", "A3"])
    }

    @Test("podemos_parity2 is refused with fewer winners than its first group, where the original shows answers twice")
    func groups() throws {
        let pipe = ("parity.podemos_parity2_loreg_zip_non_iterative", ["question_index": 0] as JSONValue)
        #expect(
            winners(try ElectionResult(counting: [falling(6, winners: 4)], by: configuration(count, sort, pipe)))
                == ["A0", "A1", "A2", "A3"])
        #expect {
            try ElectionResult(counting: [falling(6, winners: 3)], by: configuration(count, sort, pipe))
        } throws: { error in
            (error as? CountingError)?.message.contains("fewer answers or winners than the first group, 4") == true
        }
    }

    @Test("team_count_weight_correction weighs each total and its team's")
    func teams() throws {
        func totals(_ own: JSONValue, _ team: JSONValue) throws -> [JSONValue] {
            let result = try ElectionResult(
                counting: [falling(3, winners: 1, categories: ["X", "Y", "X"])],
                by: configuration(
                    count,
                    (
                        "bcnencomu.team_count_weight_correction",
                        ["original_count_weight": own, "team_count_weight": team, "question_indexes": [0]]
                    )))
            return result.questions[0].answers.map(\.total.json)
        }
        // 3, 2, 1 votes; X has 4, Y 2.
        #expect(try totals(2, 1) == [10, 6, 6])
        let half = try JSONValue(parsing: "0.5")
        #expect(try totals(half, 0).map(\.compact) == ["1.5", "1.0", "0.5"])
    }

    @Test("make_multipart names tallies for the pipes behind it, and data_list_reverse makes the last one the first")
    func names() throws {
        let tallies = try [falling(2, winners: 1), falling(2, winners: 1)]
        let mapping: JSONValue = [
            "source_election_id": 71, "source_question_num": 0, "dst_election_id": 70, "dst_question_num": 0,
        ]
        let name = ("multipart.make_multipart", ["election_ids": [70, 71]] as JSONValue)
        let join = ("multipart.multipart_tally_plaintexts_append_joiner", ["mappings": [mapping]] as JSONValue)
        let joined = try ElectionResult(counting: tallies, by: configuration(name, join, count))
        #expect(joined.questions[0].totals.valid == 4 && joined.remarks == [])
        let reversed = try ElectionResult(
            counting: tallies, by: configuration(name, join, ("multipart.data_list_reverse", [:]), count))
        #expect(reversed.questions[0].totals.valid == 2)
        #expect {
            try ElectionResult(counting: tallies, by: configuration(join, count))
        } throws: { error in
            (error as? CountingError)?.message.contains("names election 71, which is not there") == true
        }
    }

    @Test("apply_removals drops what remove-candidates named")
    func removals() throws {
        let remove: JSONValue = [
            "question_index": 0, "action": "remove-candidates", "policy": "match", "field": "text", "regex": "A1",
        ]
        let result = try ElectionResult(
            counting: [falling(3, winners: 1)],
            by: configuration(
                ("modifications.apply_modifications", ["modifications": [remove]]), count,
                ("results.apply_removals", [:])))
        #expect(result.questions[0].answers.map(\.text) == ["A0", "A2"])
    }

    @Test("truncate-max-overload leaves its word in the question, as in the original")
    func truncation() throws {
        let change: JSONValue = [
            "question_index": 0, "action": "modify-number-of-winners", "num_winners": 2,
            "policy": "truncate-max-overload",
        ]
        let result = try ElectionResult(
            counting: [falling(3, winners: 1)],
            by: configuration(("modifications.apply_modifications", ["modifications": [change]]), count))
        #expect(result.questions[0].published["truncate-max-overload"] == true)
        #expect(result.questions[0].published["max"] == 2 && result.questions[0].totals.null == 1)
    }

    @Test("not-match-url takes the answers of which no entry matches, those without one too")
    func urls() throws {
        let withdraw: JSONValue = [
            "question_index": 0, "action": "withdraw-candidates", "policy": "not-match-url", "title": "Gender",
            "regex": ".*/M$",
        ]
        let result = try ElectionResult(
            counting: [falling(3, winners: 3, women: [1])],
            by: configuration(("modifications.apply_modifications", ["modifications": [withdraw]]), count, sort))
        #expect(winners(result) == ["A1"])
    }

    @Test(
        "duplicate_questions is refused where the original would count another question's ballots",
        arguments: [(1, 0), (1, 1), (0, 0)])
    func duplicates(base: Int, target: Int) throws {
        let tally = try falling(2, winners: 1)
        let two = CountedTally(
            questions: tally.questions + tally.questions, plaintexts: tally.plaintexts + tally.plaintexts)
        let duplication: JSONValue = [
            "source_election_index": 0, "base_question_index": .integer(base),
            "duplicated_question_indexes": [.integer(target)],
        ]
        #expect {
            try ElectionResult(
                counting: [two],
                by: configuration(("duplicate_questions.duplicate_questions", ["duplications": [duplication]]), count))
        } throws: { error in
            (error as? CountingError)?.message.contains("puts a copy before its question") == true
        }
    }

    @Test("copies of questions that a result could not hold are refused")
    func copies() throws {
        let question = try sampleQuestion(
            "plurality-at-large", answers: 2, max: 1, ["description": .string(String(repeating: "x", count: 1 << 20))])
        let tally = CountedTally(questions: [question], plaintexts: [PlaintextList()])
        func result(_ copies: Int) throws -> ElectionResult {
            let duplication: JSONValue = [
                "source_election_index": 0, "base_question_index": 0,
                "duplicated_question_indexes": .array(Array(repeating: 1, count: copies)),
            ]
            return try ElectionResult(
                counting: [tally],
                by: configuration(("duplicate_questions.duplicate_questions", ["duplications": [duplication]]), count))
        }
        #expect(try result(3).questions.count == 4)
        #expect(throws: CountingError.at("config.json", .at("duplicate_questions", .tooManyCopies))) { try result(64) }
    }
}
