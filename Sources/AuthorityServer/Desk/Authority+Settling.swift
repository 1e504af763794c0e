// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import Orchestration
import TrustStores

extension Authority {
    /// Looks at an election after each change: fetches what is missing, answers who waits, says whom we wait for.
    func settle(_ election: String) {
        noteShares(of: election)
        guard let live = elections[election] else { return }
        if live.knownParties == nil, live.awaitsIdentities || live.lacksIdentityOfAccused { inquire(election) }
        if live.isUnderWay, live.facts.unheard.isEmpty {
            fetchBlobs(of: election)
            fetchVotes(of: election)
            fetchReviewedVotes(of: election)
            askOperator(about: election)
        }
        wipeWhatFailed(in: election)
        recordState(of: live)
        reportAwaited(in: election)
        answerTasks(of: election)
        Task { await workBell.ring() }
    }

    private func noteShares(of election: String) {
        guard let live = elections[election] else { return }
        elections[election]?.facts.isShareAway =
            live.board.isReady && !live.storage.holdsShares(of: live.sessionIDs)
    }

    private func recordState(of live: LiveElection) {
        let board = live.board
        let attempt = board.attempt
        do {
            if let stop = board.failure(attempt: 0) {
                try database.setElection(board.election, state: .failed, reason: stop.failure.message)
            } else if !board.isReady {
                try database.setElection(board.election, state: .creating)
            } else if attempt == 0 || board.failure(attempt: attempt) != nil {
                try database.setElection(
                    board.election, state: .ready, reason: board.failure(attempt: attempt)?.failure.message)
            } else {
                try database.setElection(
                    board.election, state: board.isPublished(attempt: attempt) ? .tallied : .tallying)
            }
        } catch {
            log(board.election).error("cannot record the election's state: \(error)")
        }
    }

    /// Secrets of a key generation or a tally that failed, or in whose place another came, are of no more use; nor are
    /// any after a tally that the others published alone.
    private func wipeWhatFailed(in election: String) {
        guard let live = elections[election] else { return }
        do {
            for attempt in 0...live.board.attempt
            where !live.board.isOpen(attempt: attempt) && !live.wiped.contains(attempt) {
                try database.closeConsents(of: election, attempt: attempt, at: Date.now.ISO8601Format())
                if attempt == 0 {
                    try live.storage.wipeSecrets()
                } else {
                    for session in live.board.offer.sessions {
                        try live.storage.wipeSeed(Performer.mixingSeed(attempt: attempt), session: session.id)
                    }
                }
                elections[election]?.wiped.insert(attempt)
            }
            let attempt = live.board.attempt
            if !settings.keepsShares, live.board.isPublished(attempt: attempt), !live.wiped.contains(attempt),
                // A backup may have brought back what was wiped when the tally was published.
                live.board.roster(attempt: attempt).absent.contains(live.me)
                    || live.restoredCount != nil && live.facts.unheard.isEmpty
            {
                try live.storage.wipeSecrets()
                elections[election]?.wiped.insert(attempt)
            }
        } catch {
            log(election).error("cannot wipe secrets: \(error)")
        }
    }

    private func reportAwaited(in election: String) {
        guard let live = elections[election] else { return }
        let awaited = live.isUnderWay ? live.plan.awaited : []
        guard awaited != live.reportedAwaited else { return }
        elections[election]?.reportedAwaited = awaited
        for item in awaited where !live.reportedAwaited.contains(item) {
            switch item {
            case .entry(let kind, let session, let author):
                log(election, step: kind.rawValue, session: session, peer: live.board.name(of: author)).info(
                    "waiting for the peer")
            case .blobs(let kind, let session, let author):
                log(election, step: kind.rawValue, session: session, peer: live.board.name(of: author)).info(
                    "waiting for the peer's files")
            case .votesFile: log(election, step: "ballots").info("waiting for the votes file")
            case .consent: log(election, step: "consent").notice("waiting for the operator: eotasks --list")
            case .identities: log(election, step: "protocol").info("asking the parties who they are")
            case .share:
                log(election, step: "share").notice("waiting for this authority's key share to be restored")
            case .ownEntries(let author):
                log(election, step: "restored", peer: live.board.name(of: author)).notice(
                    "waiting to hear from the peer what this authority has said before")
            case .tallyRequest: break
            }
        }
    }
}
