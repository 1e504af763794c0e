// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// count_tally_sheets: adds what was counted on paper.
struct CountTallySheets: Pipe {
    private struct Sheet {
        let boxName: String
        let ballots: Int
        let questions: [Question]

        struct Question {
            let type: String
            let blank: Int
            let null: Int
            let answers: [(text: ExactText, votes: Int)]
            let place: String
        }
    }

    private struct Configuration {
        let boxes: Pattern
        let election: Int
        let question: Int
        let sheetQuestion: Int
        let place: String
    }

    private let sheets: [Sheet]
    private let configurations: [Configuration]

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["tally_sheets", "configurations"])
        var sheets: [Sheet] = []
        for sheet in try field.member("tally_sheets").elements() { sheets.append(try Self.sheet(sheet)) }
        self.sheets = sheets
        var configurations: [Configuration] = []
        for entry in try field.member("configurations").elements() {
            try entry.requireParameters([
                "ballot_box_name_filter_re", "election_index", "question_index", "tally_sheets_question_index",
            ])
            configurations.append(
                Configuration(
                    boxes: try Pattern(entry.member("ballot_box_name_filter_re")),
                    election: try entry.index("election_index"), question: try entry.index("question_index"),
                    sheetQuestion: try entry.index("tally_sheets_question_index"), place: entry.path))
        }
        self.configurations = configurations
    }

    private static func sheet(_ field: JSONField) throws(JSONShapeError) -> Sheet {
        try field.requireParameters(["ballot_box_name", "num_votes", "questions"])
        let counts = 0...1_000_000_000_000
        var questions: [Sheet.Question] = []
        for question in try field.member("questions").elements() {
            try question.requireParameters(["title", "tally_type", "blank_votes", "null_votes", "answers"])
            var answers: [(text: ExactText, votes: Int)] = []
            for answer in try question.member("answers").elements() {
                try answer.requireParameters(["text", "num_votes"])
                answers.append(
                    (ExactText(try answer.member("text").string()), try answer.member("num_votes").integer(in: counts)))
            }
            questions.append(
                Sheet.Question(
                    type: try question.member("tally_type").string(),
                    blank: try question.member("blank_votes").integer(in: counts),
                    null: try question.member("null_votes").integer(in: counts), answers: answers,
                    place: question.path))
        }
        return Sheet(
            boxName: try field.member("ballot_box_name").string(),
            ballots: try field.member("num_votes").integer(in: counts), questions: questions)
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        for configuration in configurations {
            try count.changeResult(of: configuration.election) { (result) throws(CountingError) in
                try result.require(question: configuration.question, at: configuration.place)
                for sheet in sheets where configuration.boxes.matchesBeginning(of: sheet.boxName) {
                    guard sheet.questions.indices.contains(configuration.sheetQuestion) else {
                        throw .pipeline(
                            place: configuration.place, reason: "names a question that a tally sheet does not have")
                    }
                    result.totalVotes += sheet.ballots
                    try add(
                        sheet.questions[configuration.sheetQuestion], ballots: sheet.ballots,
                        to: &result.questions[configuration.question])
                }
            }
        }
    }

    private func add(
        _ sheet: Sheet.Question, ballots: Int, to question: inout CountedQuestion
    ) throws(CountingError) {
        func refused(_ reason: String) -> CountingError { .pipeline(place: sheet.place, reason: reason) }
        guard [.plurality, .cumulative].contains(question.question.method),
            sheet.type == question.question.method.rawValue
        else { throw refused("has another tally type than the question, or one that paper is not counted for") }
        guard sheet.blank + sheet.null <= ballots else { throw refused("has more blank and null votes than votes") }
        guard sheet.answers.count == question.answers.count else {
            throw refused("has \(sheet.answers.count) answers, expected \(question.answers.count)")
        }
        question.totals.blank += sheet.blank
        question.totals.null += sheet.null
        question.totals.valid += ballots - sheet.blank - sheet.null
        for (text, votes) in sheet.answers {
            guard let index = question.answers.firstIndex(where: { ExactText($0.text) == text }) else {
                throw refused("has an answer that the question does not have")
            }
            question.answers[index].total = try question.answers[index].total.adding(.whole(votes))
        }
    }
}

extension Pattern {
    init(_ field: JSONField) throws(JSONShapeError) {
        guard let pattern = Pattern(try field.string(maximum: 1000)) else {
            throw field.refused(
                found: field.value.compact,
                expected: "a regular expression without looking around, back references and flags")
        }
        self = pattern
    }
}
