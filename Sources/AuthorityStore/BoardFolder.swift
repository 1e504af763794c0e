// SPDX-License-Identifier: Apache-2.0

import ByteTrees
package import Foundation
package import Orchestration

/// Boards as plain files: `private/ELECTION/board/NNNNNN.entry`, in order of arrival.
package struct BoardFolder: BoardStorage {
    let data: DataFolder

    package init(data: DataFolder) { self.data = data }

    func folder(of election: String) throws(StoreError) -> URL {
        guard DataFolder.isName(election) else { throw .electionName(election) }
        return data.privateFolder.appending(path: election).appending(path: "board")
    }

    func file(_ number: Int, in folder: URL) -> URL {
        let digits = String(number)
        return folder.appending(path: String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".entry")
    }

    package func append(_ entry: Entry, number: Int, to election: String) throws {
        let folder = try folder(of: election)
        try StoreFile.makeFolder(folder, mode: 0o700, kind: "a board")
        try StoreFile.write(entry.tree.serialized, to: file(number, in: folder), mode: 0o600, kind: "an entry")
    }

    package func load(_ election: String) throws -> Board {
        let folder = try folder(of: election)
        guard let first = try entry(0, in: folder, of: election), var board = try? Board(first: first),
            board.election == election
        else {
            throw StoreError.damagedEntry(election: election, number: 0)
        }
        try recallForks(on: &board)
        while let entry = try entry(board.entries.count, in: folder, of: election) {
            let number = board.entries.count
            do { try board.append(entry) } catch { throw StoreError.damagedEntry(election: election, number: number) }
            guard board.entries.count == number + 1 else {
                throw StoreError.damagedEntry(election: election, number: number)
            }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        guard names.filter({ $0.hasSuffix(".entry") }).count == board.entries.count else {
            throw StoreError.damagedEntry(election: election, number: board.entries.count)
        }
        return board
    }

    package func exists(_ election: String) -> Bool {
        guard let folder = try? folder(of: election) else { return false }
        return FileManager.default.fileExists(atPath: file(0, in: folder).path)
    }

    /// When each entry came here: when its file was written.
    package func arrivals(of election: String, count: Int) throws -> [Date] {
        let folder = try folder(of: election)
        return try (0..<count).map { number in
            let attributes = try FileManager.default.attributesOfItem(atPath: file(number, in: folder).path)
            return attributes[.modificationDate] as? Date ?? .distantPast
        }
    }

    func entry(_ number: Int, in folder: URL, of election: String) throws -> Entry? {
        let file = file(number, in: folder)
        guard let bytes = try StoreFile.read(file, atMost: EntryLimit.entryByteCount + 200, kind: "an entry") else {
            return nil
        }
        do { return try Entry(serialized: bytes) } catch {
            throw StoreError.damagedEntry(election: election, number: number)
        }
    }

    /// All elections that have a board.
    package func elections() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: data.privateFolder.path).filter { name in
            DataFolder.isName(name)
                && FileManager.default.fileExists(
                    atPath: data.privateFolder.appending(path: name).appending(path: "board/000000.entry").path)
        }.sorted()
    }
}
