// SPDX-License-Identifier: Apache-2.0

/// Counts ballots as they were filled in, with no plaintext between: what a tally of them has to give.
package struct ChoiceCounter: Sendable {
    private let question: CountableQuestion
    private let code: BallotCode
    private let scoring: Scoring
    private var counter: BallotCounter

    /// - Precondition: no retired tally type, whose ballots are no choices.
    package init(_ question: CountableQuestion) {
        precondition(!question.method.isRetired, "\(question.method) has no choices")
        self.question = question
        code = BallotCode(question)
        scoring = Scoring(question)
        counter = BallotCounter(question, code, scoring, withdrawn: [])
    }

    /// - Throws: ``ChoicesError`` for what is no ballot of the question; then nothing is counted.
    package mutating func add(_ choices: Choices) throws(ChoicesError) {
        counter.add(try code.ballot(of: choices), times: 1)
    }

    /// The question with the result of all that was added, as do_tallies leaves it.
    package func result() throws(CountingError) -> CountedQuestion {
        try CountedQuestion(question, counter.tally, code, scoring)
    }
}

extension BallotCode {
    /// What choices say, as it stands in their digits.
    func ballot(of choices: Choices) throws(ChoicesError) -> DecodedBallot {
        var ballot = DecodedBallot(of: self)
        ballot.fault = fault
        ballot.isFlagged = choices.isInvalid
        ballot.digits = try digits(of: choices)
        if carriesNames {
            for (index, column) in writeIns.enumerated() {
                ballot.names[index] = choices.names[columns[column].answerID] ?? ""
            }
        }
        return ballot
    }
}
