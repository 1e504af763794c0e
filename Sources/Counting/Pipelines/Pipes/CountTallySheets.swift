// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
import StrictJSON

/// count_tally_sheets: adds what was counted on paper.
struct CountTallySheets: Pipe {
    private struct Configuration {
        let boxes: Pattern
        let election: Int
        let question: Int
        let sheetQuestion: Int
        let place: String
    }

    private let sheets: [TallySheet]
    private let configurations: [Configuration]

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["tally_sheets", "configurations"])
        var sheets: [TallySheet] = []
        for sheet in try field.member("tally_sheets").elements() { sheets.append(try TallySheet(sheet)) }
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

    func run(_ count: inout ElectionCount) throws(CountingError) {
        var used: Set<Int> = []
        for configuration in configurations {
            let election = try count.election(named: configuration.election, at: configuration.place)
            try count.changeResult(of: election) { (result) throws(CountingError) in
                try result.require(question: configuration.question, at: configuration.place)
                var oddities = Oddities()
                for (index, sheet) in sheets.enumerated() where configuration.boxes.matchesBeginning(of: sheet.boxName)
                {
                    used.insert(index)
                    try add(sheet, to: &result, by: configuration, &oddities)
                }
                result.questions[configuration.question].remarks += oddities.remarks
            }
        }
        let unused = sheets.enumerated().filter { !used.contains($0.offset) }.map(\.element)
        guard let first = unused.first else { return }
        try count.changeResult { result in
            result.remarks.append(
                "\(unused.count) of \(sheets.count) tally sheets are not counted, as no expression fits their box; the first is "
                    + "\(quoted(first.boxName)), \(first.place) of the configuration")
        }
    }

    /// What is counted and looks wrong all the same: how many sheets, and the first one in words.
    private struct Oddities {
        var sharedBoxes = (count: 0, first: "")
        var otherTitles = (count: 0, first: "")

        var remarks: [String] {
            var remarks: [String] = []
            if sharedBoxes.count > 0 {
                remarks.append(
                    "tally sheets of boxes that others are of too, all added: \(sharedBoxes.count), the first is \(sharedBoxes.first)"
                )
            }
            if otherTitles.count > 0 {
                remarks.append(
                    "tally sheets that give the question another title, added all the same: \(otherTitles.count), "
                        + "the first is \(otherTitles.first)")
            }
            return remarks
        }
    }

    private func add(
        _ sheet: TallySheet, to result: inout ElectionResult, by configuration: Configuration,
        _ oddities: inout Oddities
    ) throws(CountingError) {
        guard sheet.questions.indices.contains(configuration.sheetQuestion) else {
            throw .pipeline(
                place: configuration.place,
                reason: "names question \(configuration.sheetQuestion), which \(quoted(sheet.place)) does not have")
        }
        let part = sheet.questions[configuration.sheetQuestion]
        let (sum, overflow) = result.totalVotes.addingReportingOverflow(sheet.ballots)
        guard !overflow else { throw .tooLarge }
        result.totalVotes = sum
        try add(part, ballots: sheet.ballots, to: &result.questions[configuration.question])
        let paper = CountedPaper(sheet, part, question: configuration.question)
        let other = result.questions[configuration.question].papers.firstSheet(ofBox: paper.box)
        if let earlier = result.questions[configuration.question].papers.insert(paper, at: sheet.place) {
            throw .sheetAgain(place: configuration.place, sheet: sheet.place, earlier: earlier)
        }
        if let other {
            if oddities.sharedBoxes.count == 0 {
                oddities.sharedBoxes.first =
                    "\(sheet.place) of the configuration beside \(other), both of \(quoted(sheet.boxName))"
            }
            oddities.sharedBoxes.count += 1
        }
        let title = result.questions[configuration.question].title
        if let found = part.title, found.asString.map(ExactText.init) != ExactText(title) {
            if oddities.otherTitles.count == 0 {
                oddities.otherTitles.first =
                    "\(part.place) of the configuration, \(quoted(found.asString ?? found.compact))"
            }
            oddities.otherTitles.count += 1
        }
    }

    private func add(
        _ sheet: TallySheet.Question, ballots: Int, to question: inout CountedQuestion
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
