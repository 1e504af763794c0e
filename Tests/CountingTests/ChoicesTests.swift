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
            ["extra_options": ["allow_writeins": true, "cumulative_number_of_checkboxes": 3]])
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
            ("7", "borda", "the choices"),
        ])
    func refuses(_ text: String, _ type: String, _ part: String) {
        #expect { try read(text, type) } throws: { error in
            (error as? JSONShapeError)?.message.contains(part) == true
        }
    }

    @Test(
        "random ballots follow the rules, blank and null ones among them",
        arguments: TallyMethod.allCases.filter { !$0.isRetired && $0 != .bordaCustom })
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

    @Test("random ballots of a question without panachage stay in one category")
    func categories() throws {
        var random = SeededRandomSource()
        var object = try #require(
            sampleJSON("plurality-at-large", answers: 6, max: 3, ["extra_options": ["enable_panachage": false]])
                .asObject)
        object["answers"] = .array(
            (object["answers"]?.asArray ?? []).enumerated().map { index, answer in
                var answer = answer.asObject ?? JSONObject()
                answer["category"] = .string(index < 3 ? "X" : "Y")
                return .object(answer)
            })
        let question = try CountableQuestion(JSONField(.object(object), name: "the question"))
        let code = BallotCode(question)
        let lines = try (0..<200).map { _ in
            try code.encode(Choices.random(for: question, code, using: &random)).decimal
        }
        let counted = try CountedQuestion(counting: question, PlaintextList(lines))
        #expect(Set(counted.nullReasons.keys) == [.explicit], "seed \(random.seed)")
    }
}
