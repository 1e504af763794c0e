// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import Orchestration

extension Authority {
    /// Gets the votes file of the tally under way, which were reviewed here and are gone, from another authority.
    func fetchReviewedVotes(of election: String) {
        guard let live = elections[election] else { return }
        let attempt = live.board.attempt
        guard let order = live.board.tallyRequest(attempt: attempt), live.board.isOpen(attempt: attempt),
            live.board.entry(.ballots, attempt: attempt, by: live.me) != nil,
            live.board.entry(.tally, attempt: attempt, by: live.me) == nil,
            !live.facts.heldBlobs.contains(order.votesDigest),
            elections[election]?.fetching.insert(order.votesDigest).inserted == true
        else { return }
        spawn { await $0.fetchReviewedVotes(order, attempt: attempt, of: election) }
    }

    private func fetchReviewedVotes(_ order: TallyOrder, attempt: Int, of election: String) async {
        defer { elections[election]?.fetching.remove(order.votesDigest) }
        var tries = 0
        while !Task.isCancelled, let live = elections[election], live.board.failure(attempt: attempt) == nil {
            let hosts = live.others.sorted().map { live.board.name(of: $0) }
            guard !hosts.isEmpty else { return }
            let host = hosts[tries % hosts.count]
            do {
                let file = live.storage.partialBlob(order.votesDigest)
                try await link.fetchFile(order.votesDigest, of: election, from: host, to: file)
                try await digesting.run { [storage = live.storage] in
                    try storage.completeBlob(order.votesDigest, named: "votes")
                }
                elections[election]?.facts.heldBlobs.insert(order.votesDigest)
                log(election, step: "files", peer: host).notice("the votes file is here again")
                settle(election)
                return
            } catch {
                tries += 1
                if tries <= 3 || tries.isMultiple(of: 100) {
                    log(election, step: "files", peer: host).warning("cannot fetch the votes file yet: \(error)")
                }
                try? await Task.sleep(for: tries < 5 ? .milliseconds(500) : .seconds(3))
            }
        }
    }
}
