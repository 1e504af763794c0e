// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// What was counted on paper in one ballot box.
struct TallySheet: Sendable {
    let boxName: String
    let ballots: Int
    let questions: [Question]
    let place: String

    struct Question: Sendable {
        /// Answers are found by their texts, not by it.
        let title: JSONValue?
        let type: String
        let blank: Int
        let null: Int
        let answers: [(text: ExactText, votes: Int)]
        let place: String
    }

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["ballot_box_name", "num_votes", "questions"])
        var questions: [Question] = []
        for question in try field.member("questions").elements() { questions.append(try Question(question)) }
        self.questions = questions
        boxName = try field.member("ballot_box_name").string()
        ballots = try field.member("num_votes").integer(in: counts)
        place = field.path
    }
}

extension TallySheet.Question {
    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["title", "tally_type", "blank_votes", "null_votes", "answers"])
        var answers: [(text: ExactText, votes: Int)] = []
        for answer in try field.member("answers").elements() {
            try answer.requireParameters(["text", "num_votes"])
            answers.append(
                (ExactText(try answer.member("text").string()), try answer.member("num_votes").integer(in: counts)))
        }
        self.answers = answers
        title = try field.object()["title"]
        type = try field.member("tally_type").string()
        blank = try field.member("blank_votes").integer(in: counts)
        null = try field.member("null_votes").integer(in: counts)
        place = field.path
    }
}

private let counts = 0...1_000_000_000_000
