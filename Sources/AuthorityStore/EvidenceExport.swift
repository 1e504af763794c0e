// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Foundation
package import Orchestration
import TallyArchives

extension OperatorDesk {
    /// Writes what this authority has against those whom its board accuses, as ``Evidence``, into one tar.gz that holds no secret.
    ///
    /// - Returns: numbers of the accused whose word of who they are is not in it, so that it convicts them of nothing.
    /// - Throws: ``EvidenceError/noAccusation`` if nobody is accused.
    @discardableResult
    package func exportEvidence(from board: Board, to path: String) throws -> [Int] {
        guard !board.accusations.isEmpty else { throw EvidenceError.noAccusation }
        let storage = try data.election(board.election)
        var members = board.entries.enumerated().map { number, entry in
            ArchiveEntry(name: Evidence.entryName(number), content: .bytes(entry.tree.serialized))
        }
        for fork in board.equivocations {
            let name = Evidence.forkName(board.name(of: fork.author))
            members.append(ArchiveEntry(name: name, content: .bytes([fork.held, fork.other].serialized)))
        }
        for party in board.offer.parties {
            if let statement = storage.identity(of: party.name) {
                members.append(ArchiveEntry(name: Evidence.identityName(party.name), content: .bytes(statement)))
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
        return Set(board.accusations.map(\.accused)).sorted().filter {
            !storage.holdsIdentity(of: board.name(of: $0))
        }
    }
}
