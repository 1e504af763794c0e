// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import Elections
package import GroupArithmetic

/// All valid ballots of a small votes file in memory.
package struct ReviewedBallots: Sendable {
    package let review: BallotReview
    /// For each question the ciphertexts of all valid ballots, in the order of the file.
    package let ciphertexts: [CiphertextVector]

    package init(
        of file: VotesFile, groups: [SafePrimeGroup], bound contexts: [BallotContext]? = nil,
        random: inout some RandomSource & ~Copyable
    ) throws(VotesFileError) {
        var review = BallotReview(of: file, groups: groups, bound: contexts)
        var all = groups.map { CiphertextVector(alphas: ElementVector([], in: $0), betas: ElementVector([], in: $0)) }
        while let batch = try review.next(random: &random) {
            all = zip(all, batch).map { all, part in
                CiphertextVector(
                    alphas: all.alphas.appending(part.alphas), betas: all.betas.appending(part.betas))
            }
        }
        self.review = review
        ciphertexts = all
    }
}
