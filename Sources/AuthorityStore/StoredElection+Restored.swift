// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Orchestration

/// What an election needs that came out of a backup, or whose board lost entries: this authority may have said more.
extension StoredElection {
    private var restoredMark: URL { privateFolder.appending(path: DataFolder.restoredName) }

    /// How many entries of its own the authority had left; nil where there is nothing to catch up with. A mark that cannot be read
    /// says that there may be none.
    package func restoredCount() throws(StoreError) -> Int? {
        guard let bytes = try StoreFile.read(restoredMark, atMost: 32, kind: "a mark") else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self)).map { max(0, $0) } ?? 0
    }

    package func markRestored(ownEntries count: Int) throws(StoreError) {
        try StoreFile.write(Array(String(count).utf8), to: restoredMark, mode: 0o600, kind: "a mark")
    }

    package func clearRestored() throws(StoreError) {
        try StoreFile.remove(restoredMark, kind: "a mark")
    }

    /// Takes away, under all their names, blobs that are not what their digests say: they are fetched again.
    ///
    /// - Returns: how many there were.
    package func removeDamagedBlobs() throws -> Int {
        let folder = privateFolder.appending(path: "blobs")
        var damaged: Set<UInt> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            guard let digest = Digest(hex: name) else { continue }
            let file = folder.appending(path: name)
            if try Digest(ofFile: file) != digest, let inode = Self.inode(of: file) { damaged.insert(inode) }
        }
        guard !damaged.isEmpty else { return 0 }
        let names = FileManager.default.enumerator(atPath: privateFolder.path)
        while let name = names?.nextObject() as? String {
            let file = privateFolder.appending(path: name)
            if let inode = Self.inode(of: file), damaged.contains(inode) { unlink(file.path) }
        }
        return damaged.count
    }

    /// Of a regular file.
    private static func inode(of file: URL) -> UInt? {
        var status = stat()
        guard lstat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return status.st_ino
    }
}

extension DataFolder {
    /// There once this authority came out of a backup: what it said in elections that the backup does not know, others tell it.
    private var restoredMark: URL { root.appending(path: Self.restoredName) }

    static let restoredName = "restored"

    /// The mark of one election.
    func restoredMark(of election: String) -> URL {
        privateFolder.appending(path: election).appending(path: Self.restoredName)
    }

    package var isRestored: Bool { FileManager.default.fileExists(atPath: restoredMark.path) }

    package func markRestored() throws(StoreError) {
        try StoreFile.write([], to: restoredMark, mode: 0o600, kind: "a mark")
    }
}
