// SPDX-License-Identifier: Apache-2.0

extension Planning {
    /// Permutation commitments in parallel, shuffles in turn, then the barrier. True when all confirmed all shuffles.
    mutating func planMix(_ step: Action.Step) -> Bool {
        let (attempt, session) = (step.attempt, step.session)
        let mixers = board.roster(attempt: attempt).mixers
        // Who confirmed all shuffles verified them, perhaps before a restart.
        if isMine(.verified, attempt: attempt, session: session) { return areShufflesConfirmed(step) }
        for author in mixers where author != me {
            guard let entry = board.entry(.permutation, attempt: attempt, session: session, by: author) else {
                continue
            }
            if !facts.verified.contains(entry.digest), hasBlobs(of: entry) {
                plan.actions.append(.verifyPermutation(step, of: author))
            }
        }
        for author in mixers {
            let entry = board.entry(.shuffle, attempt: attempt, session: session, by: author)
            if author == me {
                if isMine(.shuffle, attempt: attempt, session: session) { continue }
                if isMine(.permutation, attempt: attempt, session: session),
                    isPermutationVerified(step, of: mixers)
                {
                    plan.actions.append(.shuffle(step))
                }
                return false
            }
            guard let entry else {
                plan.awaited.append(.entry(.shuffle, session: session, by: author))
                return false
            }
            guard facts.verified.contains(entry.digest) else {
                // Shuffles are verified one after the other: each needs the one before it as its input.
                if hasBlobs(of: entry), isPermutationVerified(step, of: [author]) {
                    plan.actions.append(.verifyShuffle(step, of: author))
                }
                return false
            }
        }
        plan.actions.append(.confirmShuffles(step))
        return false
    }

    private mutating func areShufflesConfirmed(_ step: Action.Step) -> Bool {
        let authors = board.roster(attempt: step.attempt).present
        guard let confirmed = everyone(.verified, attempt: step.attempt, session: step.session, by: authors)
        else { return false }
        if let action = disagreement(among: confirmed, check: "verified.equal", about: "a list of shuffles") {
            plan.actions.append(action)
            return false
        }
        return true
    }

    private mutating func isPermutationVerified(_ step: Action.Step, of authors: [Int]) -> Bool {
        var all = true
        for author in authors where author != me {
            guard let entry = board.entry(.permutation, attempt: step.attempt, session: step.session, by: author) else {
                plan.awaited.append(.entry(.permutation, session: step.session, by: author))
                all = false
                continue
            }
            if !facts.verified.contains(entry.digest) { all = false }
        }
        return all
    }
}
