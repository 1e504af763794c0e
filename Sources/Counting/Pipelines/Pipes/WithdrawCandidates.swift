// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// withdraw_candidates: marks answers that too few ballots chose, so that the sort puts them last.
struct WithdrawCandidates: Pipe {
    private struct Entry {
        let question: Int
        let percent: Double
        let place: String
    }

    private let entries: [Entry]

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["questions"])
        var entries: [Entry] = []
        for entry in try field.member("questions").elements() {
            try entry.requireParameters(["question_index", "policy", "min_percent"])
            let policy = try entry.member("policy")
            guard try policy.string() == "minimum-ballots-percent" else {
                throw policy.refused(found: policy.value.compact, expected: "minimum-ballots-percent")
            }
            entries.append(
                Entry(
                    question: try entry.index("question_index"), percent: try entry.member("min_percent").double(),
                    place: entry.path))
        }
        self.entries = entries
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        try count.changeResult { (result) throws(CountingError) in
            for entry in entries {
                try result.require(question: entry.question, at: entry.place)
                try mark(&result.questions[entry.question], percent: entry.percent)
            }
        }
    }

    private func mark(_ question: inout CountedQuestion, percent: Double) throws(CountingError) {
        let threshold = (percent / 100 * Double(question.totals.valid)).rounded(.up)
        question.withdrawsCandidates = true
        for index in question.answers.indices {
            let answer = question.answers[index]
            let ballots: Points =
                question.question.method.isRanked
                ? .whole((answer.votersByPosition ?? []).reduce(0, +)) : answer.total
            question.answers[index].isWithdrawn = ballots < .double(threshold)
        }
    }
}
