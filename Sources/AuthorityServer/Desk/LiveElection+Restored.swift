// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import GroupArithmetic
import Orchestration

extension LiveElection {
    /// Finds who may still hold own entries that are not here, and which of those that came back have no local side yet.
    mutating func noteRestored() {
        guard let restoredCount else { return }
        let held = board.counts[me - 1]
        facts.unheard = Set(
            board.parties.filter { author in
                author != me && (peerCounts[author].map { $0[me - 1] > held } ?? true)
            })
        let lost = entriesSince(restoredCount).filter { isRepeatable($0) && !madeAgain.contains($0.digest) }
        facts.lost = Set(lost.map(\.digest))
    }

    /// Own entries that came back, of what is still under way.
    private func entriesSince(_ count: Int) -> [Entry] {
        board.entries.filter { entry in
            let content = entry.content
            return content.author == me && content.sequence >= count && board.failure(attempt: content.attempt) == nil
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
    private func isRepeatable(_ entry: Entry) -> Bool {
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
            guard let seed = try? storage.storedSeed(name, session: session) else { return false }
            return seed.count > 0
        }
    }
}
