// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import Orchestration
import StrictJSON
import TrustStores

/// Checks what was unpacked before anybody works with it, and notes what has to be caught up with.
struct RestoredData {
    private let folder: URL
    private let data: DataFolder

    init(folder: URL) {
        self.folder = folder
        data = DataFolder(existing: folder.appending(path: "data"))
    }

    /// The certificate and its key belong together, and the trust store can be read.
    func checkIdentity() throws {
        let certificateFile = folder.appending(path: BackupLayout.certificate)
        let certificate = try Certificate(pem: String(contentsOf: certificateFile, encoding: .utf8))
        let key = try CertificateKey(file: folder.appending(path: BackupLayout.certificateKey).path)
        guard key.belongs(to: certificate) else { throw CertificateError.keyMismatch }
        _ = try TrustStore(file: folder.appending(path: BackupLayout.trustStore).path)
    }

    /// Every signature of every board holds; files that are not what their digests say are taken away. Each election is marked
    /// with how much of this authority's own the backup knows.
    func checkElections() throws -> (names: [String], damagedCount: Int) {
        let database = try AuthorityDatabase(file: data.database)
        guard try database.isSound() else { throw BackupError.unfit("the database is damaged") }
        let key = try data.signingKey().verifying
        let boards = BoardFolder(data: data)
        let elections = try boards.elections()
        var damagedCount = 0
        for election in elections {
            let board = try boards.load(election)
            let storage = try data.election(election)
            damagedCount += try storage.removeDamagedBlobs()
            guard let me = board.offer.parties.firstIndex(where: { $0.signingKey == key }) else { continue }
            // The backup may be of an authority that was catching up itself.
            try storage.markRestored(ownEntries: min(storage.restoredCount() ?? .max, board.counts[me]))
        }
        try data.markRestored()
        try giveUpProposals(in: database, but: Set(elections))
        return (elections, damagedCount)
    }

    /// An election of which the backup has no board may have been proposed since: it is not proposed again under the same id.
    private func giveUpProposals(in database: AuthorityDatabase, but elections: Set<String>) throws {
        for task in try database.tasks(in: .waiting)
        where task.action == .createElection && !elections.contains(task.election) {
            guard let number = task.queueId, let id = ElectionIdentifier(task.election) else { continue }
            let reply = ElectionReply.creationFailed(
                id, message: "the director was restored from a backup: ask again under another id")
            try database.answerTask(number, with: reply.json.compactBytes)
        }
    }
}
