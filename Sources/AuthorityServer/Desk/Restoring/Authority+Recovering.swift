// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Logging
import Orchestration

/// What tells this authority that its boards lack entries, and whom it need not hear about them.
extension Authority {
    /// An entry of this authority comes from another one, and is not here: so others may be missing, too.
    func markIncomplete(_ live: inout LiveElection) throws {
        let count = live.board.counts[live.me - 1]
        try live.storage.markRestored(ownEntries: count)
        live.restoredCount = count
        live.unheardUntil = nil
        log(live.board.election, step: "board").error(
            "entries of this authority were missing here: it says nothing more before all others told what they hold")
    }

    /// Waits no longer for parties without whom the operator goes on.
    func excuse(_ names: Set<String>, on election: String) {
        guard let live = elections[election] else { return }
        let parties = live.facts.unheard.filter { names.contains(live.board.name(of: $0)) }
        guard !parties.isEmpty else { return }
        elections[election]?.excused.formUnion(parties)
        catchUp(election)
    }

    /// Goes on without those that were not heard in time, where nothing is known to be missing.
    func stopWaiting() {
        for (id, live) in elections where live.unheardUntil.map({ $0 < clock.now }) ?? false {
            elections[id]?.unheardUntil = nil
            elections[id]?.noteRestored()
            guard !live.facts.unheard.isEmpty else { continue }
            let names = live.facts.unheard.sorted().map { live.board.name(of: $0) }
            log(id, step: "board").warning("going on before \(names.joined(separator: ", ")) told what they hold")
            settle(id)
        }
    }

    /// Takes back what was moved out of the way and nobody else had.
    func takeEntriesAside(of live: inout LiveElection) throws {
        let election = live.board.election
        for entry in try boards.entriesAside(of: election) {
            var board = live.board
            guard (try? board.append(entry)) == .added else { continue }
            try boards.append(entry, number: live.board.entries.count, to: election)
            live.grow(to: board, now: clock.now)
            elections[election]?.grow(to: board, now: clock.now)
        }
        try boards.removeEntriesAside(of: election)
        live.noteRestored()
    }

    /// Asks everybody who is installed for a board of which nothing is left here.
    func askFor(_ election: String) async {
        defer { asking.remove(election) }
        let message = ExchangeMessage(election: election, counts: [], entries: [])
        for host in peers.hosts where lostBoards.contains(election) {
            guard let certificate = peers.certificate(of: host),
                let answer = try? await link.exchange(message, with: host),
                answer.election == election, lostBoards.contains(election)
            else { continue }
            do {
                try begin(answer, from: certificate)
            } catch {
                log(election, step: "board", peer: host).warning("no board for this authority came: \(error)")
            }
        }
    }
}
