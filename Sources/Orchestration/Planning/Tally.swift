// SPDX-License-Identifier: Apache-2.0

extension Planning {
    /// The latest tally that was asked for, from the review of the ballots to the published archive.
    mutating func planTally() {
        let attempt = board.attempt
        guard attempt > 0, board.failure(attempt: attempt) == nil else {
            plan.awaited.append(.tallyRequest)
            return
        }
        // The director should have refused; it is trusted with nothing.
        guard let order = board.tallyRequest(attempt: attempt), !board.hasDecryptedOther(votes: order.votesDigest)
        else {
            let failure = Failure(
                check: "tally.repeated", accused: board.director,
                message: "a tally of other votes was asked for after ballots of this election were decrypted")
            plan.actions.append(.reportFailure(attempt: attempt, failure))
            return
        }
        guard isMine(.ballots, attempt: attempt) else {
            guard facts.heldBlobs.contains(order.votesDigest) else {
                plan.awaited.append(.votesFile)
                return
            }
            if hasConsent(attempt: attempt) { plan.actions.append(.reviewBallots(attempt: attempt)) }
            return
        }
        let steps = (0..<board.sessionCount).map { Action.Step(attempt: attempt, session: $0) }
        for step in steps where me <= board.threshold && !isMine(.permutation, attempt: attempt, session: step.session)
        {
            plan.actions.append(.commitPermutation(step))
        }
        guard let ballots = everyone(.ballots, attempt: attempt, by: board.parties) else { return }
        if let action = disagreement(among: ballots, check: "ballots.equal", about: "a review of the ballots") {
            plan.actions = [action]
            return
        }
        if isMine(.tally, attempt: attempt) { return planArchive(attempt) }
        var isDone = true
        for step in steps {
            guard planMix(step), planDecryption(step) else {
                isDone = false
                continue
            }
        }
        if isDone { planArchive(attempt) }
    }

    private mutating func planArchive(_ attempt: Int) {
        guard isMine(.tally, attempt: attempt) else {
            plan.actions.append(.buildTally(attempt: attempt))
            return
        }
        guard let tallies = everyone(.tally, attempt: attempt, by: board.parties) else { return }
        if let action = disagreement(among: tallies, check: "tally.equal", about: "an archive") {
            plan.actions = [action]
            return
        }
        guard isMine(.tallyPublished, attempt: attempt) else {
            plan.actions.append(.publishTally(attempt: attempt))
            return
        }
        _ = everyone(.tallyPublished, attempt: attempt, by: board.parties)
    }
}

extension Board {
    /// Whether every authority published the archive of that tally.
    package func isPublished(attempt: Int) -> Bool {
        attempt > 0 && failure(attempt: attempt) == nil && all(.tallyPublished, attempt: attempt, by: parties) != nil
    }

    package func tallyRequest(attempt: Int) -> TallyOrder? {
        entry(.tallyRequest, attempt: attempt, by: director).flatMap { try? TallyOrder(payload: $0.content.payload) }
    }
}
