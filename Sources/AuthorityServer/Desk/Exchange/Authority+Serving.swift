// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
package import Foundation
package import Orchestration
import TrustStores

extension Authority {
    /// A file of an election, its votes and its tally among them, for a party of that election.
    package func blob(_ digest: Digest, of election: String, for certificate: Digest) async throws -> URL {
        guard let live = elections[election] else { throw RequestRefusal.unknownElection(election) }
        guard peers.author(certificate: certificate, in: live.board.offer) != nil else {
            throw RequestRefusal.notAParty(election)
        }
        guard let file = try live.file(digest) else { throw RequestRefusal.unknownFile }
        try await checkShown(file, digest, of: election, to: certificate)
        return file
    }
}

extension LiveElection {
    /// A file that stands on the board.
    fileprivate func file(_ digest: Digest) throws -> URL? {
        if board.entries.contains(where: { $0.content.blobs.contains { $0.digest == digest } }) {
            return storage.blob(digest)
        }
        guard board.attempt > 0 else { return nil }
        for attempt in 1...board.attempt {
            if board.tallyRequest(attempt: attempt)?.votesDigest == digest { return storage.blob(digest) }
            if board.tallyDigest(attempt: attempt) == digest { return try storage.archive(attempt: attempt) }
        }
        return nil
    }
}
