// SPDX-License-Identifier: Apache-2.0

/// What a tally sheet added to a question. Two that are equal are the same ballots of one box.
struct CountedPaper: Hashable, Sendable {
    let question: Int
    let box: ExactText
    let ballots: Int
    let blank: Int
    let null: Int
    let votes: [ExactText: Int]

    init(_ sheet: TallySheet, _ part: TallySheet.Question, question: Int) {
        self.question = question
        box = ExactText(sheet.boxName)
        ballots = sheet.ballots
        blank = part.blank
        null = part.null
        votes = Dictionary(part.answers, uniquingKeysWith: max)
    }
}

/// The paper in the totals of a question, with the places of its sheets.
struct CountedPapers: Sendable {
    private var places: [CountedPaper: String] = [:]
    private var firstOfBoxes: [ExactText: String] = [:]

    var isEmpty: Bool { places.isEmpty }

    func contains(_ paper: CountedPaper) -> Bool { places[paper] != nil }

    func firstSheet(ofBox box: ExactText) -> String? { firstOfBoxes[box] }

    /// - Returns: where the same stands if it is there already.
    mutating func insert(_ paper: CountedPaper, at place: String) -> String? {
        if let earlier = places[paper] { return earlier }
        places[paper] = place
        firstOfBoxes[paper.box] = firstOfBoxes[paper.box] ?? place
        return nil
    }

    /// What is here and not there.
    func missing(in other: CountedPapers) -> [CountedPaper: String] {
        places.filter { other.places[$0.key] == nil }
    }
}
