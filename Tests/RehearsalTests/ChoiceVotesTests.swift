// SPDX-License-Identifier: Apache-2.0

import Counting
import ElGamal
import Elections
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

    private static let writtenQuestion = question.replacing(
        #""answers""#, with: #""extra_options": {"allow_writeins": true}, "answers""#
    ).replacing(
        #""Bea", "category": "", "details": "", "urls": []"#,
        with: #""", "category": "", "details": "", "urls": [{"title": "isWriteIn", "url": "true"}]"#)

    private func source(_ ballots: String, question: String = question) throws -> VoteSource {
        let path = try scratch.write("{\"questions\": [\(question)], \"ballots\": \(ballots)}", to: "choices.json")
        return try VoteSource(file: path)
    }

    private func made(_ source: VoteSource, count: Int) throws -> MadeBallots {
        let key = try #require(
            PublicKey(
                SmallGroups.fiveLimbs.generator.powerVariableTime(Exponent(reducing: 5, in: SmallGroups.fiveLimbs))))
        return try BallotMaking(
            keys: [key], source: source, count: count, votesPath: scratch.path("votes"),
            plaintextPaths: [scratch.path("plaintexts")]
        ).run()
    }

    private func plaintexts() throws -> [String] {
        try scratch.text("plaintexts").split(separator: "\n").map(String.init)
    }

    private func counted(_ lines: [String], question: String = question) throws -> CountedQuestion {
        let question = try CountableQuestion(JSONField(JSONValue(parsing: question), name: "the question"))
        return try CountedQuestion(
            counting: question, PlaintextList(Data((lines.joined(separator: "\n") + "\n").utf8)))
    }

    private func refusal(_ body: () throws -> VoteSource) -> String? {
        let error = #expect(throws: RehearsalError.self) { _ = try body() }
        return error?.message
    }

    @Test("become plaintexts in their order, and random ones by the questions' rules follow them")
    func order() throws {
        let source = try source(#"[[["Ana", "Bea"]], [[1]], [null], [{"invalid": true}]]"#)
        #expect(source.naturalCount == 4 && source.questions?.count == 1)
        _ = try made(source, count: 204)
        let lines = try plaintexts()
        // Digits: the flag, then rank + 1 of Ana and Bea in base 3.
        #expect(Array(lines.prefix(4)) == [#""15""#, #""7""#, #""1""#, #""2""#])
        let random = try counted(Array(lines.dropFirst(4)))
        #expect(random.totals.all == 200 && random.totals.valid > 100)
        #expect(Set(random.nullReasons.keys) == [.explicit])
    }

    @Test("give what is expected by themselves, random ones among them, as their plaintexts give it when counted")
    func expected() throws {
        let ballots = #"[[[{"write_in": "Zoë"}, "Ana"]], [["Ana"]], [null], [{"invalid": true}]]"#
        let four = try made(try source(ballots, question: Self.writtenQuestion), count: 4)
        let expected = try #require(four.expected?.questions.first)
        let answers = expected.answers.map { "\($0.text), \($0.isWritten), \($0.total.json.compact)" }
        #expect(answers == ["Ana, false, 3", "Zoë, true, 2"])
        #expect(expected.valid == 2 && expected.blank == 1 && expected.null == 1)

        let many = try made(try source(ballots, question: Self.writtenQuestion), count: 300)
        let found = try counted(plaintexts(), question: Self.writtenQuestion)
        #expect(many.expected?.questions == [ExpectedResult.Question(found)])
        let folder = RehearsalFolder(election: try #require(ElectionIdentifier("7")), dataPath: scratch.path)
        try folder.make()
        try folder.write(try #require(many.expected))
        #expect(try folder.expectedResult() == many.expected)
    }

    @Test("votes that are numbers have no choices to expect anything from")
    func numbers() throws { #expect(try made(.list([1, 2]), count: 3).expected == nil) }

    @Test(
        "are refused with file, place, what was found and what was expected",
        arguments: [
            (#"[[["Eva"]]]"#, #""ballots[0][0][0]" is "Eva", expected the text or id of an answer"#),
            ("[[[true]]]", #""ballots[0][0][0]" is true or false, expected the text or id of an answer"#),
            ("[[[]], [[], []]]", #""ballots[1]" is 2 elements, expected 1"#),
            ("[[[0, 0]]]", #""ballots[0][0][1]" is answer 0 again, expected each answer once"#),
            (#"[[[{"answer": 0, "rank": 2}]]]"#, #""ballots[0][0][0].rank" is 2, expected 0 to 1"#),
            (#"[[[{"answer": 0, "rank": -1}]]]"#, #""ballots[0][0][0].rank" is -1, expected 0 to 1"#),
            (
                #"[[[{"answer": 0, "points": 2}]]]"#,
                #""ballots[0][0][0].points" is 2, expected no points, which only cumulative ballots give"#
            ),
            (
                #"[[[{"write_in": "Zoë"}]]]"#,
                #""ballots[0][0][0].write_in" is a name, expected none: extra_options.allow_writeins of the question is not true"#
            ),
            (#"[[{"chosen": [], "void": true}]]"#, #""ballots[0][0]" has the unknown key "void""#),
            ("[7]", #""ballots[0]" is an integer, expected an array"#),
            (
                "[[7]]",
                #""ballots[0][0]" is an integer, expected an array of the chosen answers, an object with them, or null"#
            ),
            ("7", #""ballots" is an integer, expected an array"#),
        ])
    func refused(_ ballots: String, _ words: String) {
        let message = refusal { try source(ballots) }
        #expect(message == "the votes in \"\(scratch.path("choices.json"))\" cannot be read: \(words)")
    }

    @Test("a ranking longer than the question allows, and names that it has no room for, are refused")
    func tooMany() throws {
        let third = #", {"id": 2, "text": "Cid", "category": "", "details": "", "urls": []}]"#
        let question = String(Self.question.dropLast(2)) + third + "}"
        #expect(
            refusal { try source("[[[0, 1, 2]]]", question: question) }?.hasSuffix(
                #""ballots[0][0][2]" is number 3 of a ranking, expected at most 2 ranks, the question's max"#) == true)
        let two = #"[[[{"write_in": "a"}, {"write_in": "b"}]]]"#
        #expect(
            refusal { try source(two, question: Self.writtenQuestion) }?.hasSuffix(
                #""ballots[0][0][1].write_in" is one name more, expected at most 1, as many as the question has write-ins"#
            ) == true)
        let long = String(repeating: "a", count: 60)
        let votes = try source("[[null], [[{\"write_in\": \"\(long)\"}]]]", question: Self.writtenQuestion)
        let error = #expect(throws: RehearsalError.self) { try made(votes, count: 2) }
        let room = "expected at most 38, which the group has room for"
        #expect(error?.message.hasSuffix("\"ballots[1][0]\" is 60 bytes of names, \(room)") == true)
    }

    @Test("questions that cannot be counted, or that authorities would not take, are refused with their place")
    func questions() {
        for (from, to, words) in [
            (#""borda""#, #""meek-stv""#, #""questions[0].tally_type" is "meek-stv", expected a tally type that"#),
            (#""borda""#, #""cup""#, #""questions[0].tally_type" is cup, expected a tally type of present"#),
            (#""id": 1"#, #""id": 0"#, #""questions[0].answers[1].id" is 0, expected an id that no other"#),
            (#""id": 1"#, #""id": 7"#, #""questions[0].answers[1].id" is 7, expected below the number"#),
            (#""Bea""#, #""Ana""#, #""questions[0].answers[1].text" is the text of another answer, expected"#),
            (#""min": 0"#, #""min": -1"#, #""questions[0].min" is -1, expected 0 to 1000000"#),
            (#""min": 0"#, #""min": "0""#, #""questions[0].min" is a string, expected an integer"#),
            (
                #""borda""#, #""borda-custom", "borda_custom_weights": [1, 9000000000000000000]"#,
                #""questions[0].borda_custom_weights[1]" is 9000000000000000000, expected -1000000000 to"#
            ),
            (#""min": 0"#, #""min": 0, "x": [0.5]"#, #""questions[0].x[0]" is 0.5, expected a number without"#),
        ] {
            let message = refusal { try source("[]", question: Self.question.replacing(from, with: to)) }
            #expect(message?.contains(words) == true, "\(to): \(message ?? "")")
        }
    }

    @Test("questions that contradict themselves are refused, with all that is wrong")
    func contradictions() throws {
        let wrong = Self.question.replacing(#""min": 0, "max": 2"#, with: #""min": 4, "max": 3"#)
        #expect(
            refusal { try source("[]", question: wrong) } == """
                the questions in "\(scratch.path("choices.json"))" contradict themselves: "questions[0].max" is 3, expected at most 2, \
                the number of answers; "questions[0].min" is 4, expected at most 3, which is max
                """)
        let custom = Self.question.replacing(#""borda""#, with: #""borda-custom", "borda_custom_weights": [3]"#)
        #expect(refusal { try source("[]", question: custom) }?.contains("borda_custom_weights") == true)
    }

    @Test("questions whose ballots are too large for the group are refused")
    func tooLarge() throws {
        let answers = (0..<400).map { #"{"id": \#($0), "text": "A\#($0)", "category": "", "details": "", "urls": []}"# }
        let question = #"""
            {"title": "Q", "tally_type": "plurality-at-large", "min": 0, "max": 2, "num_winners": 1,
             "answer_total_votes_percentage": "over-total-votes", "answers": [\#(answers.joined(separator: ","))]}
            """#
        let source = try source("[]", question: question)
        let refusal = RehearsalError.questionTooLarge(
            path: scratch.path("choices.json"), question: 0, bits: 402, room: 318)
        #expect(throws: refusal) { try made(source, count: 1) }
        // Of the group that an election will have it is known before the election is made.
        var wish = ElectionWish()
        wish.group = "sequent2048"
        try wish.take(source, questionCount: 1, defaultGroup: "ffdhe3072")
        #expect(wish.questions == source.questions)
        #expect(throws: RehearsalError.questionCount(2, path: scratch.path("choices.json"), found: 1)) {
            try wish.take(source, questionCount: 2, defaultGroup: "ffdhe3072")
        }
    }

    @Test("what is too large for the group of an election to come is refused before it is made")
    func tooLargeToCome() throws {
        let answers = (0..<1000).map {
            #"{"id": \#($0), "text": "A\#($0)", "category": "", "details": "", "urls": []}"#
        }
        let head = try #require(Self.question.range(of: #""answers": ["#)?.upperBound)
        let many = String(Self.question[..<head]) + answers.joined(separator: ",") + "]}"
        let source = try source("[]", question: many.replacing(#""max": 2"#, with: #""max": 1000"#))
        for group in [nil, "ffdhe4096"] as [String?] {
            var wish = ElectionWish()
            wish.group = group
            let error = #expect(throws: RehearsalError.self) {
                try wish.take(source, questionCount: nil, defaultGroup: "sequent2048")
            }
            let room = group == nil ? 2047 : 4094
            #expect(error?.message.hasSuffix("has ballots of up to 9969 bits, the group takes \(room)") == true)
        }
        var wish = ElectionWish()
        let numbers = VoteSource.list([
            1, try #require(BigInteger(canonicalDecimal: "1" + String(repeating: "0", count: 700))),
        ])
        #expect(throws: RehearsalError.voteTooLarge(path: nil, index: 1, bits: 2047)) {
            try wish.take(numbers, questionCount: nil, defaultGroup: "sequent2048")
        }
        try wish.take(numbers, questionCount: nil, defaultGroup: "ffdhe3072")
    }
}
