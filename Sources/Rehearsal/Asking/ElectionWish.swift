// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
package import StrictJSON

/// What is asked of an election that is created for a rehearsal.
package struct ElectionWish: Sendable {
    /// Host names; nil takes every installed peer that is an authority.
    package var peers: [String]?
    package var threshold: Int?
    /// As the election request has them.
    package var questions = ElectionDraft.plainQuestions(1)
    package var group: String?
    /// Remembered for `encrypt`.
    package var voteCount: Int?
    package var takesRandomVotes = false
    package var requiresBoundProofs = false

    package init() {}
}

extension ElectionWish {
    /// Takes the questions that votes answer, if they bring any, and finds out before anything is created whether the votes fit.
    ///
    /// - Parameters:
    ///   - count: how many questions were asked for; nil if nobody said.
    ///   - defaultGroup: the name of the group that the authority takes where no other is asked for.
    package mutating func take(
        _ source: VoteSource, questionCount count: Int?, defaultGroup: String
    ) throws(RehearsalError) {
        if let brought = source.questions {
            if let count, count != brought.count {
                throw .questionCount(count, path: source.path ?? "", found: brought.count)
            }
            questions = brought
        }
        guard let group = SafePrimeGroup.named(group ?? defaultGroup) else { return }
        try source.check(fits: questions.map { _ in group })
    }
}
