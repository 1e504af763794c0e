// SPDX-License-Identifier: Apache-2.0

extension Planning {
    /// The latest tally that was asked for, from the review of the ballots to the published archive.
    mutating func planTally() {
        let attempt = board.attempt
        if let absent = board.agreedAbsence(after: attempt), !board.isPublished(attempt: attempt) {
            return planGoingOn(after: attempt, without: absent)
        }
        guard attempt > 0, board.failure(attempt: attempt) == nil else {
            plan.awaited.append(.tallyRequest)
            return
        }
        let roster = board.roster(attempt: attempt)
        // The others go on alone; whoever comes back looks on.
        guard roster.present.contains(me) else { return }
        if let action = refusalOfAbsentDirector(attempt) {
            plan.actions.append(action)
            return
        }
        guard let order = board.tallyRequest(attempt: attempt) else {
            let failure = Failure(
                check: "tally.request", accused: board.opener(attempt: attempt),
                message: "the request for a tally cannot be read")
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
        // Said at once, so that its keeper comes while the others mix.
        if facts.isShareAway, steps.contains(where: { !isMine(.decryption, attempt: attempt, session: $0.session) }) {
            plan.awaited.append(.share)
        }
        if roster.place(of: me) != nil {
            for step in steps where !isMine(.permutation, attempt: attempt, session: step.session) {
                plan.actions.append(.commitPermutation(step))
            }
        }
        guard let ballots = everyone(.ballots, attempt: attempt, by: roster.present) else { return }
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

    /// The leader asks for the tally of the same votes without those who are absent. Before there was any, the client has to
    /// ask it.
    private mutating func planGoingOn(after attempt: Int, without absent: [Int]) {
        let leader = board.leader(without: absent)
        if board.latestOrder == nil {
            plan.awaited.append(.tallyRequest)
        } else if leader == me {
            plan.actions.append(.goOn(attempt: attempt + 1))
        } else if !absent.contains(me) {
            plan.awaited.append(.entry(.tallyRequest, session: nil, by: leader))
        }
    }

    /// A director without whom this authority's operator went on may have come back and have asked anew. It is not the tally
    /// that was agreed on, and nobody may work for two.
    private func refusalOfAbsentDirector(_ attempt: Int) -> Action? {
        guard let absent = board.absence(by: me, attempt: attempt - 1),
            absent.contains(board.opener(attempt: attempt))
        else { return nil }
        let names = absent.map { board.name(of: $0) }.joined(separator: ", ")
        return .reportFailure(
            attempt: attempt,
            Failure(
                check: "operator.absence",
                message: "the operator of \(board.name(of: me)) had decided to go on without \(names); ask again"))
    }

    private mutating func planArchive(_ attempt: Int) {
        let authors = board.roster(attempt: attempt).present
        guard isMine(.tally, attempt: attempt) else {
            plan.actions.append(.buildTally(attempt: attempt))
            return
        }
        guard let tallies = everyone(.tally, attempt: attempt, by: authors) else { return }
        if let action = disagreement(among: tallies, check: "tally.equal", about: "an archive") {
            plan.actions = [action]
            return
        }
        guard isMine(.tallyPublished, attempt: attempt) else {
            plan.actions.append(.publishTally(attempt: attempt))
            return
        }
        _ = everyone(.tallyPublished, attempt: attempt, by: authors)
    }
}

extension Board {
    /// Whether every authority that takes part published the archive of that tally.
    package func isPublished(attempt: Int) -> Bool {
        attempt > 0 && failure(attempt: attempt) == nil
            && all(.tallyPublished, attempt: attempt, by: roster(attempt: attempt).present) != nil
    }

    /// Whether something may still happen in that tally, or with the key for 0.
    package func isOpen(attempt: Int) -> Bool {
        failure(attempt: attempt) == nil && (attempt == 0 || attempt == self.attempt)
    }
}
