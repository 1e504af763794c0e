// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
import MixNets

extension Performer {
    /// Checks the votes file, and fixes what is mixed for every question.
    func reviewBallots(_ attempt: Int, _ context: ActionContext) throws -> Performed {
        let board = context.board
        guard let order = board.tallyRequest(attempt: attempt), let file = context.storage.blob(order.votesDigest)
        else {
            throw Stop(Failure(check: "votes.missing", message: "the votes file is not here"))
        }
        let votes = try VotesFile(path: file.path)
        if let shortage = board.diskShortage(
            for: votes.byteCount, ballots: votes.lineCount, isStored: true, promised: context.promised,
            storage: context.storage, me: context.me)
        {
            throw Stop(shortage)
        }
        try refuseWithoutShares(attempt, context)
        let (summary, begun) = try writeInputLists(of: file, order, attempt, context)
        for (session, progress) in begun.enumerated() {
            remember(progress, Action.Step(attempt: attempt, session: session), context)
        }
        return .post(board.draft(.ballots, attempt: attempt, by: context.me, payload: summary.payload))
    }

    /// Writes the input list of every question. The same votes file gives the same lists.
    ///
    /// - Returns: what is to be said of it, and the beginning of each question's mix.
    func writeInputLists(
        of file: URL, _ order: TallyOrder, _ attempt: Int, _ context: ActionContext
    ) throws -> (summary: BallotsSummary, begun: [MixProgress]) {
        let votes = try VotesFile(path: file.path)
        let lists = try context.board.offer.sessions.indices.map { session in
            let step = Action.Step(attempt: attempt, session: session)
            return CiphertextListWriter(
                in: ProofFolder(try context.proofs(step)), group: try context.info(session).group)
        }
        let review = try review(votes, into: lists, context)
        try refuseDecrypted(votes, attempt, context)
        for ballot in review.dropped { context.note("ballot left out: \(ballot.message)") }
        guard review.validCount > 0 else {
            throw Stop(Failure(check: "ballots.none", message: "there is no valid ballot among \(review.lineCount)"))
        }
        guard review.validCount >= minimumBallots else {
            throw Stop(
                Failure(
                    check: "ballots.minimum",
                    message: "\(review.validCount) valid ballots are fewer than MINIMUM_BALLOTS, \(minimumBallots)"))
        }
        if review.validCount < 10 {
            context.note("only \(review.validCount) ballots: the outcome may show how somebody voted")
        }
        var inputs: [Digest] = []
        var begun: [MixProgress] = []
        for (session, list) in lists.enumerated() {
            let step = Action.Step(attempt: attempt, session: session)
            var progress = MixProgress(mixing: try mixing(step, count: review.validCount, context))
            _ = try progress.mixing.keys.write(to: progress.mixing.folder)
            let (ciphertexts, file) = try list.finish()
            progress.list = (0, ciphertexts)
            inputs.append(file.contentDigest)
            begun.append(progress)
        }
        let summary = BallotsSummary(
            votes: order.votesDigest, accepted: review.validCount, dropped: review.dropped.count, inputs: inputs)
        return (summary, begun)
    }

    /// Where the ballots of each question belong; nil if the election does not require bound proofs.
    private func ballotContexts(_ context: ActionContext) throws -> [BallotContext]? {
        guard try context.request().requiresBoundProofs else { return nil }
        return try keys(context).sessions.enumerated().map { question, keys in
            BallotContext(key: keys.key, election: context.board.election, question: question)
        }
    }

    /// Checks the votes file, and appends what is mixed to the list of each question while it does.
    private func review(_ votes: VotesFile, into lists: [CiphertextListWriter], _ context: ActionContext) throws
        -> BallotReview
    {
        guard votes.lineCount > 0 else {
            throw Stop(Failure(check: "ballots.none", message: "the votes file is empty"))
        }
        var random = SystemRandomSource()
        var review = BallotReview(of: votes, groups: lists.map(\.group), bound: try ballotContexts(context))
        do throws(VotesFileError) {
            while let batch = try review.next(random: &random) {
                for (list, ciphertexts) in zip(lists, batch) { list.append(ciphertexts) }
                context.progress(review.reviewedCount, review.lineCount)
            }
            return review
        } catch {
            guard case .refused(let line, _) = error else { throw error }
            throw Stop(Failure(check: "ballots.line", index: line, message: error.message))
        }
    }
}
