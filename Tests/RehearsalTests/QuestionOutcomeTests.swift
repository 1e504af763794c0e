// SPDX-License-Identifier: Apache-2.0

import Counting
import Foundation
import Rehearsal
import StrictJSON
import Testing

@Suite("A result beside what was expected")
struct QuestionOutcomeTests {
    private func counted(_ type: String, _ plaintexts: [Int]) throws -> CountedQuestion {
        let question: JSONValue = [
            "title": "Q", "tally_type": .string(type), "min": 0, "max": 2, "num_winners": 1,
            "extra_options": ["allow_writeins": true],
            "answers": [
                ["id": 0, "text": "Ana"],
                ["id": 1, "text": "", "urls": [["title": "isWriteIn", "url": "true"]]],
            ],
        ]
        let lines = plaintexts.map { "\"\($0)\"\n" }.joined()
        return try CountedQuestion(
            counting: CountableQuestion(JSONField(question, name: "the question")), PlaintextList(Data(lines.utf8)))
    }

    /// Ana, the name "a" to "d", or both.
    private func plaintext(ana: Int, name: Int, _ letter: Character, base: Int) throws -> Int {
        let byte = Int(try #require(letter.asciiValue))
        return 1 + 2 * (ana + base * (name + base * byte))
    }

    @Test("written names are compared by what was written, and those that are missing stand there too")
    func names() throws {
        func ballots(_ letters: String) throws -> [Int] {
            try letters.map { try plaintext(ana: 1, name: 1, $0, base: 2) }
        }
        let found = try counted("plurality-at-large", ballots("abb"))
        let same = QuestionOutcome(found, expected: ExpectedResult.Question(found))
        #expect(same.rows.allSatisfy { !$0.differs && $0.found == $0.expected })
        let outcome = QuestionOutcome(
            found, expected: ExpectedResult.Question(try counted("plurality-at-large", ballots("acc"))))
        let rows = outcome.rows.map { [$0.name, $0.found, $0.expected, $0.differs ? "differs" : ""] }
        #expect(
            rows == [
                ["Ana", "3", "3", ""], ["b", "2", "0", "differs"], ["a", "1", "1", ""], ["c", "0", "2", "differs"],
                ["valid", "3", "3", ""], ["blank", "0", "0", ""], ["null", "0", "0", ""],
            ])
    }

    @Test("sums of fractions may differ in their last digits, as the order of the ballots does, and no more")
    func fractions() throws {
        let ballots = try (0..<30).map { try plaintext(ana: 1 + $0 % 2, name: 2 - $0 % 2, "a", base: 3) }
        let found = try counted("borda-nauru", ballots)
        let expected = ExpectedResult.Question(try counted("borda-nauru", ballots.sorted()))
        #expect(QuestionOutcome(found, expected: expected).rows.allSatisfy { !$0.differs })
        let fewer = ExpectedResult.Question(try counted("borda-nauru", Array(ballots.dropLast())))
        #expect(QuestionOutcome(found, expected: fewer).rows.filter(\.differs).map(\.name) == ["Ana", "a", "valid"])
    }

    @Test("--json says what differs")
    func json() throws {
        let found = try counted("plurality-at-large", [3, 3])
        let outcome = QuestionOutcome(
            found, expected: ExpectedResult.Question(try counted("plurality-at-large", [3, 1])))
        let json = try JSONValue(parsing: [UInt8](JSONEncoder().encode(outcome)))
        let rows = try #require(json["rows"]?.asArray)
        #expect(rows.map { $0["name"] } == ["Ana", "valid", "blank", "null"])
        #expect(rows.map { $0["differs"] } == [true, true, true, false])
        #expect(rows[0]["found"] == "2" && rows[0]["expected"] == "1")
    }
}
