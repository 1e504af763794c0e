// SPDX-License-Identifier: Apache-2.0

package import Counting
package import StrictJSON

/// What the ballots of a rehearsal are to give. For choices it is counted from them before they are encrypted, so that an error
/// anywhere between shows, in the code of ballots too.
package struct ExpectedResult: RehearsalRecord {
    package static let fileName = "expected.json"

    package struct Answer: Sendable, Equatable {
        package let id: Int
        package let text: String
        /// A name that voters wrote.
        package let isWritten: Bool
        package let total: Points
    }

    package struct Question: Sendable, Equatable {
        package let answers: [Answer]
        package let valid: Int
        package let blank: Int
        package let null: Int

        package init(_ counted: CountedQuestion) {
            answers = counted.answers.map { answer in
                Answer(
                    id: answer.id, text: answer.text, isWritten: answer.role == .writtenName, total: answer.total)
            }
            (valid, blank, null) = (counted.totals.valid, counted.totals.blank, counted.totals.null)
        }
    }

    package let questions: [Question]

    package init(of counted: [CountedQuestion]) { questions = counted.map { Question($0) } }

    package init(_ field: JSONField) throws(JSONShapeError) {
        var questions: [Question] = []
        for element in try field.member("questions").elements(1...20) { questions.append(try Question(element)) }
        self.questions = questions
    }

    package var json: JSONValue { ["questions": .array(questions.map(\.json))] }
}

extension ExpectedResult.Question {
    fileprivate init(_ field: JSONField) throws(JSONShapeError) {
        var answers: [ExpectedResult.Answer] = []
        for element in try field.member("answers").elements(0...10_000_000) {
            answers.append(try ExpectedResult.Answer(element))
        }
        self.answers = answers
        valid = try field.member("valid").integer(in: 0...Int.max)
        blank = try field.member("blank").integer(in: 0...Int.max)
        null = try field.member("null").integer(in: 0...Int.max)
    }

    fileprivate var json: JSONValue {
        [
            "answers": .array(answers.map(\.json)), "valid": .integer(valid), "blank": .integer(blank),
            "null": .integer(null),
        ]
    }
}

extension ExpectedResult.Answer {
    fileprivate init(_ field: JSONField) throws(JSONShapeError) {
        id = try field.member("id").integer()
        text = try field.member("text").string()
        isWritten = try field.member("written").bool()
        total = try field.member("total").points()
    }

    fileprivate var json: JSONValue {
        ["id": .integer(id), "text": .string(text), "written": .bool(isWritten), "total": total.json]
    }
}
