// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Logging
import Orchestration

/// An election of which this authority may have said more than it remembers: it came out of a backup, its disk lost entries, or the
/// disk is an older image of itself.
///
/// It says nothing before every other authority told it what they hold of its own entries: two versions of one entry are what a
/// liar signs. Then the local side of those entries is made again: steps are repeatable, as their secrets are here;
/// what is not repeatable is fetched from those who have it.
extension Authority {
    /// Looks again at what is missing, after a peer said something.
    func catchUp(_ election: String) {
        guard var live = elections[election], live.isHearing || !live.facts.lost.isEmpty else { return }
        let unheard = live.facts.unheard
        live.noteRestored()
        if live.facts.unheard.isEmpty, live.restoredCount != nil {
            do {
                try takeEntriesAside(of: &live)
            } catch {
                elections[election]?.facts.unheard = unheard
                return hindered(election, step: "board", by: error)
            }
        }
        if live.facts.unheard.isEmpty { live.unheardUntil = nil }
        elections[election] = live
        guard live.facts.unheard.isEmpty else { return }
        if !unheard.isEmpty { endWaiting(live) }
        endCatchingUp(election)
    }

    /// All have said what they hold of this authority's entries: from here on it goes on as always.
    private func endWaiting(_ live: LiveElection) {
        let election = live.board.election
        if let count = live.restoredCount {
            log(election, step: "restored").notice(
                "all peers have said what this authority had said that was missing here",
                metadata: ["entries": "\(live.board.counts[live.me - 1] - count)"])
            // Of the entries that came no file has been looked at.
            elections[election]?.isToInspect = true
        }
        settle(election)
        do { try resumeTasks() } catch { log(election).error("cannot read the queue: \(error)") }
    }

    /// Forgets that entries were missing, once nothing of it is left to do.
    private func endCatchingUp(_ election: String) {
        guard let live = elections[election], live.restoredCount != nil, live.facts.unheard.isEmpty,
            live.facts.lost.isEmpty, live.entriesWithoutFiles.isEmpty
        else { return }
        do {
            try live.storage.clearRestored()
            elections[election]?.restoredCount = nil
            log(election, step: "restored").info("caught up with what was said and had been missing here")
        } catch {
            log(election).error("cannot note that the election has caught up: \(error)")
        }
    }

    /// Takes the result of an action whose entry stands on the board already. False if it is a new entry's.
    func takeAsMadeAgain(_ content: EntryContent) -> Bool {
        guard let live = elections[content.election],
            let said = live.board.entry(
                content.kind, attempt: content.attempt, session: content.session, by: live.me),
            live.facts.lost.contains(said.digest)
        else { return false }
        let log = log(content.election, step: content.kind.rawValue, session: content.session)
        guard said.content.payload == content.payload, Set(said.content.blobs) == Set(content.blobs) else {
            let failure = Failure(
                check: "restored.differs", accused: live.me,
                message: "\(peers.ownName) lost what it had made, and finds something else than it had said")
            fail(content.election, attempt: content.attempt, failure)
            return true
        }
        log.info("made again what had been said")
        elections[content.election]?.madeAgain.insert(said.digest)
        elections[content.election]?.withoutFiles.remove(said.digest)
        elections[content.election]?.facts.heldBlobs.formUnion(content.blobs.map(\.digest))
        catchUp(content.election)
        settle(content.election)
        return true
    }

    /// What is said of an authority that waits, in words that go on after its name.
    func catchingUp(_ live: LiveElection) -> String? {
        guard live.restoredCount != nil, !live.facts.unheard.isEmpty else { return nil }
        let names = live.facts.unheard.sorted().map { live.board.name(of: $0) }.joined(separator: ", ")
        return "has lost entries, or was restored from a backup, and waits to hear from \(names) what it had said"
    }
}
