// SPDX-License-Identifier: Apache-2.0

import Counting
import DurableFiles
import Foundation
package import GroupArithmetic
package import StrictJSON

/// Where the votes of a rehearsal come from.
package struct VoteSource: Sendable, Equatable {
    enum Votes: Sendable, Equatable {
        /// The list in its order, then random picks from it, up to the number of ballots; never empty.
        case list([BigInteger])
        /// Choices, and beyond them random ones that follow the questions' rules.
        case choices(ChoiceVotes)
        /// Uniform in 0..<q: every plaintext that the group can hold.
        case random
    }

    let votes: Votes
    /// The file that they stand in; nil if none.
    let path: String?

    /// The same votes, wherever they stand.
    package static func == (left: VoteSource, right: VoteSource) -> Bool { left.votes == right.votes }

    private init(_ votes: Votes, path: String? = nil) {
        self.votes = votes
        self.path = path
    }

    /// - Precondition: the list is not empty.
    package static func list(_ votes: [BigInteger]) -> VoteSource { VoteSource(.list(votes)) }
    package static let random = VoteSource(.random)
    /// Two votes: what is taken where nobody says anything else.
    package static let standard = list([1, 0])

    /// The votes of a file: a JSON array of integers from 0 on, or questions and choices (``ChoiceVotes``).
    ///
    /// - Throws: ``RehearsalError``, or a `FileError`, also if there is no file.
    package init(file path: String) throws {
        guard let source = try VoteSource(fileIfAny: path) else {
            throw FileError(operation: .read, path: path, reason: ENOENT)
        }
        self = source
    }

    /// Nil if there is no file.
    package init?(fileIfAny path: String) throws {
        guard let bytes = try DurableFile.read(path, limit: Self.byteLimit) else { return nil }
        do {
            let field = JSONField(
                try JSONValue(parsing: bytes, limits: JSONLimits(byteCount: Self.byteLimit)), name: "the file")
            let votes: Votes =
                if case .object = field.value {
                    .choices(try ChoiceVotes(field, path: path))
                } else {
                    .list(try Self.numbers(field))
                }
            self.init(votes, path: path)
        } catch let error as JSONSyntaxError {
            throw RehearsalError.voteList(path: path, reason: error.message)
        } catch let error as JSONShapeError {
            throw RehearsalError.voteList(path: path, reason: error.message)
        }
    }

    private static let byteLimit = 256 << 20

    private static func numbers(_ field: JSONField) throws(JSONShapeError) -> [BigInteger] {
        guard case .array = field.value else {
            throw field.mistyped("an array of integers, or an object with questions and ballots")
        }
        var votes: [BigInteger] = []
        for element in try field.elements(1...10_000_000) { votes.append(try vote(element)) }
        return votes
    }

    private static func vote(_ field: JSONField) throws(JSONShapeError) -> BigInteger {
        let text =
            switch field.value {
            case .integer(let number): String(number)
            case .number(let number): number.text
            default: ""
            }
        guard let vote = BigInteger(canonicalDecimal: text) else {
            if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                throw field.refused(
                    found: "an integer of \(text.utf8.count) digits", expected: "one that a group takes")
            }
            throw field.refused(found: field.value.compact, expected: "an integer from 0 on")
        }
        return vote
    }
}

extension VoteSource {
    /// How many ballots there are if nobody says.
    package var naturalCount: Int {
        switch votes {
        case .list(let votes): votes.count
        case .choices(let votes): votes.ballots.isEmpty ? 100 : votes.ballots.count
        case .random: 100
        }
    }

    /// The questions that the votes answer; nil where any will do.
    package var questions: [JSONValue]? { if case .choices(let votes) = votes { votes.questions } else { nil } }

    /// For each question what counts its choices as they are drawn; none where votes are no choices.
    var counters: [ChoiceCounter] { if case .choices(let votes) = votes { votes.counters } else { [] } }

    /// - Parameter groups: one a question, in order.
    /// - Throws: ``RehearsalError/voteTooLarge(path:index:bits:)`` for a vote that is not below q of every group, and what
    ///   ``ChoiceVotes`` throws.
    package func check(fits groups: [SafePrimeGroup]) throws(RehearsalError) {
        switch votes {
        case .random: return
        case .choices(let votes): try votes.check(fits: groups, path: path ?? "")
        case .list(let votes):
            guard let smallest = groups.min(by: { $0.q < $1.q }) else { return }
            for (index, vote) in votes.enumerated() where vote >= smallest.q {
                throw .voteTooLarge(path: path, index: index, bits: smallest.q.bitCount - 1)
            }
        }
    }

    /// The votes of one question for a range of ballots, encoded, and the choices that they are, if they are any.
    ///
    /// - Precondition: ``check(fits:)`` passed for the group.
    func votes(
        of ballots: Range<Int>, question: Int, in group: SafePrimeGroup
    ) -> (encoded: EncodedVotes, choices: [Choices]) {
        switch votes {
        case .list(let votes):
            let picked = ballots.map { $0 < votes.count ? votes[$0] : votes[Int.random(in: votes.indices)] }
            return (EncodedVotes(picked, in: group), [])
        case .choices(let votes):
            let choices = votes.choices(of: ballots, question: question, in: group)
            return (votes.encoded(choices, question: question, in: group), choices)
        case .random:
            var source = SystemRandomSource()
            let seed = SecretSeed(from: &source)
            let elements = ElementVector.uniform(count: ballots.count, in: group, from: seed, label: "votes")
            return (EncodedVotes(elements), [])
        }
    }
}
