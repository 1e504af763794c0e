// SPDX-License-Identifier: Apache-2.0

import Elections
package import Foundation
import MixNets
import Synchronization

/// Lists that are checked while they arrive, beside whatever else this authority is doing.
extension Performer {
    package func arrival(
        of blob: BlobReference, in entry: Entry, at file: URL, on board: Board, as me: Int
    ) -> ArrivalCheck? {
        let content = entry.content
        guard content.kind == .shuffle, let session = content.session, board.offer.sessions.indices.contains(session),
            let place = board.roster(attempt: content.attempt).place(of: content.author),
            blob.name == ProofFileName.ciphertextList(place),
            let ballots = board.entry(.ballots, attempt: content.attempt, by: me),
            let summary = try? BallotsSummary(payload: ballots.content.payload),
            let info = try? ProtocolInfo(parsing: board.offer.sessions[session].protocolInfo)
        else { return nil }
        let list = ArrivingList(file: file, count: summary.accepted, in: info.group)
        return ArrivalCheck(
            advance: { list.advance() },
            finish: { [self] in
                // What was seen has this digest, whatever becomes of the file.
                guard let digest = list.finish().flatMap({ Digest(bytes: $0.digest) }) else { return }
                checkedLists.withLock { _ = $0.insert(digest) }
            })
    }

    /// Whether the output list of a shuffle was checked when it came. Asked once: a second verification looks for itself.
    func takeChecked(_ entry: Entry, at place: Int) -> Bool {
        let name = ProofFileName.ciphertextList(place)
        guard let list = entry.content.blobs.first(where: { $0.name == name }) else { return false }
        return checkedLists.withLock { $0.remove(list.digest) != nil }
    }
}
