// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// do_tallies: counts the ballots.
struct CountTallies: Pipe {
    private var questionIndexes: [Int]?
    private var tallyIndexes: [Int]?
    private var reusesResults = false
    private var allowsEmptyTally = false
    private var place = "do_tallies"

    init() {}

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters([
            "ignore_invalid_votes", "question_indexes", "tallies_indexes", "reuse_results", "allow_empty_tally",
            "print_as_csv",
        ])
        place = field.path
        questionIndexes = try field.indexes("question_indexes")
        tallyIndexes = try field.indexes("tallies_indexes")
        reusesResults = try field.optional("reuse_results")?.bool() ?? false
        allowsEmptyTally = try field.optional("allow_empty_tally")?.bool() ?? false
        _ = try field.optional("ignore_invalid_votes")?.bool()
        if let prints = try field.optional("print_as_csv"), try prints.bool() {
            throw prints.refused(found: "true", expected: "false: the original fails")
        }
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        for index in tallyIndexes ?? Array(count.elections.indices) {
            guard count.elections.indices.contains(index) else {
                throw .pipeline(
                    place: place, reason: "names tally \(index) of \(count.elections.count), counted from 0")
            }
            try run(&count.elections[index], electionIndex: index)
        }
    }

    private func run(_ election: inout ElectionCount.Election, electionIndex: Int) throws(CountingError) {
        for index in questionIndexes ?? [] where !election.questions.indices.contains(index) {
            throw .pipeline(
                place: place, reason: "names question \(index) of \(election.questions.count), counted from 0")
        }
        var questions: [CountedQuestion] = []
        var totalVotes = election.result?.totalVotes ?? 0
        for (index, question) in election.questions.enumerated() {
            let before = reusesResults ? election.result?.questions[index] : nil
            // What is taken out of the result so far has no modification that came later.
            if before == nil {
                election.questions[index].lateChanges.removeAll { if case .question = $0 { true } else { false } }
            }
            guard questionIndexes?.contains(index) ?? true else {
                questions.append(before ?? CountedQuestion(question.current, electionIndex: electionIndex))
                continue
            }
            guard let plaintexts = question.plaintexts ?? (allowsEmptyTally ? PlaintextList() : nil) else {
                throw .noPlaintexts(tally: election.name, question: index)
            }
            let current = try before.map { (result) throws(CountingError) in
                try countAgain(result, question.code, index)
            }
            do {
                let counted = try CountedQuestion(
                    counting: current ?? question.current, plaintexts, electionIndex: electionIndex,
                    withdrawn: election.withdrawnIDs(ofQuestion: index))
                questions.append(counted)
                totalVotes = counted.totals.all
            } catch { throw .at("\(election.name), question \(index)", error) }
            election.questions[index].isCounted = true
            election.questions[index].lateChanges.removeAll { if case .ballots = $0 { true } else { false } }
        }
        for (index, question) in (election.result?.questions ?? []).enumerated() {
            let after = questions.indices.contains(index) ? questions[index].papers : CountedPapers()
            for (paper, sheet) in question.papers.missing(in: after) {
                election.droppedPapers[paper] = DroppedPaper(sheet: sheet, place: place)
            }
        }
        if questions.indices.contains(where: { questionIndexes?.contains($0) ?? true }) {
            election.totalWithoutPapers = questions.contains { !$0.papers.isEmpty } ? place : nil
        }
        let remarks = election.result?.remarks ?? []
        election.result = ElectionResult(questions: questions, totalVotes: totalVotes)
        election.result?.remarks = remarks
    }

    /// The question of a result as one to count.
    private func countAgain(
        _ result: CountedQuestion, _ code: BallotCode, _ index: Int
    ) throws(CountingError) -> CountableQuestion {
        let question: CountableQuestion
        do {
            question = try CountableQuestion(JSONField(result.published, name: "question \(index) of the result"))
        } catch {
            throw .shape(error)
        }
        // With names that voters wrote in the place of the write-ins, ballots would be read otherwise.
        guard BallotCode(question).isInterchangeable(with: code) else {
            throw .changedCode(place: place, question: index)
        }
        return question
    }
}
