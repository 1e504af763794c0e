// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Glibc
package import GroupArithmetic
package import Orchestration
import TallyArchives

/// The private and the public folder of one election.
package struct StoredElection: ElectionStorage {
    package let id: String
    let privateFolder: URL
    let publicFolder: URL
    private let reserve: Int

    init(id: String, data: DataFolder) throws(StoreError) {
        guard DataFolder.isName(id) else { throw .electionName(id) }
        self.id = id
        privateFolder = data.privateFolder.appending(path: id)
        publicFolder = data.publicFolder.appending(path: id)
        reserve = data.reserve
        try StoreFile.makeFolder(blobFolder, mode: 0o700, kind: "an election")
    }

    private var blobFolder: URL { privateFolder.appending(path: "blobs") }

    private func sessionFolder(_ session: String) throws(StoreError) -> URL {
        guard DataFolder.isName(session) else { throw .electionName(session) }
        let folder = privateFolder.appending(path: session)
        try StoreFile.makeFolder(folder, mode: 0o700, kind: "a session")
        return folder
    }

    package func proofFolder(session id: String, attempt: Int) throws -> URL {
        let folder = try sessionFolder(id).appending(path: "tally-\(attempt)")
        try StoreFile.makeFolder(folder, mode: 0o700, kind: "a tally")
        return folder
    }

    package var freeByteCount: Int? {
        FreeSpace.byteCount(in: privateFolder.path).map { max(0, $0 - reserve) }
    }

    /// Where the files of that tally come to lie, but for the votes file: they need not be there.
    package func tallyFolders(attempt: Int, sessions: [String]) -> [URL] {
        sessions.map { privateFolder.appending(path: "\($0)/tally-\(attempt)") }
            + [privateFolder.appending(path: "archive-\(attempt)")]
    }

    package func archiveFolder(attempt: Int) throws -> URL {
        let folder = privateFolder.appending(path: "archive-\(attempt)")
        try StoreFile.makeFolder(folder, mode: 0o700, kind: "an archive")
        return folder
    }
}

// MARK: - Secrets

extension StoredElection {
    private static let seedSuffix = ".seed"
    static let shareName = "key.share"

    /// Whether a file of that name in a session's folder is secret.
    static func isSecret(_ name: String) -> Bool { name.hasSuffix(seedSuffix) || name == shareName }

    package func storedSeed(_ name: String, session: String) throws -> SecretBytes? {
        guard DataFolder.isName(name) else { throw StoreError.electionName(name) }
        let file = try sessionFolder(session).appending(path: name + Self.seedSuffix)
        guard let seed = try SecretFile.read(file, atMost: SecretSeed.byteCount, kind: "a seed", of: id) else {
            return nil
        }
        guard seed.count == SecretSeed.byteCount else { throw StoreError.damagedSecret(election: id) }
        return seed
    }

    package func seed(_ name: String, session: String) throws -> SecretBytes {
        if let seed = try storedSeed(name, session: session) { return seed }
        let file = try sessionFolder(session).appending(path: name + Self.seedSuffix)
        guard !FileManager.default.fileExists(atPath: wipedMark.path) else {
            throw StoreError.missingSecret(election: id)
        }
        var seed = SecretBytes(count: SecretSeed.byteCount)
        let source = SystemRandomSource()
        seed.withMutableBytes { source.fill($0) }
        try SecretFile.write(seed, to: file, kind: "a seed")
        return seed
    }

    package func storeShare(_ bytes: borrowing SecretBytes, session: String) throws {
        try SecretFile.write(bytes, to: sessionFolder(session).appending(path: Self.shareName), kind: "a key share")
    }

    package func share(session: String) throws -> SecretBytes {
        let file = try sessionFolder(session).appending(path: Self.shareName)
        guard let bytes = try SecretFile.read(file, atMost: 1 << 20, kind: "a key share", of: id) else {
            throw StoreError.missingSecret(election: id)
        }
        return bytes
    }

    package func wipeSeed(_ name: String, session: String) throws {
        try StoreFile.wipe(sessionFolder(session).appending(path: name + Self.seedSuffix), kind: "a seed")
    }

    /// Shows that no new seed may be drawn, because the secrets of this election were used and wiped.
    private var wipedMark: URL { privateFolder.appending(path: "secrets.wiped") }

    package func wipeSecrets() throws {
        try StoreFile.write([], to: wipedMark, mode: 0o600, kind: "a mark")
        for file in try secretFiles() { try StoreFile.wipe(file, kind: "a secret") }
    }

    private func secretFiles() throws -> [URL] {
        let sessions = try FileManager.default.contentsOfDirectory(atPath: privateFolder.path)
        return sessions.filter(DataFolder.isName).sorted().flatMap { session in
            let folder = privateFolder.appending(path: session)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.sorted().filter(Self.isSecret).map { folder.appending(path: $0) }
        }
    }

    package func damagedSecrets() throws -> [String] {
        try secretFiles().filter { file in
            do {
                try readSecret(file)
                return false
            } catch StoreError.damagedSecret {
                return true
            }
        }.map(\.lastPathComponent)
    }

    private func readSecret(_ file: URL) throws(StoreError) {
        _ = try SecretFile.read(file, atMost: 1 << 20, kind: "a secret", of: id)
    }
}

// MARK: - Blobs

extension StoredElection {
    private func blobFile(_ digest: Digest) -> URL { blobFolder.appending(path: digest.hex) }

    package func adoptBlob(_ file: URL, digest: Digest) throws -> BlobReference {
        try StoreFile.sync(file, kind: "a blob")
        try StoreFile.link(file, as: blobFile(digest), kind: "a blob")
        return BlobReference(name: file.lastPathComponent, digest: digest, byteCount: try Self.byteCount(of: file))
    }

    package func blob(_ digest: Digest) -> URL? {
        let file = blobFile(digest)
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }

    package func place(_ blob: BlobReference, in folder: URL) throws {
        guard let file = self.blob(blob.digest) else { throw StoreError.missingBlob(name: blob.name) }
        try StoreFile.link(file, as: folder.appending(path: blob.name), kind: "a blob")
    }

    /// Where a blob is collected while it is fetched; it may hold a beginning from an earlier try.
    package func partialBlob(_ digest: Digest) -> URL { blobFolder.appending(path: digest.hex + ".part") }

    /// Takes a fetched file as the blob, if its content is what the digest says; else removes it.
    ///
    /// - Throws: ``StoreError/changedBlob(name:)`` if the digest does not match.
    package func completeBlob(_ digest: Digest, named name: String) throws {
        let partial = partialBlob(digest)
        guard try Digest(ofFile: partial) == digest else {
            unlink(partial.path)
            throw StoreError.changedBlob(name: name)
        }
        try StoreFile.sync(partial, kind: "a blob")
        try StoreFile.rename(partial, to: blobFile(digest), kind: "a blob")
    }

    private static func byteCount(of file: URL) throws(StoreError) -> Int {
        var status = stat()
        guard stat(file.path, &status) == 0 else { throw .file("a blob", operation: "look at", errno: errno) }
        return Int(status.st_size)
    }
}

// MARK: - What is published

extension StoredElection {
    /// - Parameter path: relative, of plain names joined by `/`.
    private func publicFile(_ path: String) throws(StoreError) -> URL {
        let file = publicFolder.appending(path: path)
        try StoreFile.makeFolder(file.deletingLastPathComponent(), mode: 0o755, kind: "a public file")
        return file
    }

    package func publish(_ content: [UInt8], at path: String) throws {
        try StoreFile.write(content, to: publicFile(path), mode: 0o644, kind: "a public file")
    }

    package func publish(file: URL, at path: String) throws {
        let target = try publicFile(path)
        guard chmod(file.path, 0o644) == 0 else {
            throw StoreError.file("a public file", operation: "open up", errno: errno)
        }
        try StoreFile.sync(file, kind: "a public file")
        try StoreFile.link(file, as: target, kind: "a public file")
    }

    package func published(_ path: String) -> URL { publicFolder.appending(path: path) }

    /// Takes back the id of an election that never came to a board.
    package func removeUnused() {
        guard !FileManager.default.fileExists(atPath: privateFolder.appending(path: "board").path) else { return }
        try? FileManager.default.removeItem(at: privateFolder)
    }
}
