// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import TestSupport
import Testing

@testable import Counting

@Suite("Choices that people write down, and random ones")
struct ChoicesTests {
    private static let writeIn: JSONValue = [["title": "isWriteIn", "url": "true"]]

    private func question(_ type: String, max: Int = 3) throws -> CountableQuestion {
        try sampleQuestion(
            type, answers: 5, max: max, urls: [3: Self.writeIn, 4: Self.writeIn],
            [
                "extra_options": ["allow_writeins": true, "cumulative_number_of_checkboxes": 3],
                "borda_custom_weights": [5, 3, 1],
            ])
    }

    private func read(_ text: String, _ type: String) throws -> Choices {
        let question = try question(type)
        return try ChoiceReader(question, BallotCode(question)).choices(
            JSONField(JSONValue(parsing: text), name: "the choices"))
    }

    @Test(
        "are read",
        arguments: [
            ("null", "borda", Choices()), ("[]", "borda", Choices()),
            (#"["A2", 0]"#, "borda", Choices(chosen: [2: 0, 0: 1])),
            (#"["A2", 0]"#, "plurality-at-large", Choices(chosen: [2: 0, 0: 0])),
            (#"[{"answer": "A1", "points": 3}, 0]"#, "cumulative", Choices(chosen: [1: 3, 0: 1])),
            (
                #"[{"write_in": "Zoë"}, {"answer": 0, "rank": 2}]"#, "desborda",
                Choices(chosen: [3: 0, 0: 2], names: [3: "Zoë"])
            ),
            (#"{"chosen": ["A0"], "invalid": true}"#, "borda", Choices(chosen: [0: 0], isInvalid: true)),
            (#"{"invalid": true}"#, "borda", Choices(isInvalid: true)),
            (
                #"[{"answer": 4, "write_in": "Eva"}, 3]"#, "plurality-at-large",
                Choices(chosen: [4: 0, 3: 0], names: [4: "Eva"])
            ),
            (#"[3, {"write_in": "Eva"}]"#, "plurality-at-large", Choices(chosen: [3: 0, 4: 0], names: [4: "Eva"])),
        ] as [(String, String, Choices)])
    func reads(_ text: String, _ type: String, _ expected: Choices) throws {
        #expect(try read(text, type) == expected)
    }

    @Test(
        "are refused with their place",
        arguments: [
            (#"["Nobody"]"#, "borda", "[0]"), ("[0, 0]", "borda", "[1]"), ("[9]", "borda", "[0]"),
            (#"[0, {"answer": 1, "points": 2}]"#, "borda", "[1].points"),
            (#"[{"answer": 1, "rank": 0}]"#, "cumulative", "[0].rank"),
            (#"[{"write_in": "a"}, {"write_in": "b"}, {"write_in": "c"}]"#, "borda", "[2].write_in"),
            (#"{"choosen": []}"#, "borda", "choosen"), (#"[{"anser": 1}]"#, "borda", "anser"),
            ("7", "borda", "the choices"), ("[[0]]", "borda", "[0]"), ("[null]", "borda", "[0]"),
            (#"[{"answer": 1, "points": 0}]"#, "cumulative", "[0].points"),
            (#"[{"answer": 1, "points": 4}]"#, "cumulative", "[0].points"),
            (#"[{"answer": 1, "rank": 3}]"#, "desborda", "[0].rank"), ("[0, 1, 2, 3]", "borda-custom", "[3]"),
            (#"[{"answer": 1, "write_in": "a"}]"#, "borda", "[0].answer"),
            (#"[{"write_in": "a\u0000"}]"#, "borda", "[0].write_in"), (#"[{"write_in": 1}]"#, "borda", "[0].write_in"),
        ])
    func refuses(_ text: String, _ type: String, _ part: String) {
        #expect { try read(text, type) } throws: { error in
            (error as? JSONShapeError)?.message.contains(part) == true
        }
    }

    @Test(
        "random ballots follow the rules, blank and null ones among them",
        arguments: TallyMethod.allCases.filter { !$0.isRetired })
    func random(_ method: TallyMethod) throws {
        var random = SeededRandomSource()
        let question = try question(method.rawValue)
        let code = BallotCode(question)
        let lines = try (0..<400).map { _ in
            try code.encode(Choices.random(for: question, code, using: &random)).decimal
        }
        let counted = try CountedQuestion(counting: question, PlaintextList(lines))
        #expect(Set(counted.nullReasons.keys) == [.explicit], "seed \(random.seed)")
        #expect(counted.totals.blank > 0 && counted.totals.valid > 200, "seed \(random.seed)")
        #expect(counted.answers.contains { $0.role == .writtenName }, "seed \(random.seed)")
    }

    @Test("what is read has a number", arguments: TallyMethod.allCases.filter { !$0.isRetired })
    func encodable(_ method: TallyMethod) throws {
        let question = try question(method.rawValue)
        let code = BallotCode(question)
        for text in ["[0, 3, {\"write_in\": \"Zoë\"}]", "[4, 1]", "null", "{\"chosen\": [2], \"invalid\": true}"] {
            let choices = try read(text, method.rawValue)
            #expect(code.choices(of: code.decode(Plaintext(try code.encode(choices)))) == choices)
        }
    }

    @Test("random ballots need no more room for names than there is, and no weight that is not there")
    func room() throws {
        var random = SeededRandomSource()
        let question = try question("plurality-at-large")
        for room in [0, 7, 8, 15, 16] {
            for _ in 0..<100 {
                let ballot = Choices.random(
                    for: question, BallotCode(question), nameByteCount: room, using: &random)
                #expect(ballot.names.values.reduce(0) { $0 + $1.utf8.count } <= room, "seed \(random.seed)")
            }
        }
        let custom = try sampleQuestion("borda-custom", answers: 5, max: 4, ["borda_custom_weights": [2, 1]])
        for _ in 0..<100 {
            let ballot = Choices.random(for: custom, BallotCode(custom), using: &random)
            #expect(ballot.chosen.count <= 2, "seed \(random.seed)")
        }
    }

    @Test(
        "choices counted as they are give what their plaintexts give",
        arguments: TallyMethod.allCases.filter { !$0.isRetired })
    func countedDirectly(_ method: TallyMethod) throws {
        var random = SeededRandomSource()
        let question = try question(method.rawValue)
        let code = BallotCode(question)
        var counter = ChoiceCounter(question)
        var lines: [String] = []
        for index in 0..<200 {
            var choices = Choices.random(for: question, code, using: &random)
            // Also ballots that break the rules: too many, and the same name twice.
            if index % 7 == 0 { for column in code.columns { choices.chosen[column.answerID] = 1 } }
            if index % 11 == 0 { choices.names = [3: "Same", 4: "Same"] }
            try counter.add(choices)
            lines.append(try code.encode(choices).decimal)
        }
        let counted = try CountedQuestion(counting: question, PlaintextList(lines))
        let direct = try counter.result()
        #expect(direct.published.compact == counted.published.compact, "seed \(random.seed)")
        #expect(direct.nullReasons == counted.nullReasons && counted.nullReasons.count > 1, "seed \(random.seed)")
    }

    @Test("choices that are no ballot are not counted")
    func notCounted() throws {
        var counter = ChoiceCounter(try question("borda"))
        #expect(throws: ChoicesError.outOfRange(id: 0, value: 3, largest: 2)) {
            try counter.add(Choices(chosen: [0: 3]))
        }
        #expect(throws: ChoicesError.unknownAnswer(id: 9)) { try counter.add(Choices(chosen: [9: 0])) }
        #expect(try counter.result().totals.all == 0)
    }

    @Test("random ballots of a question without panachage stay in one category")
    func categories() throws {
        var random = SeededRandomSource()
        var object = try #require(
            sampleJSON("plurality-at-large", answers: 6, min: 2, max: 3, ["extra_options": ["enable_panachage": false]])
                .asObject)
        object["answers"] = .array(
            (object["answers"]?.asArray ?? []).enumerated().map { index, answer in
                var answer = answer.asObject ?? JSONObject()
                answer["category"] = .string(index < 3 ? "X" : index < 5 ? "Y" : "too small")
                return .object(answer)
            })
        let question = try CountableQuestion(JSONField(.object(object), name: "the question"))
        let code = BallotCode(question)
        let lines = try (0..<200).map { _ in
            try code.encode(Choices.random(for: question, code, using: &random)).decimal
        }
        let counted = try CountedQuestion(counting: question, PlaintextList(lines))
        // Where two must be chosen, an empty ballot chooses too few.
        #expect(Set(counted.nullReasons.keys) == [.explicit, .tooFew], "seed \(random.seed)")
        #expect(counted.totals.valid > 100 && counted.answers[5].total == .zero, "seed \(random.seed)")
    }
}
