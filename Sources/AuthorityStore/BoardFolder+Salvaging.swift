// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
package import Orchestration

/// Boards that may lack entries which others have seen, because the disk damaged some.
///
/// Such an election is marked before anything else happens to it, as one that came out of a backup is: whoever works with a marked
/// one says nothing on it before every other authority has told what it holds, or one of its own entries could come to stand there
/// in two versions.
extension BoardFolder {
    private static let asideSuffix = ".aside"

    package func isIncomplete(_ election: String) -> Bool {
        guard DataFolder.isName(election) else { return false }
        return FileManager.default.fileExists(atPath: data.restoredMark(of: election).path)
    }

    /// Reads as much of a damaged board as follows from its beginning. All other entries are moved out of the way, and the board is
    /// incomplete from then on.
    ///
    /// - Returns: nil if not even the first entry can be read.
    package func salvage(_ election: String) throws -> Board? {
        // How many entries of its own are left, whoever works with the board says once it knows them.
        if !isIncomplete(election) { try data.election(election).markRestored(ownEntries: 0) }
        let folder = try folder(of: election)
        var board: Board?
        while let entry = try? entry(board?.entries.count ?? 0, in: folder, of: election) {
            if var longer = board {
                guard (try? longer.append(entry)) == .added else { break }
                board = longer
            } else {
                guard var begun = try? Board(first: entry), begun.election == election else { break }
                try recallForks(on: &begun)
                board = begun
            }
        }
        let kept = Set((0..<(board?.entries.count ?? 0)).map { file($0, in: folder).lastPathComponent })
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasSuffix(".entry") && !kept.contains(name) {
            var number = 1
            var target = folder.appending(path: "\(name).\(number)\(Self.asideSuffix)")
            while FileManager.default.fileExists(atPath: target.path) {
                number += 1
                target = folder.appending(path: "\(name).\(number)\(Self.asideSuffix)")
            }
            try StoreFile.rename(folder.appending(path: name), to: target, kind: "an entry")
        }
        return board
    }

    /// What was moved out of the way and can be read, in the order in which it once came. Perhaps nobody else has it.
    package func entriesAside(of election: String) throws -> [Entry] {
        let folder = try folder(of: election)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(Self.asideSuffix) }.sorted()
            .compactMap { name in
                let bytes = try? StoreFile.read(
                    folder.appending(path: name), atMost: EntryLimit.entryByteCount + 200, kind: "an entry")
                return bytes.flatMap { try? Entry(serialized: $0) }
            }
    }

    /// Call it once every other authority has told what it holds, and all of that is here.
    package func removeEntriesAside(of election: String) throws {
        let folder = try folder(of: election)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in names where name.hasSuffix(Self.asideSuffix) { unlink(folder.appending(path: name).path) }
    }

    /// Elections of whose boards not even the first entry is left.
    package func lostElections() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: data.privateFolder.path).filter { name in
            DataFolder.isName(name) && isIncomplete(name) && !exists(name)
        }.sorted()
    }
}
