// SPDX-License-Identifier: Apache-2.0

import Counting
import Elections
import GroupArithmetic
import StrictJSON

/// What an authority makes of the questions of an election that it is asked for, before anything is done.
struct QuestionReview {
    /// Ballots of a question may be larger than the group takes.
    struct TooLarge: Equatable {
        let question: Int
        /// Of the largest ballot.
        let bitCount: Int
    }

    /// The first such question: voters could not vote, or a ballot would be read as another one (ballots and counting, 1.7).
    private(set) var tooLarge: TooLarge?
    /// What does not stop an election, but its counting or its voters: nobody but the ballot box knows all that a question means.
    private(set) var warnings: [String] = []

    /// - Parameters:
    ///   - questions: the request's member of that name.
    ///   - group: nil where it is refused later.
    init(_ questions: [JSONField], in group: SafePrimeGroup?) {
        for (index, field) in questions.enumerated() {
            do throws(JSONShapeError) {
                review(try CountableQuestion(field), at: field.path, index, in: group)
            } catch {
                warnings.append("not counted here: \(error.message)")
            }
        }
    }

    private mutating func review(
        _ question: CountableQuestion, at path: String, _ index: Int, in group: SafePrimeGroup?
    ) {
        warnings += question.contradictions.map { "\($0.refusal(in: path).message): \($0.effect.text)" }
        if let words = question.namesWithoutWriteIns { warnings.append("\"\(path)\": \(words)") }
        // The retired code has another measure, and no booth for it exists.
        guard tooLarge == nil, !question.method.isRetired, let group else { return }
        let code = BallotCode(question)
        if !code.fits(order: group.q) {
            tooLarge = TooLarge(question: index, bitCount: code.largestPlaintext.bitCount)
        }
    }
}
