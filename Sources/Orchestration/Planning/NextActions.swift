// SPDX-License-Identifier: Apache-2.0

import ByteTrees

/// What authority number `me` does next: a pure function of the board, and of what can be fetched or done again.
///
/// A restart, a crash or a message that comes twice changes nothing: load the board, ask again.
package func nextActions(on board: Board, as me: Int, knowing facts: LocalFacts) -> Plan {
    guard !board.isStopped else { return Plan() }
    // Whoever does not know all that it said would say something else in the same place.
    guard facts.unheard.isEmpty else { return Plan(awaited: facts.unheard.sorted().map { .ownEntries(from: $0) }) }
    var planning = Planning(board: board, me: me, facts: facts)
    if let offence = board.offence {
        let attempt = board.attempt
        if board.entry(.failure, attempt: attempt, by: me) == nil {
            planning.plan.actions = [.reportFailure(attempt: attempt, offence)]
            return planning.plan
        }
        // The others may go on without that one.
        guard attempt > 0, board.failure(attempt: attempt) != nil else { return planning.plan }
    }
    if planning.planKeyGeneration() { planning.planTally() }
    return planning.plan
}

/// Walks through the phases in order; each leaves what it wants done, and what it waits for, in ``plan``.
struct Planning {
    let board: Board
    let me: Int
    let facts: LocalFacts
    var plan = Plan()

    /// All entries of a kind by `authors`; what is missing is noted as awaited.
    mutating func everyone(
        _ kind: EntryKind, attempt: Int = 0, session: Int? = nil, by authors: some Collection<Int>
    ) -> [Entry]? {
        if let all = board.all(kind, attempt: attempt, session: session, by: authors) { return all }
        for author in authors
        where author != me && board.entry(kind, attempt: attempt, session: session, by: author) == nil {
            plan.awaited.append(.entry(kind, session: session, by: author))
        }
        return nil
    }

    /// Whether the files of that entry are here.
    mutating func hasBlobs(of entry: Entry) -> Bool {
        let content = entry.content
        if content.author == me || content.blobs.allSatisfy({ facts.heldBlobs.contains($0.digest) }) { return true }
        plan.awaited.append(.blobs(content.kind, session: content.session, by: content.author))
        return false
    }

    /// Whether this authority's operator agreed to the election (attempt 0) or to that tally; if not, that is awaited.
    mutating func hasConsent(attempt: Int) -> Bool {
        // To decrypt with a key again is never agreed to beforehand.
        if isAgreed(attempt, byOperator: board.isFurther(attempt: attempt)) { return true }
        plan.awaited.append(.consent(attempt: attempt))
        return false
    }

    /// To go on without somebody is the operator's own decision already: the same votes need no second one.
    private func isAgreed(_ attempt: Int, byOperator: Bool) -> Bool {
        if let proposal = board.proposal(attempt: attempt), facts.consent.covers(proposal, byOperator: byOperator) {
            return true
        }
        guard attempt > 1, let order = board.tallyRequest(attempt: attempt),
            order.absent == board.absence(by: me, attempt: attempt - 1),
            order.votesDigest == board.tallyRequest(attempt: attempt - 1)?.votesDigest
        else { return false }
        return isAgreed(attempt - 1, byOperator: byOperator)
    }

    func isMine(_ kind: EntryKind, attempt: Int = 0, session: Int? = nil) -> Bool {
        guard let entry = board.entry(kind, attempt: attempt, session: session, by: me) else { return false }
        return !facts.lost.contains(entry.digest)
    }

    /// An action that reports the first author whose payload differs from mine, if there is one.
    func disagreement(among entries: [Entry], check: String, about what: String) -> Action? {
        guard let mine = entries.first(where: { $0.content.author == me }) else { return nil }
        for entry in entries where entry.content.payload != mine.content.payload {
            let failure = Failure(
                check: check, accused: entry.content.author,
                message: "\(board.name(of: entry.content.author)) has \(what) that differs from ours")
            return .reportFailure(attempt: entry.content.attempt, failure)
        }
        return nil
    }
}
