// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import AuthorityStore
import Foundation
import Orchestration

/// Tallies at the same time share one disk: what one was promised when it began is not there for the next.
extension Authority {
    /// Promises a tally the room that it takes with such a votes file.
    ///
    /// - Returns: why it cannot be promised.
    func takeRoom(for votes: Int, attempt: Int, of election: String) -> Failure? {
        guard let live = elections[election] else { return nil }
        let shortage = live.board.diskShortage(
            for: votes, isStored: false, promised: promisedBytes(besides: election), storage: live.storage, me: live.me)
        if shortage == nil { elections[election]?.statedVotes = (attempt, votes) }
        return shortage
    }

    /// What the tallies of all other elections will still write.
    func promisedBytes(besides election: String) -> Int {
        elections.lazy.filter { $0.key != election }.reduce(0) { $0 + $1.value.promisedBytes }
    }
}

extension LiveElection {
    /// What the tally under way will still write: what it takes in all, as was predicted when it began, less what is there.
    var promisedBytes: Int {
        let attempt = board.attempt
        guard board.isTallyUnderWay, board.roster(attempt: attempt).present.contains(me),
            board.entry(.tally, attempt: attempt, by: me) == nil,
            let order = board.tallyRequest(attempt: attempt), let votes = votesByteCount(order),
            let whole = board.diskUse(votes: votes)
        else { return 0 }
        let sessions = board.offer.sessions.map(\.id)
        let written = DiskUse.byteCount(of: storage.tallyFolders(attempt: attempt, sessions: sessions).map(\.path))
        return max(0, whole - written - (storage.blob(order.votesDigest) == nil ? 0 : votes))
    }

    private func votesByteCount(_ order: TallyOrder) -> Int? {
        if let file = storage.blob(order.votesDigest) {
            return try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int
        }
        return statedVotes.flatMap { $0.attempt == board.attempt ? $0.byteCount : nil }
    }
}
