// SPDX-License-Identifier: Apache-2.0

extension Planning {
    /// Decryption factors of all who take part. True when all are there and verified.
    mutating func planDecryption(_ step: Action.Step) -> Bool {
        let (attempt, session) = (step.attempt, step.session)
        let roster = board.roster(attempt: attempt)
        guard isMine(.decryption, attempt: attempt, session: session) else {
            if !facts.isShareAway { plan.actions.append(.decrypt(step)) }
            return false
        }
        var all = true
        for author in roster.present where author != me {
            guard let entry = board.entry(.decryption, attempt: attempt, session: session, by: author) else {
                plan.awaited.append(.entry(.decryption, session: session, by: author))
                all = false
                continue
            }
            guard facts.verified.contains(entry.digest) else {
                if hasBlobs(of: entry) { plan.actions.append(.verifyDecryption(step, of: author)) }
                all = false
                continue
            }
        }
        return all
    }
}
