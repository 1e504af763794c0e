// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
import StrictJSON

/// count_tally_sheets: adds what was counted on paper.
struct CountTallySheets: Pipe {
    private struct Sheet {
        let boxName: String
        let ballots: Int
        let questions: [Question]
        let place: String

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
        for entry in try field.member("configurations").elements(0...1000) {
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
            ballots: try field.member("num_votes").integer(in: counts), questions: questions, place: field.path)
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        var counted: Set<CountedSheet> = []
        for configuration in configurations {
            let election = try count.election(named: configuration.election, at: configuration.place)
            try count.changeResult(of: election) { (result) throws(CountingError) in
                try result.require(question: configuration.question, at: configuration.place)
                for (index, sheet) in sheets.enumerated() where configuration.boxes.matchesBeginning(of: sheet.boxName)
                {
                    let entry = CountedSheet(
                        sheet: index, sheetQuestion: configuration.sheetQuestion, election: election,
                        question: configuration.question)
                    guard counted.insert(entry).inserted else {
                        throw .pipeline(
                            place: configuration.place,
                            reason: "counts \(quoted(sheet.place)) again, for the same question")
                    }
                    guard sheet.questions.indices.contains(configuration.sheetQuestion) else {
                        throw .pipeline(
                            place: configuration.place,
                            reason:
                                "names question \(configuration.sheetQuestion), which \(quoted(sheet.place)) does not have"
                        )
                    }
                    let (sum, overflow) = result.totalVotes.addingReportingOverflow(sheet.ballots)
                    guard !overflow else { throw .tooLarge }
                    result.totalVotes = sum
                    try add(
                        sheet.questions[configuration.sheetQuestion], ballots: sheet.ballots,
                        to: &result.questions[configuration.question])
                }
            }
        }
        let used = Set(counted.map(\.sheet))
        let unused = sheets.enumerated().filter { !used.contains($0.offset) }.map(\.element)
        guard let first = unused.first else { return }
        try count.changeResult { result in
            result.remarks.append(
                "\(unused.count) of \(sheets.count) tally sheets are not counted, as no expression fits their box; the first is "
                    + "\(quoted(first.boxName)), \(first.place) of the configuration")
        }
    }

    private struct CountedSheet: Hashable {
        let sheet: Int
        let sheetQuestion: Int
        let election: Int
        let question: Int
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
        let valid = ballots - sheet.blank - sheet.null
        try add(sheet.blank, to: &question.totals.blank)
        try add(sheet.null, to: &question.totals.null)
        try add(valid, to: &question.totals.valid)
        let places = Dictionary(
            question.answers.enumerated().map { (ExactText($0.element.text), $0.offset) }, uniquingKeysWith: min)
        var found: Set<Int> = []
        for (text, votes) in sheet.answers {
            guard let index = places[text] else {
                throw refused("has the answer \(quoted(text.string)), which the question does not have")
            }
            guard found.insert(index).inserted else { throw refused("has the answer \(quoted(text.string)) twice") }
            question.answers[index].total = try question.answers[index].total.adding(.whole(votes))
        }
        if let (text, votes) = sheet.answers.first(where: { question.question.isTooMuch($0.votes, of: valid) }) {
            // The original adds them all the same.
            question.remarks.append(
                "\(sheet.place) of the configuration has \(votes) votes for \(quoted(text.string)) on \(valid) valid ballots"
            )
        }
    }

    private func add(_ votes: Int, to total: inout Int) throws(CountingError) {
        let (sum, overflow) = total.addingReportingOverflow(votes)
        guard !overflow else { throw .tooLarge }
        total = sum
    }
}

extension CountableQuestion {
    /// Whether so many ballots cannot give one answer so many votes.
    fileprivate func isTooMuch(_ votes: Int, of ballots: Int) -> Bool {
        let (most, overflow) = ballots.multipliedReportingOverflow(by: method == .cumulative ? options.checkboxes : 1)
        return !overflow && votes > most
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
