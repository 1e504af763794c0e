// SPDX-License-Identifier: Apache-2.0

package import Counting

/// What counting a question gave, beside what its ballots were to give.
package struct QuestionOutcome: Sendable, Equatable, Encodable {
    package struct Row: Sendable, Equatable, Encodable {
        /// An answer's text, or `valid`, `blank` and `null`.
        package let name: String
        package let isAnswer: Bool
        package let found: String
        package let expected: String
        package let differs: Bool

        enum CodingKeys: String, CodingKey {
            case name, found, expected, differs
            case isAnswer = "is_answer"
        }

        fileprivate init(_ name: String, isAnswer: Bool, found: Points, expected: Points) {
            self.name = name
            self.isAnswer = isAnswer
            self.found = CountedQuestion.text(of: found)
            self.expected = CountedQuestion.text(of: expected)
            differs = !found.isSum(expected)
        }
    }

    package let title: String
    package let tallyType: String
    package let unit: String
    /// Answers as they are ranked, names that nobody was found to have written, then the ballots.
    package let rows: [Row]

    enum CodingKeys: String, CodingKey {
        case title, unit, rows
        case tallyType = "tally_type"
    }

    package init(_ found: CountedQuestion, expected: ExpectedResult.Question) {
        title = found.title
        tallyType = found.question.method.rawValue
        unit = found.unit
        // Names have ids by their places, so that one name more moves the others.
        let names = Self.keyed(expected.answers.filter(\.isWritten)) { ExactText($0.text) }
        let ids = Self.keyed(expected.answers.filter { !$0.isWritten }) { $0.id }
        var rows = found.answersForReading.map { answer in
            let other = answer.role == .writtenName ? names[ExactText(answer.text)] : ids[answer.id]
            return Row(answer.text, isAnswer: true, found: answer.total, expected: other?.total ?? .zero)
        }
        let written = Set(found.answers.filter { $0.role == .writtenName }.map { ExactText($0.text) })
        rows += expected.answers.filter { $0.isWritten && !written.contains(ExactText($0.text)) }.map {
            Row($0.text, isAnswer: true, found: .zero, expected: $0.total)
        }
        let totals = found.totals
        for (name, count, other) in [
            ("valid", totals.valid, expected.valid), ("blank", totals.blank, expected.blank),
            ("null", totals.null, expected.null),
        ] {
            rows.append(Row(name, isAnswer: false, found: .whole(count), expected: .whole(other)))
        }
        self.rows = rows
    }

    private static func keyed<Key: Hashable>(
        _ answers: [ExpectedResult.Answer], _ key: (ExpectedResult.Answer) -> Key
    ) -> [Key: ExpectedResult.Answer] {
        Dictionary(answers.map { (key($0), $0) }) { first, _ in first }
    }
}

extension Points {
    /// Whether two totals can be sums of the same points: those of doubles depend on the order, which mixing changes, in their
    /// last digits.
    fileprivate func isSum(_ other: Points) -> Bool {
        switch (self, other) {
        case (.whole(let left), .whole(let right)): left == right
        default: abs(asDouble - other.asDouble) <= 1e-9 * max(1, abs(asDouble))
        }
    }
}
