// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Orchestration

/// What somebody signed that cannot stand on a board, in files beside the entries that do: `board/2.equivocation` holds both entries of
/// party 2, `board/2.violation` the one.
///
/// The failure entry that shows it to others comes later; and after the key is published none of the key's failures ends an election. A board
/// that stopped for such evidence is stopped after a restart too.
extension BoardFolder {
    private static let kinds = ["violation", "equivocation"]

    private func file(_ kind: String, of party: Int, in folder: URL) -> URL {
        folder.appending(path: "\(party).\(kind)")
    }

    /// Makes the board's evidence durable.
    package func keepEvidence(on board: Board) throws {
        let folder = try folder(of: board.election)
        for entries in board.evidence {
            let file = file(Self.kinds[entries.count - 1], of: entries[0].content.author, in: folder)
            guard try self.entries(in: file) != .some(entries) else { continue }
            try StoreFile.write(entries.serialized, to: file, mode: 0o600, kind: "evidence")
        }
    }

    /// Tells a board that is only begun where its authors forked: entries behind may name either side.
    func recallForks(on board: inout Board) throws {
        let folder = try folder(of: board.election)
        for party in board.parties {
            guard let entries = try entries(in: file(Self.kinds[1], of: party, in: folder)) else { continue }
            _ = board.recall(entries)
        }
    }

    /// Tells a board that was read back what there is against its authors.
    ///
    /// - Returns: the names of those whose evidence changed on this disk.
    package func recallEvidence(on board: inout Board) throws -> [String] {
        let folder = try folder(of: board.election)
        var changed: [String] = []
        for party in board.parties {
            for kind in Self.kinds {
                let file = file(kind, of: party, in: folder)
                guard FileManager.default.fileExists(atPath: file.path) else { continue }
                guard let entries = try entries(in: file), board.recall(entries) else {
                    changed.append(board.name(of: party))
                    continue
                }
            }
        }
        return changed
    }

    /// Nil if there is no such file, or what it holds is no list of entries.
    private func entries(in file: URL) throws -> [Entry]? {
        let bytes = try StoreFile.read(file, atMost: EntryLimit.evidenceByteCount, kind: "evidence")
        return bytes.flatMap { try? [Entry](serialized: $0) }
    }
}
