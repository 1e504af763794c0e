// SPDX-License-Identifier: Apache-2.0

/// The tally of an election as counting takes it.
package struct CountedTally: Sendable {
    package let questions: [CountableQuestion]
    /// One for each question; nil where the tally has none.
    package let plaintexts: [PlaintextList?]

    /// - Precondition: as many lists as questions.
    package init(questions: [CountableQuestion], plaintexts: [PlaintextList?]) {
        precondition(questions.count == plaintexts.count, "\(plaintexts.count) lists for \(questions.count) questions")
        self.questions = questions
        self.plaintexts = plaintexts
    }
}

extension ElectionResult {
    /// Counts one or more tallies; the result is that of the first.
    package init(
        counting tallies: [CountedTally], by configuration: CountingConfiguration = .standard
    ) throws(CountingError) {
        var count = ElectionCount(tallies)
        for pipe in configuration.pipes { try pipe.run(&count) }
        guard let result = count.elections.first?.result else { throw .noResult }
        self = result
    }
}

/// What the pipes of a configuration work on.
struct ElectionCount {
    struct Question {
        /// As the authorities published it: what ballots were encoded with.
        let code: BallotCode
        /// With the configuration's modifications.
        var current: CountableQuestion
        var plaintexts: PlaintextList?
    }

    struct Election {
        var questions: [Question]
        var withdrawn: [AnswerReference] = []
        var removed: [AnswerReference] = []
        var result: ElectionResult?

        /// Ids of the answers of a question that were taken out.
        func withdrawnIDs(ofQuestion index: Int) -> Set<Int> {
            Set(withdrawn.filter { $0.question == index }.map(\.id))
        }
    }

    var elections: [Election]
    /// Of all tallies as they were given.
    let plaintextByteCount: Int

    init(_ tallies: [CountedTally]) {
        elections = tallies.map { tally in
            Election(
                questions: zip(tally.questions, tally.plaintexts).map { question, plaintexts in
                    Question(code: BallotCode(question), current: question, plaintexts: plaintexts)
                })
        }
        plaintextByteCount = tallies.flatMap(\.plaintexts).reduce(0) { $0 + ($1?.byteCount ?? 0) }
    }

    /// The result of the first election, which every pipe behind do_tallies changes.
    mutating func changeResult(
        of election: Int = 0, _ body: (inout ElectionResult) throws(CountingError) -> Void
    ) throws(CountingError) {
        guard elections.indices.contains(election), var result = elections[election].result else { throw .noResult }
        try body(&result)
        elections[election].result = result
    }
}

/// An answer as configurations name it.
struct AnswerReference: Sendable, Equatable {
    let question: Int
    let id: Int
    let text: ExactText
}
