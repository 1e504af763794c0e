// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@testable import Counting

@Suite("Counting configurations")
struct ConfigurationTests {
    @Test(
        "what is not known is refused with its place",
        arguments: [
            (#"{"version":"10.2.0","pipes":[],"more":1}"#, #"has the unknown key "more""#),
            (#"{"version":"11.0.0","pipes":[]}"#, #""11.0.0""#),
            (#"{"version":"master","pipes":[]}"#, #""master""#), (#"{"version":"10.+2.0","pipes":[]}"#, #""10.+2.0""#),
            (#"{"version":"10.2","pipes":[]}"#, #""10.2""#),
            (#"{"version":10,"pipes":[]}"#, #""version" is an integer"#),
            (#"{"version":"10.2.0","pipes":{}}"#, #"config.json: "pipes" is an object"#),
            (#"{"version":"10.2.0","pipes":[{"type":1,"params":{}}]}"#, #"config.json: "pipes[0].type" is an integer"#),
            (#"{"version":"10.2.0","pipes":[[]]}"#, #"config.json: "pipes[0]" is an array"#),
            (
                #"{"version":"10.2.0","pipes":[],"pipes":[]}"#,
                #"config.json: invalid JSON at byte 31: the key "pipes" occurs twice"#
            ),
            (
                #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.results.do_tallies","params":{},"param":{}}]}"#,
                #"config.json: "pipes[0]" has the unknown key "param""#
            ),
            (
                #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.pdf.configure_pdf","params":{"lang":[]}}]}"#,
                #"config.json: configure_pdf: "pipes[0].params" has the unknown key "lang""#
            ),
            (
                #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.sort.sort_non_iterative","params":{"ties_sorting":[{"question_index":0,"answer_id":0,"answer_text":"A","x":1}]}}]}"#,
                #"config.json: sort_non_iterative: "pipes[0].params.ties_sorting[0]" has the unknown key "x""#
            ),
            (#"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.new.pipe","params":{}}]}"#, "pipes[0].type"),
            (#"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.results.do_tallies"}]}"#, #"no "params""#),
            (
                #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.parity.reorder_winners","params":{}}]}"#,
                "fails in the original"
            ),
            (
                #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.results.do_tallies","params":{"ignore":1}}]}"#,
                #"config.json: do_tallies: "pipes[0].params" has the unknown key "ignore""#
            ),
            ("{", "config.json"),
        ])
    func refuses(_ text: String, _ part: String) {
        #expect { try CountingConfiguration(parsing: text.utf8) } throws: { error in
            (error as? CountingError)?.message.contains(part) == true
        }
    }

    @Test("a modification that changes what ballots mean is refused")
    func changedRadix() throws {
        let question = try sampleQuestion("borda", answers: 3, max: 3)
        for modification: JSONValue in [
            ["question_index": 0, "action": "set-max", "max": 2],
            ["question_index": 0, "action": "set-tally-type", "tally-type": "plurality-at-large"],
            [
                "question_index": 0, "action": "modify-number-of-winners", "num_winners": 1,
                "policy": "truncate-max-overload",
            ],
            [
                "question_index": 0, "action": "set-answer-key-value", "answer-text": "A0", "key": "urls",
                "value": [["title": "invalidVoteFlag", "url": "true"]],
            ],
        ] {
            let configuration = try configuration(
                ("modifications.apply_modifications", ["modifications": [modification]]), ("results.do_tallies", [:]))
            #expect(
                throws: CountingError.at(
                    "config.json",
                    .at(
                        "apply_modifications",
                        .changedCode(place: "pipes[0].params.modifications[0]", question: 0)))
            ) {
                try ElectionResult(
                    counting: [CountedTally(questions: [question], plaintexts: [PlaintextList(["1"])])],
                    by: configuration)
            }
        }
    }

    @Test("tallies with other columns are not joined")
    func otherColumns() throws {
        let tallies = [3, 4].map { answers in
            Result { try sampleQuestion("plurality-at-large", answers: answers, max: 1) }.map {
                CountedTally(questions: [$0], plaintexts: [PlaintextList(["3"])])
            }
        }
        let mapping: JSONValue = [
            "source_election_id": 1, "source_question_num": 0, "dst_election_id": 0, "dst_question_num": 0,
        ]
        let configuration = try configuration(
            ("multipart.multipart_tally_plaintexts_append_joiner", ["mappings": [mapping]]), ("results.do_tallies", [:])
        )
        #expect { try ElectionResult(counting: tallies.map { try $0.get() }, by: configuration) } throws: { error in
            (error as? CountingError)?.message.contains("mean different things") == true
        }
    }

    @Test("tallies whose answers have other texts are not joined, nor ballots to themselves", arguments: [0, 1])
    func otherTexts(source: Int) throws {
        let answers: [JSONValue] = ["A1", "A0"].enumerated().map { id, text in
            ["id": .integer(id), "text": .string(text), "category": "", "details": "", "urls": []]
        }
        let questions = [
            try sampleQuestion("plurality-at-large", answers: 2, max: 1),
            try sampleQuestion("plurality-at-large", answers: 2, max: 1, ["answers": .array(answers)]),
        ]
        let mapping: JSONValue = [
            "source_election_id": .integer(source), "source_question_num": 0, "dst_election_id": 0,
            "dst_question_num": 0,
        ]
        let configuration = try configuration(
            ("multipart.multipart_tally_plaintexts_append_joiner", ["mappings": [mapping]]), ("results.do_tallies", [:])
        )
        let expected = source == 0 ? "to themselves" : "answer 0 is \"A1\" in one and \"A0\" in the other"
        #expect {
            try ElectionResult(
                counting: questions.map { CountedTally(questions: [$0], plaintexts: [PlaintextList(["3"])]) },
                by: configuration)
        } throws: { error in
            (error as? CountingError)?.message.contains(expected) == true
        }
    }

    @Test("a configuration without do_tallies has no result")
    func nothingCounted() throws {
        let question = try sampleQuestion("borda", answers: 3, max: 3)
        let tally = CountedTally(questions: [question], plaintexts: [PlaintextList(["1"])])
        let configuration = try configuration(("pdf.configure_pdf", ["languages": ["en"]]))
        #expect(throws: CountingError.at("config.json", .noResult)) {
            try ElectionResult(counting: [tally], by: configuration)
        }
    }

}

func configuration(_ pipes: (String, JSONValue)...) throws -> CountingConfiguration {
    try CountingConfiguration([
        "version": "10.2.0",
        "pipes": .array(pipes.map { ["type": .string("tally_pipes.pipes.\($0.0)"), "params": $0.1] }),
    ])
}

@Suite("Regular expressions of configurations")
struct PatternTests {
    @Test(
        "match at the beginning as Python's re.match does",
        arguments: [
            ("^Bea$", "Bea", true), ("^Bea$", "Beatrix", false), ("Be", "Beatrix", true), ("ea", "Bea", false),
            ("", "anything", true), ("(?:Ana|Bea) ?[A-Z]+", "Bea XY", true), ("[^a-c]{2,3}$", "xyz", true),
            ("[^a-c]{2,3}$", "xyzw", false), (#"\d+\.\d*"#, "12.", true), (#"\w+\b!"#, "Zoë!", true),
            ("a|b|", "c", true), (".*x", "ab\ncx", false), ("Bea$", "Bea\n", true), (#"Bea\Z"#, "Bea\n", false),
            ("(a*)*b", String(repeating: "a", count: 2000), false), ("[]x]+$", "]x]", true), ("x{2}", "x", false),
        ])
    func matches(_ expression: String, _ text: String, _ expected: Bool) throws {
        let pattern = try #require(Pattern(expression))
        #expect(pattern.matchesBeginning(of: text) == expected)
    }

    @Test(
        "what is wrong or not known is refused",
        arguments: ["(?=a)", #"(a)\1"#, "(?i)a", "a**", "[a", "(a", "a)", "*", #"\p{L}"#, "a{3,2}", "[[:alpha:]]"])
    func refuses(_ expression: String) {
        #expect(Pattern(expression) == nil)
    }
}

@Suite("Questions that cannot be counted")
struct QuestionRefusalTests {
    @Test(
        "each is refused with its place",
        arguments: [
            (#""tally_type":"borda""#, #""tally_type":"meek-stv""#, "tally_type"),
            (#""min":0"#, #""min":-1"#, ".min"), (#""max":2"#, #""max":"2""#, ".max"),
            (#""id":1"#, #""id":0"#, "answers[1].id"), (#""id":1"#, #""id":7"#, "answers[1].id"),
            (#""text":"A1""#, #""text":"A0""#, "answers[1].text"), (#""text":"A1","#, "", #"no "text""#),
            (#""title":"Q""#, #""title":"Q","extra_options":{"cumulative_number_of_checkboxes":"3"}"#, "checkboxes"),
            (#""title":"Q""#, #""title":"Q","extra_options":[]"#, "extra_options"),
            (#""title":"Q""#, #""title":"Q","x":1e999"#, "beyond doubles"),
            (#""max":2"#, #""max":1000000000"#, ".max"), (#""min":0"#, #""min":0.5"#, "questions_json: "),
        ])
    func refuses(_ good: String, _ bad: String, _ part: String) throws {
        let text = sampleJSON("borda", answers: 3, max: 2).compact
        let changed = text.replacing(good, with: bad)
        #expect(changed != text)
        #expect(try CountableQuestion.all(in: "[\(text)]".utf8).count == 1)
        #expect { try CountableQuestion.all(in: "[\(changed)]".utf8) } throws: { error in
            (error as? CountingError)?.message.contains(part) == true
        }
    }
}

@Suite("Numbers as Python writes them")
struct PythonNumberTests {
    @Test(
        "the shortest digits in Python's form",
        arguments: [
            (0.1 + 0.2, "0.30000000000000004"), (1.0, "1.0"), (1e16, "1e+16"), (1e15, "1000000000000000.0"),
            (9_007_199_254_740_992, "9007199254740992.0"), (12_345_678_901_234_568, "1.2345678901234568e+16"),
            (1e-4, "0.0001"), (0.000012, "1.2e-05"),
            (1.0 / 3, "0.3333333333333333"), (-2.5, "-2.5"), (.leastNonzeroMagnitude, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (-0.0, "-0.0"), (123456.789, "123456.789"), (100, "100.0"),
        ] as [(Double, String)])
    func text(_ number: Double, _ expected: String) {
        #expect(JSONValue(double: number).compact == expected)
    }

    @Test("fractions of questions are written again as Python would")
    func rewritten() throws {
        let value = try JSONValue(parsing: #"{"a":[1.50,1E3,-0,123456789012345678901234567890],"b":1.0}"#)
        #expect(value.withPythonFractions?.compact == #"{"a":[1.5,1000.0,0,123456789012345678901234567890],"b":1.0}"#)
    }
}
