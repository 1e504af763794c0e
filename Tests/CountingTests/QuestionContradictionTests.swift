// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import Testing

@testable import Counting

@Suite("Questions that contradict themselves")
struct QuestionContradictionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let field: String
        let found: String
        let effect: QuestionContradiction.Effect
        var type = "plurality-at-large"
        var answers = 3
        var min = 0
        var max = 2
        var winners = 1
        var urls: [Int: JSONValue] = [:]
        var categories: [String] = []
        var more: [String: JSONValue] = [:]

        var testDescription: String { "\(type), \(field) \(found)" }

        func question() throws -> CountableQuestion {
            var json = try #require(
                sampleJSON(type, answers: answers, min: min, max: max, winners: winners, urls: urls, more).asObject)
            let given = json["answers"]?.asArray ?? []
            json["answers"] = .array(
                given.enumerated().map { index, answer in
                    var answer = answer.asObject ?? JSONObject()
                    if index < categories.count { answer["category"] = .string(categories[index]) }
                    return .object(answer)
                })
            return try CountableQuestion(JSONField(.object(json), name: "the question"))
        }
    }

    private static let flag: JSONValue = [["title": "invalidVoteFlag", "url": "true"]]

    static let cases: [Case] = [
        Case(
            field: "answers[1].urls[0]", found: #"{"title":"invalidVoteFlag","url":true}"#, effect: .isOrdinary,
            urls: [1: [["title": "invalidVoteFlag", "url": true]]]),
        Case(
            field: "answers[2].urls[1]", found: #"{"title":"isWriteIn","url":"True"}"#, effect: .isOrdinary,
            urls: [2: [["title": "isWriteIn", "url": "false"], ["title": "isWriteIn", "url": "True"]]]),
        Case(field: "min", found: "3", effect: .everyBallotIsNull, min: 3),
        Case(field: "min", found: "2", effect: .everyBallotIsNull, answers: 2, min: 2, urls: [1: flag]),
        Case(
            field: "min", found: "2", effect: .everyBallotIsNull, min: 2, categories: ["X", "Y", "Z"],
            more: ["extra_options": ["enable_panachage": false]]),
        Case(field: "max", found: "0", effect: .noBallotIsValid, max: 0),
        Case(field: "max", found: "0", effect: .noBallotIsValid, type: "borda", max: 0),
        Case(field: "max", found: "4", effect: .isNeverReached, max: 4),
        Case(
            field: "max", found: "7", effect: .isNeverReached, type: "cumulative", max: 7,
            more: ["extra_options": ["cumulative_number_of_checkboxes": 2]]),
        Case(field: "num_winners", found: "4", effect: .everybodyWins, winners: 4),
        Case(field: "num_winners", found: "0", effect: .nobodyWins, winners: 0),
        Case(
            field: "answer_total_votes_percentage", found: #""over-total-vote""#, effect: .validVotesAreBase,
            more: ["answer_total_votes_percentage": "over-total-vote"]),
        Case(
            field: "answers[2].urls", found: "a second flag of invalid ballots", effect: .everyBallotIsNull,
            answers: 4, urls: [0: flag, 2: flag]),
        Case(
            field: "answers", found: "a list without an answer to choose", effect: .noBallotIsValid, answers: 1,
            max: 1, urls: [0: flag]),
        Case(field: "extra_options", found: "null", effect: .everyBallotIsNull, more: ["extra_options": .null]),
        Case(
            field: "extra_options.allow_writeins", found: "\"true\"", effect: .noNames,
            more: ["extra_options": ["allow_writeins": "true"]]),
        Case(
            field: "extra_options.cumulative_number_of_checkboxes", found: "missing", effect: .oneCheckbox,
            type: "cumulative"),
        Case(
            field: "extra_options.cumulative_number_of_checkboxes", found: "0", effect: .noBallotIsValid,
            type: "cumulative", more: ["extra_options": ["cumulative_number_of_checkboxes": 0]]),
        Case(field: "borda_custom_weights", found: "missing", effect: .everyBallotIsNull, type: "borda-custom"),
        Case(
            field: "borda_custom_weights", found: "1 weights", effect: .rankingsAreNull(above: 1),
            type: "borda-custom", more: ["borda_custom_weights": [3]]),
    ]

    @Test("are found with their place", arguments: cases)
    func found(_ sample: Case) throws {
        let question = try sample.question()
        let contradiction = try #require(question.contradictions.first)
        #expect(question.contradictions.count == 1)
        #expect(contradiction.field == sample.field && contradiction.found == sample.found)
        #expect(contradiction.effect == sample.effect)
        let refusal = contradiction.refusal(in: "questions[3]").message
        #expect(refusal.hasPrefix("\"questions[3].\(sample.field)\" is "))
        #expect(refusal.hasSuffix(", expected \(contradiction.expected)"))
        #expect(question.remarks == ["\(contradiction.refusal().message): \(contradiction.effect.text)"])
    }

    @Test("are counted as they say", arguments: cases)
    func effect(_ sample: Case) throws {
        let question = try sample.question()
        let code = BallotCode(question)
        let all = try #require(Int(code.largestPlaintext.decimal))
        let result = try ElectionResult(
            counting: [
                CountedTally(questions: [question], plaintexts: [PlaintextList((1...all).map(String.init))])
            ])
        let counted = try #require(result.questions.first)
        let most = (1...all).map { code.decode(.small(UInt($0))).digits.count { $0 > 0 } }.max()
        switch sample.effect {
        case .everyBallotIsNull: #expect(counted.totals.null == all)
        case .noBallotIsValid: #expect(counted.totals.valid == 0)
        case .rankingsAreNull(let count):
            #expect(counted.totals.valid == question.answers.count * count && counted.nullReasons[.weights] != nil)
        case .isNeverReached: #expect(try #require(most) < question.maximum && counted.nullReasons[.tooMany] == nil)
        case .oneCheckbox: #expect(code.bases.dropFirst().allSatisfy { $0 == 2 })
        case .noNames: #expect(!code.carriesNames && counted.totals.valid > 0)
        case .isOrdinary: #expect(question.answers.allSatisfy { $0.role == .ordinary } && counted.totals.valid > 0)
        case .nobodyWins: #expect(counted.winners.isEmpty && counted.totals.valid > 0)
        case .everybodyWins: #expect(counted.winners.count == question.answers.count)
        case .validVotesAreBase: #expect(counted.percentageBase == Double(counted.totals.valid))
        }
    }

    static let misshapenURLs: [(JSONValue, String)] = [
        (["title": "invalidVoteFlag", "url": "true"], #""answers[1].urls" is an object"#),
        ("invalidVoteFlag", #""answers[1].urls" is a string"#),
        ([["title": "URL", "url": ""], ["isWriteIn", "true"]], #""answers[1].urls[1]" is an array"#),
        ([5], #""answers[1].urls[0]" is an integer"#),
    ]

    @Test(
        "are not guessed at where urls are no list of objects: refused with answer and field",
        arguments: misshapenURLs)
    func urls(_ urls: JSONValue, _ beginning: String) {
        #expect {
            try sampleQuestion("plurality-at-large", answers: 3, max: 1, urls: [1: urls])
        } throws: { error in
            (error as? JSONShapeError)?.message.hasPrefix(beginning) == true
        }
    }

    @Test("are not what usual questions are, of any type")
    func none() throws {
        for method in TallyMethod.allCases {
            let question = try sampleQuestion(
                method.rawValue, answers: 4, min: 1, max: 3, winners: 4,
                urls: [2: [["title": "isWriteIn", "url": "true"]], 3: Self.flag],
                [
                    "extra_options": ["allow_writeins": true, "cumulative_number_of_checkboxes": 2],
                    "borda_custom_weights": [3, 2, 1],
                ])
            #expect(question.contradictions.isEmpty && question.remarks.isEmpty, "\(method)")
        }
    }

    @Test("stand beside each other, all of them")
    func several() throws {
        let question = try sampleQuestion("borda-custom", answers: 2, min: 9, max: 5, winners: 3)
        #expect(question.contradictions.map(\.field) == ["borda_custom_weights", "max", "min", "num_winners"])
    }
}
