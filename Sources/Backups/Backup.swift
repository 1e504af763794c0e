// SPDX-License-Identifier: Apache-2.0

package import AgeFiles
package import AuthorityHost
import AuthorityStore
import DurableFiles
package import Foundation
import Orchestration
import StrictJSON
import TrustStores

/// Writes all of an authority into one encrypted file, whether it runs or not.
///
/// What it writes is a state that a power cut could have left. Of each election, board and secrets are read as they stood
/// together at one moment; then the database; then the files that both name, which never change once they are named.
package struct Backup {
    package struct Summary: Sendable {
        package let elections: [String]
        /// Elections whose keys were being made: they may have a key share that this backup does not hold.
        package let unfinished: [String]
        package let byteCount: Int
    }

    /// Of a passphrase, in bytes.
    package static let leastPassphrase = 12

    private let configuration: HostConfiguration
    private let data: DataFolder

    /// - Throws: ``BackupError/noAuthority(dataPath:)``.
    package init(of configuration: HostConfiguration) throws {
        self.configuration = configuration
        data = DataFolder(existing: URL(filePath: configuration.dataPath))
        guard FileManager.default.fileExists(atPath: data.database.path),
            FileManager.default.fileExists(atPath: data.signingKeyFile.path)
        else { throw BackupError.noAuthority(dataPath: configuration.dataPath) }
    }

    /// Writes the backup to a new file of mode 0600, which has its name only once all of it is on the disk.
    package func write(to path: String, passphrase: Passphrase, now: Date = Date()) throws -> Summary {
        guard passphrase.byteCount >= Self.leastPassphrase else {
            throw BackupError.shortPassphrase(byteCount: passphrase.byteCount, least: Self.leastPassphrase)
        }
        let file = try NewFile(path)
        let encryption = try AgeWriter(passphrase) { try file.write($0) }
        let members = BackupMembers(TarWriter { try encryption.write($0) })
        let manifest = BackupManifest(
            hostName: try configuration.requiredHostName().text, software: HostFacts.softwareVersion,
            created: now.ISO8601Format())
        try members.add(manifest.json.indentedBytes + [0x0A], as: BackupLayout.manifest, modified: now)
        try members.add(secret: configuration.path, as: BackupLayout.configuration)
        try addPeers(to: members)
        try members.add(secret: data.signingKeyFile.path, as: BackupLayout.signingKey)
        let summary = try addElections(to: members)
        try members.finish()
        try encryption.finish()
        return Summary(
            elections: summary.all, unfinished: summary.unfinished, byteCount: try file.finish())
    }

    /// Certificates and packages, while nobody installs or renews any.
    private func addPeers(to members: BackupMembers) throws {
        guard FileManager.default.fileExists(atPath: configuration.peerListPath) else {
            return try addCertificates(to: members)
        }
        let lock = try FileLock(path: "\(configuration.peerListPath)/.lock")
        defer { _ = lock }
        try addCertificates(to: members)
        for name in try FileManager.default.contentsOfDirectory(atPath: configuration.peerListPath).sorted()
        where ![".lock", ".journal"].contains(name) {
            try members.add(secret: "\(configuration.peerListPath)/\(name)", as: "\(BackupLayout.peers)/\(name)")
        }
    }

    private func addCertificates(to members: BackupMembers) throws {
        for (path, name) in BackupLayout.certificateFiles(of: configuration) { try members.add(secret: path, as: name) }
    }

    private func addElections(to members: BackupMembers) throws -> (all: [String], unfinished: [String]) {
        let boards = BoardFolder(data: data)
        let elections = try boards.elections()
        let unfinished = try elections.filter { election in
            let board = try boards.load(election)
            return !board.isReady && !board.isStopped
        }
        for election in elections {
            let folder = BackupLayout.privateFolder(election)
            for file in try ElectionSnapshot(of: election, in: data).files {
                try members.add(file.content, as: "\(folder)/\(file.path)", modified: file.modified)
            }
        }
        try addDatabase(to: members)
        for election in elections {
            try members.add(
                tree: data.privateFolder.appending(path: election), as: BackupLayout.privateFolder(election)
            ) { !ElectionSnapshot.covers($0) }
            try members.add(
                tree: data.publicFolder.appending(path: election), as: BackupLayout.publicFolder(election)
            ) { _ in true }
        }
        return (elections, unfinished)
    }

    private func addDatabase(to members: BackupMembers) throws {
        let folder = data.root.appending(path: ".backup-\(getpid())")
        try? FileManager.default.removeItem(at: folder)
        try DurableFile.makeFolder(folder.path, mode: 0o700)
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = folder.appending(path: "authority.sqlite")
        try AuthorityDatabase(file: data.database).copy(to: copy)
        try members.add(file: copy.path, as: BackupLayout.database, mode: 0o600)
    }
}
