// SPDX-License-Identifier: Apache-2.0

import Counting
package import GroupArithmetic
package import StrictJSON

/// Ballots as choices, with the questions that they answer; more than there are, are made at random by the questions' rules.
///
///     {"questions": [QUESTION...], "ballots": [[CHOICES...]...]}
package struct ChoiceVotes: Sendable, Equatable {
    /// As an election request has them.
    package let questions: [JSONValue]
    private let codes: [Code]
    /// For each ballot the integer of each question.
    package let ballots: [[BigInteger]]

    private struct Code: Sendable {
        let question: CountableQuestion
        let code: BallotCode
    }

    package static func == (left: ChoiceVotes, right: ChoiceVotes) -> Bool {
        left.questions == right.questions && left.ballots == right.ballots
    }

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireKeys(["questions", "ballots"])
        var (questions, codes): ([JSONValue], [Code]) = ([], [])
        for element in try field.member("questions").elements(1...20) {
            let question = try CountableQuestion(element)
            guard !question.method.isRetired else {
                throw try element.member("tally_type").refused(
                    found: question.method.rawValue, expected: "a tally type of present elections")
            }
            questions.append(element.value)
            codes.append(Code(question: question, code: BallotCode(question)))
        }
        self.questions = questions
        self.codes = codes
        var ballots: [[BigInteger]] = []
        for ballot in try field.optional("ballots")?.elements(0...10_000_000) ?? [] {
            let choices = try ballot.elements(codes.count...codes.count)
            var integers: [BigInteger] = []
            for (field, code) in zip(choices, codes) {
                let read = try ChoiceReader(code.question, code.code).choices(field)
                do { integers.append(try code.code.encode(read) - 1) } catch {
                    throw field.refused(found: error.message, expected: "choices that the question has a number for")
                }
            }
            ballots.append(integers)
        }
        self.ballots = ballots
    }

    /// The integer of a ballot for a question.
    ///
    /// - Precondition: random ballots fit the group, which ``check(fits:)`` finds out.
    func vote(of ballot: Int, question: Int) -> BigInteger {
        if ballot < ballots.count { return ballots[ballot][question] }
        var random = SystemRandomNumberGenerator()
        let code = codes[question]
        let choices = Choices.random(for: code.question, code.code, using: &random)
        // A ballot that is drawn by the code's own columns always has a number.
        guard let plaintext = try? code.code.encode(choices) else { return 0 }
        return plaintext - 1
    }

    /// - Throws: ``RehearsalError/voteTooLarge(index:bits:)`` for a ballot that is too large for the group of its question,
    ///   ``RehearsalError/questionTooLarge(question:bits:)`` for a question with such ballots.
    func check(fits groups: [SafePrimeGroup]) throws(RehearsalError) {
        guard groups.count == codes.count else { throw .otherQuestions }
        for (question, group) in groups.enumerated() {
            let room = codes[question].code.nameByteCapacity(order: group.q)
            // A random name has at most twelve bytes, its zero byte not counted.
            guard let room, room >= 12 * codes[question].code.writeIns.count || !codes[question].code.carriesNames
            else {
                throw .questionTooLarge(question: question, bits: group.q.bitCount - 1)
            }
            for (index, ballot) in ballots.enumerated() where ballot[question] + 1 >= group.q {
                throw .voteTooLarge(index: index, bits: group.q.bitCount - 1)
            }
        }
    }
}
