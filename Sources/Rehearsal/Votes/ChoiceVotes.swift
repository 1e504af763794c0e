// SPDX-License-Identifier: Apache-2.0

package import Counting
import Elections
import GroupArithmetic
package import StrictJSON

/// Ballots as choices, with the questions that they answer; more than there are, are made at random by the questions' rules.
///
///     {"questions": [QUESTION...], "ballots": [[CHOICES...]...]}
package struct ChoiceVotes: Sendable, Equatable {
    /// As an election request has them.
    package let questions: [JSONValue]
    private let codes: [Code]
    /// For each ballot the choices of each question.
    package let ballots: [[Choices]]

    private struct Code: Sendable {
        let question: CountableQuestion
        let code: BallotCode
    }

    package static func == (left: ChoiceVotes, right: ChoiceVotes) -> Bool {
        left.questions == right.questions && left.ballots == right.ballots
    }

    /// - Parameter path: the file's, for errors.
    /// - Throws: `JSONShapeError`, or ``RehearsalError/contradictions(path:_:)`` for questions that no ballot can follow.
    init(_ field: JSONField, path: String) throws {
        try field.requireKeys(["questions", "ballots"])
        var (codes, contradictions): ([Code], [JSONShapeError]) = ([], [])
        let questions = try field.member("questions").elements(1...20)
        for element in questions {
            // What authorities take, and what can be counted.
            _ = try Question(element)
            let question = try CountableQuestion(element)
            guard !question.method.isRetired else {
                throw try element.member("tally_type").refused(
                    found: question.method.rawValue, expected: "a tally type of present elections")
            }
            try Self.requireSummable(element)
            contradictions += question.contradictions.map { $0.refusal(in: element.path) }
            codes.append(Code(question: question, code: BallotCode(question)))
        }
        guard contradictions.isEmpty else { throw RehearsalError.contradictions(path: path, contradictions) }
        var ballots: [[Choices]] = []
        for ballot in try field.optional("ballots")?.elements(0...10_000_000) ?? [] {
            let choices = try ballot.elements(codes.count...codes.count)
            ballots.append(
                try zip(choices, codes).map { try ChoiceReader($1.question, $1.code).choices($0) })
        }
        self.questions = questions.map(\.value)
        self.codes = codes
        self.ballots = ballots
    }

    /// So that the total of no number of ballots is too large.
    private static func requireSummable(_ question: JSONField) throws(JSONShapeError) {
        for weight in try question.optional("borda_custom_weights")?.elements() ?? [] {
            _ = try weight.integer(in: -1_000_000_000...1_000_000_000)
        }
    }

    /// One for each question.
    var counters: [ChoiceCounter] { codes.map { ChoiceCounter($0.question) } }

    /// The ballots of a range: those of the file, and random ones behind them.
    func choices(of range: Range<Int>, question: Int, in group: SafePrimeGroup) -> [Choices] {
        let code = codes[question]
        let room = code.code.nameByteCapacity(order: group.q) ?? 0
        var random = SystemRandomNumberGenerator()
        return range.map { index in
            index < ballots.count
                ? ballots[index][question]
                : .random(for: code.question, code.code, nameByteCount: room, using: &random)
        }
    }

    /// - Precondition: ``check(fits:path:)`` passed for the group that the choices are for.
    func encoded(_ choices: [Choices], question: Int, in group: SafePrimeGroup) -> EncodedVotes {
        let code = codes[question].code
        let votes = choices.map { choices in
            // What was read, or drawn by the code's own columns, has digits, and was checked for its length.
            guard let plaintext = try? code.encode(choices, below: group.q) else {
                preconditionFailure("choices of question \(question) were not checked against the group")
            }
            return plaintext - 1
        }
        return EncodedVotes(votes, in: group)
    }

    /// - Parameters:
    ///   - groups: one a question.
    ///   - path: the file's, for errors.
    /// - Throws: ``RehearsalError/questionTooLarge(path:question:bits:room:)`` for a question with ballots that are too large for
    ///   its group, ``RehearsalError/voteList(path:reason:)`` for a ballot whose names are too long.
    func check(fits groups: [SafePrimeGroup], path: String) throws(RehearsalError) {
        precondition(groups.count == codes.count, "\(groups.count) groups for \(codes.count) questions")
        for (question, group) in groups.enumerated() {
            let code = codes[question].code
            guard let room = code.nameByteCapacity(order: group.q) else {
                throw .questionTooLarge(
                    path: path, question: question, bits: code.largestPlaintext.bitCount, room: group.q.bitCount - 1)
            }
            for (index, ballot) in ballots.enumerated() {
                let used = ballot[question].names.values.reduce(0) { $0 + $1.utf8.count }
                guard used > room else { continue }
                let refusal = JSONShapeError.value(
                    path: "ballots[\(index)][\(question)]", found: "\(used) bytes of names",
                    expected: "at most \(room), which the group has room for")
                throw .voteList(path: path, reason: refusal.message)
            }
        }
    }
}
