// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import GroupArithmetic

/// All valid ballots of a votes file in memory.
package struct ReviewedBallots: Sendable {
    package let review: BallotReview
    /// For each question the ciphertexts of all valid ballots, in the order of the file.
    package let ciphertexts: [CiphertextVector]

    /// Checks every line of a votes file.
    ///
    /// - Parameters:
    ///   - groups: one a question.
    ///   - random: unpredictable to whoever made the ballots.
    ///   - progress: called with the number of lines done, after each batch, on this thread.
    /// - Throws: ``VotesFileError`` with the first line that is a reason to refuse the file: the same at every authority.
    package init(
        of file: VotesFile, groups: [SafePrimeGroup], random: inout some RandomSource & ~Copyable,
        progress: (Int) -> Void = { _ in }
    ) throws(VotesFileError) {
        var review = BallotReview(of: file, groups: groups)
        var parts: [[CiphertextVector]] = groups.map { _ in [] }
        while let batch = try review.next(random: &random) {
            for (question, ciphertexts) in batch.enumerated() { parts[question].append(ciphertexts) }
            progress(review.reviewedCount)
        }
        self.review = review
        ciphertexts = zip(groups, parts).map { group, parts in
            CiphertextVector(
                alphas: ElementVector(joining: parts.map(\.alphas), in: group),
                betas: ElementVector(joining: parts.map(\.betas), in: group))
        }
    }
}
