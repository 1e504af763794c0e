// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import GroupArithmetic
import OperatorErrors

extension TallyVerification {
    /// ciphertexts_json: every line a valid ballot, or one that is dropped for a wrong proof (7.1).
    ///
    /// - Returns: for each question what has to be mixed; nil if the file is refused.
    mutating func checkBallots(_ infos: [ProtocolInfo]) throws -> [CiphertextVector]? {
        guard contents.files.contains(TallyLayout.votes) else {
            recorder.fail(.ballots, "the file is missing")
            return nil
        }
        let file = try VotesFile(path: contents.path + "/" + TallyLayout.votes)
        var random = SystemRandomSource()
        let progress = recorder.progress
        do throws(VotesFileError) {
            let ballots = try ReviewedBallots(of: file, groups: infos.map(\.group), random: &random) { done in
                progress(.ballots(done: done, total: file.lineCount))
            }
            let review = ballots.review
            let dropped = review.dropped.count
            recorder.report.droppedBallots += review.dropped.map(\.message)
            recorder.pass(
                .ballots, "\(review.validCount) valid" + (dropped > 0 ? ", \(dropped) with a wrong proof left out" : "")
            )
            return ballots.ciphertexts
        } catch {
            recorder.fail(.ballots, error.message)
            return nil
        }
    }
}
