// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Foundation
package import Orchestration
import TallyArchives

extension OperatorDesk {
    /// Writes what this authority has against those whom its board accuses, as ``Evidence``, into one tar.gz that holds no secret.
    ///
    /// - Throws: ``EvidenceError/noAccusation`` if nobody is accused.
    package func exportEvidence(from board: Board, to path: String) throws {
        guard !board.accusations.isEmpty else { throw EvidenceError.noAccusation }
        let storage = try data.election(board.election)
        var members = board.entries.enumerated().map { number, entry in
            ArchiveEntry(name: Evidence.entryName(number), content: .bytes(entry.tree.serialized))
        }
        for party in board.offer.parties {
            let file = storage.identityFolder.appending(path: "\(party.name).json")
            if let statement = try? Data(contentsOf: file) {
                members.append(ArchiveEntry(name: Evidence.identityName(party.name), content: .bytes(Array(statement))))
            }
        }
        var packed: Set<Digest> = []
        for (step, name, digest) in board.filesOfAccusations where packed.insert(digest).inserted {
            // The list that is mixed first is nobody's blob.
            let session = board.offer.sessions[step.session].id
            let own = try storage.proofFolder(session: session, attempt: step.attempt).appending(path: name)
            let file = storage.blob(digest) ?? own
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            members.append(ArchiveEntry(name: Evidence.fileName(digest), content: .file(path: file.path)))
        }
        try DeterministicArchive.write(members, to: path)
    }
}
