// SPDX-License-Identifier: Apache-2.0

package import AgeFiles
import AuthorityHost
import AuthorityStore
import DurableFiles
import Foundation
import Orchestration

/// Makes an authority in a new folder out of a backup.
///
/// Everything is unpacked and checked in a folder beside it, which takes its name at the very end.
package struct Restoration {
    package struct Summary: Sendable {
        package let configurationPath: String
        package let hostName: String
        /// When the backup was made, by ISO 8601. Foreign text.
        package let created: String
        package let elections: [String]
        /// Files that were damaged in the backup already, and are fetched from the other authorities.
        package let damagedCount: Int
    }

    private let home: String
    private let staging: URL

    /// - Parameter home: a folder that is not there yet, or is empty.
    package init(into home: String) throws {
        var absolute = home.hasPrefix("/") ? home : "\(FileManager.default.currentDirectoryPath)/\(home)"
        while absolute.hasSuffix("/"), absolute != "/" { absolute.removeLast() }
        self.home = absolute
        let content = try? FileManager.default.contentsOfDirectory(atPath: self.home)
        guard content?.isEmpty ?? !FileManager.default.fileExists(atPath: self.home) else {
            throw BackupError.exists(path: self.home)
        }
        let parent = URL(filePath: self.home).deletingLastPathComponent().path
        try DurableFile.makeFolder(parent, mode: 0o755)
        var template = Array("\(self.home).restoring-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError.now(.create, self.home) }
        staging = URL(
            filePath: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// - Throws: what is wrong with the file, or with what it holds; then there is no new folder.
    package func run(_ path: String, passphrase: Passphrase) throws -> Summary {
        do {
            return try restore(path, passphrase: passphrase)
        } catch {
            try? FileManager.default.removeItem(at: staging)
            throw error
        }
    }

    private func restore(_ path: String, passphrase: Passphrase) throws -> Summary {
        let names = try Unpacking(into: staging).run(path, passphrase: passphrase)
        for name in [
            BackupLayout.manifest, BackupLayout.configuration, BackupLayout.certificate, BackupLayout.certificateKey,
            BackupLayout.trustStore, BackupLayout.database, BackupLayout.signingKey,
        ] where !names.contains(name) {
            throw BackupError.missing(name)
        }
        let manifest = try BackupManifest(Array(Data(contentsOf: staging.appending(path: BackupLayout.manifest))))
        for folder in ["data/private", "data/public", "peers", "log", "eotest/data"] {
            try DurableFile.makeFolder(staging.appending(path: folder).path, mode: 0o700)
        }
        let configuration = try MovedConfiguration(
            file: staging.appending(path: BackupLayout.configuration).path, home: home)
        try configuration.write(to: staging.appending(path: BackupLayout.configuration).path)
        let check = RestoredData(folder: staging)
        try check.checkIdentity()
        let elections = try check.checkElections()
        try unlinkManifest()
        try move()
        return Summary(
            configurationPath: "\(home)/\(BackupLayout.configuration)", hostName: manifest.hostName,
            created: manifest.created, elections: elections.names, damagedCount: elections.damagedCount)
    }

    private func unlinkManifest() throws {
        guard unlink(staging.appending(path: BackupLayout.manifest).path) == 0 else {
            throw FileError.now(.remove, home)
        }
    }

    /// All on the disk first, then the name.
    private func move() throws {
        sync()
        guard rename(staging.path, home) == 0 else { throw FileError.now(.rename, home) }
        sync()
    }
}
