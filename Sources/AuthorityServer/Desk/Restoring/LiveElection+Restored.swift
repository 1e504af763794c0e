// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import GroupArithmetic
import Orchestration

extension LiveElection {
    /// Whether this authority says nothing before it heard the others, or has not yet made all of what it had said again.
    var isHearing: Bool { restoredCount != nil || unheardUntil != nil }

    /// Looks whether entries are known to be missing, and begins to ask if so.
    mutating func readMark() throws {
        restoredCount = try storage.restoredCount()
        noteRestored()
    }

    /// Finds who may still hold own entries that are not here, and which own entries have no local side yet.
    mutating func noteRestored() {
        let held = board.counts[me - 1]
        // Whoever is gone for good need not be heard: the operator said so, or everybody did.
        let gone = excused.union(board.absence(by: me, attempt: board.attempt) ?? [])
        facts.unheard =
            isHearing
            ? others.subtracting(gone).filter { author in peerCounts[author].map { $0[me - 1] > held } ?? true } : []
        let returned = (restoredCount.map(entriesSince) ?? []).filter(isRepeatable)
        let bare = board.entries.filter {
            withoutFiles.contains($0.digest) && board.isOpen(attempt: $0.content.attempt)
        }
        facts.lost = Set((returned + bare).map(\.digest)).subtracting(madeAgain)
    }

    /// Own entries that came back, of what is still under way.
    private func entriesSince(_ count: Int) -> [Entry] {
        board.entries.filter { entry in
            let content = entry.content
            return content.author == me && content.sequence >= count && board.isOpen(attempt: content.attempt)
                && (content.attempt == 0 || !board.isPublished(attempt: content.attempt))
        }
    }

    /// Own entries that came back, whose files are not here and cannot be made again.
    var entriesWithoutFiles: [Entry] {
        guard let restoredCount else { return [] }
        return entriesSince(restoredCount).filter { entry in
            !isRepeatable(entry) && entry.content.blobs.contains { storage.blob($0.digest) == nil }
        }
    }

    /// Whether performing the action again gives the same entry, files included, and is needed for more than the entry.
    func isRepeatable(_ entry: Entry) -> Bool {
        let content = entry.content
        switch content.kind {
        case .keyPublished, .ballots, .verified, .tally, .tallyPublished: return true
        case .publicKey: return hasSeed(Performer.dealingSeed, inAll: board.offer.sessions.map(\.id))
        case .permutation, .shuffle:
            let id = board.offer.sessions[content.session ?? 0].id
            return hasSeed(Performer.mixingSeed(attempt: content.attempt), inAll: [id])
        // A decryption's proof has a nonce that is drawn anew each time.
        case .protocol, .countersignature, .keyHash, .keyCommitments, .keyShares, .tallyRequest, .decryption, .absence,
            .failure:
            return false
        }
    }

    private func hasSeed(_ name: String, inAll sessions: [String]) -> Bool {
        sessions.allSatisfy { session in
            do {
                guard let seed = try storage.storedSeed(name, session: session) else { return false }
                return seed.count > 0
            } catch {
                // It is there, and damaged: the step waits until the operator brings it back.
                return true
            }
        }
    }

    /// Without its seed a committed permutation cannot be mixed by: nobody need fetch its files.
    func lacksSeed(of entry: Entry) -> Bool {
        let content = entry.content
        return content.kind == .permutation && content.author == me && !isRepeatable(entry)
            && board.entry(.shuffle, attempt: content.attempt, session: content.session, by: me) == nil
    }
}
