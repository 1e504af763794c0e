// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import Orchestration

extension Authority {
    /// Reads all boards back and goes on where each stood.
    func load() {
        do {
            for id in try boards.elections() { load(id) }
            if settings.autoAccepts { try closeNeedlessQuestions() }
            for task in try database.tasks(in: .waiting) {
                let isOnBoard = elections[task.election].map { $0.board.attempt >= task.attempt } ?? false
                if !isOnBoard { resume(task) }
            }
        } catch {
            log.error("cannot read the stored elections: \(error)")
        }
    }

    private func load(_ id: String) {
        do {
            let board = try boards.load(id)
            guard let me = peers.author(certificate: peers.ownCertificate, in: board.offer) else {
                log(id).error("this authority's certificate is no longer one of the election's")
                return
            }
            var live = LiveElection(
                board: board, me: me, storage: try data.election(id), consent: try consent(of: id),
                arrivals: try boards.arrivals(of: id, count: board.entries.count), now: clock.now)
            if live.isUnderWay { live.facts.heldBlobs = held(live) }
            elections[id] = live
            try beginCatchingUp(id)
            log(id).info("board loaded", metadata: ["entries": "\(board.entries.count)"])
            settle(id)
        } catch {
            log(id).error("cannot go on with this election: \(error)")
        }
    }

    /// The blobs whose content is here and still what its digest says.
    private func held(_ live: LiveElection) -> Set<Digest> {
        var digests = Set(live.board.entries.flatMap { $0.content.blobs.map(\.digest) })
        if let order = live.board.tallyRequest(attempt: live.board.attempt) { digests.insert(order.votesDigest) }
        return digests.filter { digest in
            guard let file = live.storage.blob(digest) else { return false }
            return (try? Digest(ofFile: file)) == digest
        }
    }
}
