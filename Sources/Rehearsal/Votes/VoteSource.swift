// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic
package import StrictJSON
import TrustStores

/// Where the votes of a rehearsal come from.
package enum VoteSource: Sendable, Equatable {
    /// The list in its order, then random picks from it, up to the number of ballots; never empty.
    case list([BigInteger])
    /// Choices, and beyond them random ones that follow the questions' rules.
    case choices(ChoiceVotes)
    /// Uniform in 0..<q: every plaintext that the group can hold.
    case random

    /// The votes of a file: a JSON array of integers from 0 on, or questions and choices (``ChoiceVotes``).
    ///
    /// - Throws: ``RehearsalError/voteList(path:reason:)``, or a `FileError`.
    package init(file path: String) throws {
        guard let bytes = try DurableFile.read(path, limit: Self.byteLimit) else {
            throw RehearsalError.voteList(path: path, reason: Self.absence)
        }
        do {
            let field = JSONField(
                try JSONValue(parsing: bytes, limits: JSONLimits(byteCount: Self.byteLimit)), name: "the file")
            if case .object = field.value {
                self = .choices(try ChoiceVotes(field))
                return
            }
            self = .list(try field.elements(1...10_000_000).map(Self.vote))
        } catch let error as JSONSyntaxError {
            throw RehearsalError.voteList(path: path, reason: error.message)
        } catch let error as JSONShapeError {
            throw RehearsalError.voteList(path: path, reason: error.message)
        }
    }

    /// Two votes: what is taken where nobody says anything else.
    package static let standard = VoteSource.list([1, 0])

    static let absence = "there is no such file"
    private static let byteLimit = 256 << 20

    private static func vote(_ field: JSONField) throws(JSONShapeError) -> BigInteger {
        let text =
            switch field.value {
            case .integer(let number): String(number)
            case .number(let number): number.text
            default: ""
            }
        guard let vote = BigInteger(canonicalDecimal: text) else {
            throw field.refused(found: field.value.compact, expected: "an integer from 0 on")
        }
        return vote
    }
}

extension VoteSource {
    /// How many ballots there are if nobody says.
    package var naturalCount: Int {
        switch self {
        case .list(let votes): votes.count
        case .choices(let votes): votes.ballots.isEmpty ? 100 : votes.ballots.count
        case .random: 100
        }
    }

    /// The questions that the votes answer; nil where any will do.
    package var questions: [JSONValue]? { if case .choices(let votes) = self { votes.questions } else { nil } }

    /// - Parameter groups: one a question, in order.
    /// - Throws: ``RehearsalError/voteTooLarge(index:bits:)`` for a vote that is not below q of every group, and what
    ///   ``ChoiceVotes`` throws.
    package func check(fits groups: [SafePrimeGroup]) throws(RehearsalError) {
        if case .choices(let votes) = self { return try votes.check(fits: groups) }
        guard case .list(let votes) = self, let smallest = groups.min(by: { $0.q < $1.q }) else { return }
        for (index, vote) in votes.enumerated() where vote >= smallest.q {
            throw .voteTooLarge(index: index, bits: smallest.q.bitCount - 1)
        }
    }

    /// The votes of one question for a range of ballots, encoded.
    ///
    /// - Precondition: ``check(fits:)`` passed for the group.
    func votes(of ballots: Range<Int>, question: Int, in group: SafePrimeGroup) -> EncodedVotes {
        switch self {
        case .list(let votes):
            return EncodedVotes(
                ballots.map { $0 < votes.count ? votes[$0] : votes[Int.random(in: votes.indices)] }, in: group)
        case .choices(let votes):
            return EncodedVotes(ballots.map { votes.vote(of: $0, question: question) }, in: group)
        case .random:
            var source = SystemRandomSource()
            let seed = SecretSeed(from: &source)
            return EncodedVotes(ElementVector.uniform(count: ballots.count, in: group, from: seed, label: "votes"))
        }
    }
}
