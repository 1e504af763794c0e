// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// A question with its result.
package struct CountedQuestion: Sendable {
    package struct Totals: Sendable, Equatable {
        package internal(set) var blank = 0
        package internal(set) var null = 0
        package internal(set) var valid = 0
        /// The sum of all points, which parity pipes write down.
        package internal(set) var validPoints: Points?

        /// All ballots.
        package var all: Int { blank + null + valid }

        var published: JSONValue {
            var object: JSONObject = [
                "blank_votes": .integer(blank), "null_votes": .integer(null), "valid_votes": .integer(valid),
            ]
            if let validPoints { object["valid_points"] = validPoints.json }
            return .object(object)
        }
    }

    /// The question as it was counted.
    package let question: CountableQuestion
    /// In the order of results.json.
    package internal(set) var answers: [CountedAnswer]
    package internal(set) var totals = Totals()
    package let electionIndex: Int
    /// Of the null ballots, how many for which reason.
    package internal(set) var nullReasons: [NullReason: Int] = [:]
    /// All that a reader of the result should know.
    package internal(set) var remarks: [String]
    /// Paper in the totals, beside the ballots that do_tallies counted.
    var papers = CountedPapers()

    var withdrawsCandidates = false
    /// Hidden from tables (the modification dont-tally-question).
    package internal(set) var isHidden = false
    var hasParityError = false
    /// Whether the original writes `election_index`; its ancestors that counted retired methods did too, above the method.
    init(_ question: CountableQuestion, electionIndex: Int) {
        self.question = question
        self.electionIndex = electionIndex
        answers = question.answers.map { CountedAnswer($0) }
        remarks = question.remarks
        withdrawsCandidates = question.json["withdraw_candidates"] == .bool(true)
        isHidden = question.json["no-tally"] == .bool(true)
    }

    package var title: String { question.title }

    /// The winners in their order.
    package var winners: [CountedAnswer] {
        answers.filter { $0.winnerPosition != nil }.sorted { ($0.winnerPosition ?? 0) < ($1.winnerPosition ?? 0) }
    }

    /// The question as results.json has it.
    package var published: JSONValue {
        var object = question.json
        object["answers"] = .array(answers.map(\.published))
        object["election_index"] = .integer(electionIndex)
        object["totals"] = totals.published
        object["winners"] = []
        if withdrawsCandidates { object["withdraw_candidates"] = true }
        if isHidden { object["no-tally"] = true }
        if hasParityError { object["has_parity_error"] = true }
        return .object(object)
    }
}

extension CountedQuestion {
    /// Gives the answers at `order`'s beginning the positions 0, 1, … and all others none.
    mutating func setWinners(_ order: [Int], count: Int) {
        for index in answers.indices { answers[index].winnerPosition = nil }
        for (position, index) in order.prefix(max(0, count)).enumerated() { answers[index].winnerPosition = position }
    }

    /// The answers' indexes by points, most first, then by text, then as they stand.
    func byPointsAndText(_ indexes: some Sequence<Int>) -> [Int] {
        indexes.sorted {
            let (left, right) = (answers[$0], answers[$1])
            if left.total != right.total { return left.total > right.total }
            let (leftText, rightText) = (ExactText(left.text), ExactText(right.text))
            return leftText == rightText ? $0 < $1 : leftText < rightText
        }
    }

    /// The indexes by points, most first, else in the order in which they come.
    func byPoints(_ indexes: [Int]) -> [Int] {
        indexes.enumerated().sorted {
            let (left, right) = (answers[$0.element].total, answers[$1.element].total)
            return left == right ? $0.offset < $1.offset : left > right
        }.map(\.element)
    }
}
