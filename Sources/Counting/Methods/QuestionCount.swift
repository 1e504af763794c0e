// SPDX-License-Identifier: Apache-2.0

extension CountedQuestion {
    /// Counts the ballots of a question as the pipe do_tallies does (specification of counting, 3.1 to 3.3).
    ///
    /// - Parameter withdrawn: ids of answers that the configuration took out.
    package init(
        counting question: CountableQuestion, _ plaintexts: PlaintextList, electionIndex: Int = 0,
        withdrawn: Set<Int> = []
    ) throws(CountingError) {
        self.init(question, electionIndex: electionIndex)
        if question.method.isRetired {
            try count(retired: plaintexts, withdrawn: withdrawn)
        } else {
            try count(plaintexts, withdrawn: withdrawn)
        }
    }

    /// What ballots that were counted one by one add up to.
    init(
        _ question: CountableQuestion, _ tally: PartialTally, _ code: BallotCode, _ scoring: Scoring
    ) throws(CountingError) {
        guard !tally.isTooLarge else { throw .tooLarge }
        self.init(question, electionIndex: 0)
        try finish(tally, code, scoring)
    }

    private mutating func count(_ plaintexts: PlaintextList, withdrawn: Set<Int>) throws(CountingError) {
        let question = question
        let code = BallotCode(question)
        let scoring = Scoring(question)
        let parts = plaintexts.inParts { bytes in
            var counter = BallotCounter(question, code, scoring, withdrawn: withdrawn)
            var lines = LineRuns(bytes)
            while let (plaintext, count) = lines.next() { counter.add(plaintext, times: count) }
            return counter.tally
        }
        var tally = PartialTally(columnCount: code.columns.count)
        for part in parts { try tally.append(part) }
        try finish(tally, code, scoring)
    }

    /// What follows the last ballot (3.3).
    private mutating func finish(
        _ tally: PartialTally, _ code: BallotCode, _ scoring: Scoring
    ) throws(CountingError) {
        totals = Totals(blank: tally.blank, null: tally.nullCount, valid: tally.valid)
        nullReasons = tally.null
        remarks += tally.strange.remarks(on: self)
        if tally.hasEqualPoints {
            remarks.append(
                "answers of one ballot had equal points: the original's voters_by_position is arbitrary and may differ")
        }
        let places = question.method.isRanked ? question.maximum : nil
        for (column, sum) in zip(code.columns, tally.columns) {
            answers[column.answerIndex].total = try sum.total(scoring.table)
            if let places { answers[column.answerIndex].votersByPosition = sum.votersByPosition(places) }
        }
        for index in answers.indices where answers[index].role == .invalidVoteFlag {
            if let places { answers[index].votersByPosition = Array(repeating: 0, count: places) }
        }
        let names = try writtenNames(tally.names, scoring, places: places)
        let writeIns = Set(code.writeIns.map { code.columns[$0].answerIndex })
        let ordinary = answers.indices.filter { !writeIns.contains($0) }.map { answers[$0] }
        answers = ordinary.sorted { $0.id < $1.id } + names
        let order =
            question.method.ranksEveryAnswer ? byPoints(Array(answers.indices)) : byPointsAndText(answers.indices)
        setWinners(order, count: question.method.ranksEveryAnswer ? answers.count : question.winnerCount)
    }

    private func writtenNames(
        _ sums: [ExactText: AnswerSum], _ scoring: Scoring, places: Int?
    ) throws(CountingError) -> [CountedAnswer] {
        var found: [(name: ExactText, total: Points, sum: AnswerSum)] = []
        for (name, sum) in sums { found.append((name, try sum.total(scoring.table), sum)) }
        found.sort { $0.total == $1.total ? $0.name < $1.name : $0.total > $1.total }
        guard (question.answers.count + found.count) * (places ?? 0) <= CountableQuestion.placeLimit else {
            throw .tooManyPlaces
        }
        let top = question.answers.map(\.id).max() ?? -1
        return found.enumerated().map { index, entry in
            CountedAnswer(
                name: entry.name.string, id: top + 1 + index, total: entry.total,
                votersByPosition: places.map { entry.sum.votersByPosition($0) })
        }
    }
}
