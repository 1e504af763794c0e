// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation

/// A tally of other ballots, after some of the election were decrypted.
///
/// The difference between two tallies that have ballots in common shows the votes of the others; so not one may stand in
/// both. Whoever can prove knowledge of an alpha's randomness made it, so alphas tell ballots apart.
extension Performer {
    /// Without a share there is no use in mixing: it was wiped with the first tally, unless the operator wanted otherwise.
    func refuseWithoutShares(_ attempt: Int, _ context: ActionContext) throws {
        guard context.board.isFurther(attempt: attempt) else { return }
        for session in context.board.offer.sessions {
            do { _ = try context.storage.share(session: session.id) } catch {
                let name = context.board.name(of: context.me)
                throw Stop(
                    Failure(
                        check: "share.wiped", accused: context.me,
                        message: "\(name) keeps no key share any more (KEEP_SHARES): other ballots cannot be tallied"))
            }
        }
    }

    func refuseDecrypted(_ votes: VotesFile, _ attempt: Int, _ context: ActionContext) throws {
        let board = context.board
        guard let order = board.tallyRequest(attempt: attempt) else { return }
        let groups = try board.offer.sessions.indices.map { try context.info($0).group }
        for (digest, earlier) in board.decryptedOthers(than: order.votesDigest).sorted(by: { $0.value < $1.value }) {
            guard let file = context.storage.blob(digest), try Digest(ofFile: file) == digest else {
                let name = board.name(of: context.me)
                throw Stop(
                    Failure(
                        check: "ballots.earlier", accused: context.me,
                        message: "\(name) has no votes file of tally \(earlier) to compare the ballots with"))
            }
            if let line = votes.firstLine(sharedWith: try VotesFile(path: file.path), groups: groups) {
                throw Stop(
                    Failure(
                        check: "ballots.repeated", index: line,
                        message: "line \(line): a ballot of tally \(earlier), which was decrypted, stands there again"))
            }
        }
    }
}
