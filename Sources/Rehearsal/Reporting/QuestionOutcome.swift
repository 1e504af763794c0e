// SPDX-License-Identifier: Apache-2.0

package import Counting

/// What counting a question gave, beside what the ballots that were encrypted give.
package struct QuestionOutcome: Sendable, Equatable, Encodable {
    package struct Row: Sendable, Equatable, Encodable {
        /// An answer's text, or `valid`, `blank` and `null`.
        package let name: String
        package let isAnswer: Bool
        package let found: String
        package let expected: String

        enum CodingKeys: String, CodingKey {
            case name, found, expected
            case isAnswer = "is_answer"
        }
    }

    package let title: String
    package let tallyType: String
    package let unit: String
    /// Answers as they are ranked, then the ballots.
    package let rows: [Row]

    enum CodingKeys: String, CodingKey {
        case title, unit, rows
        case tallyType = "tally_type"
    }

    /// What a tally's ballots and those that were encrypted give, a question each.
    package static func all(
        of tally: CountedTally, encrypted: [PlaintextList]
    ) throws(CountingError) -> [QuestionOutcome] {
        let found = try ElectionResult(counting: [tally])
        let expected = try ElectionResult(
            counting: [CountedTally(questions: tally.questions, plaintexts: encrypted)])
        return zip(found.questions, expected.questions).map { QuestionOutcome($0, expected: $1) }
    }

    /// - Parameter expected: the same question, counted from what was encrypted.
    package init(_ found: CountedQuestion, expected: CountedQuestion) {
        title = found.title
        tallyType = found.question.method.rawValue
        unit = found.unit
        var rows = found.answersForReading.map { answer in
            let other = expected.answers.first { $0.id == answer.id && ExactText($0.text) == ExactText(answer.text) }
            return Row(
                name: answer.text, isAnswer: true, found: CountedQuestion.text(of: answer.total),
                expected: other.map { CountedQuestion.text(of: $0.total) } ?? "-")
        }
        let (all, others) = (found.totals, expected.totals)
        for (name, count, other) in [
            ("valid", all.valid, others.valid), ("blank", all.blank, others.blank), ("null", all.null, others.null),
        ] {
            rows.append(Row(name: name, isAnswer: false, found: String(count), expected: String(other)))
        }
        self.rows = rows
    }
}
