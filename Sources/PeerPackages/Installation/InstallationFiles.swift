// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import StrictJSON
import TrustStores

/// All files that installing touches, and what a change makes of each.
struct InstallationFiles {
    let directory: PeerDirectory
    let trustStorePath: String
    let hostsPath: String?

    var lockPath: String { "\(directory.path)/.lock" }
    private var journalPath: String { "\(directory.path)/.journal" }

    // MARK: All of it or none of it

    /// - Throws: ``FileError``; then every file is as it was.
    func carryOut(_ changes: [PeerChange], keystore: FileChange? = nil) throws {
        let keystore = keystore.flatMap { $0.before == $0.after ? nil : $0 }
        guard !changes.isEmpty || keystore != nil else { return }
        var files = try fileChanges(for: changes)
        try InstallationJournal(changes: changes, files: files, keystore: keystore).write(to: journalPath)
        if let keystore { files.insert(keystore, at: 0) }
        do {
            for file in files { try file.apply() }
        } catch {
            // Where even that fails, the journal stays, and the next run brings the change to its end.
            for file in files.reversed() { try file.undo() }
            try DurableFile.remove(journalPath)
            throw error
        }
        try DurableFile.remove(journalPath)
    }

    var isUnfinished: Bool { FileManager.default.fileExists(atPath: journalPath) }

    /// Brings to its end what a killed run began. What others changed in the meantime stays.
    func finishUnfinished() throws {
        removeLeftovers()
        guard let journal = try InstallationJournal(file: journalPath) else { return }
        if let keystore = journal.keystore { removeLeftovers(of: keystore.path) }
        try journal.unfinishedKeystore()?.apply()
        for file in try fileChanges(for: journal.changes) where !journal.isDone(file) { try file.apply() }
        try DurableFile.remove(journalPath)
    }

    /// Temporary files of a run that was killed.
    private func removeLeftovers() {
        for path in [trustStorePath, hostsPath].compactMap(\.self) { removeLeftovers(of: path) }
        removeLeftovers(in: directory.path, of: ".")
    }

    private func removeLeftovers(of path: String) {
        let file = DurableFile.resolved(path) as NSString
        removeLeftovers(in: file.deletingLastPathComponent, of: ".\(file.lastPathComponent).")
    }

    private func removeLeftovers(in folder: String, of prefix: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix(prefix) && name.wholeMatch(of: /.*\.\d{1,10}\.new/) != nil {
            unlink("\(folder)/\(name)")
        }
    }

    // MARK: What changes make of the files

    private func fileChanges(for changes: [PeerChange]) throws -> [FileChange] {
        var files = [
            try FileChange(path: trustStorePath) { before in
                var store = TrustStore(bytes: before ?? [])
                for change in changes { change.apply(to: &store) }
                return store.bytes == before ?? [] ? before : store.bytes
            }
        ]
        if let hostsPath {
            files.append(
                try FileChange(path: hostsPath) { before in
                    var hosts = HostsFile(bytes: before ?? [])
                    for change in changes { change.apply(to: &hosts) }
                    return hosts.bytes == before ?? [] ? before : hosts.bytes
                })
        }
        for change in changes {
            files.append(
                try FileChange(path: directory.record(change.hostName)) { _ in
                    change.after.map { $0.record.compactBytes + [0x0A] }
                })
            files.append(
                try FileChange(path: directory.file(change.hostName)) { _ in
                    change.after.map { Array(($0.package.json + "\n").utf8) }
                })
        }
        return files
    }

    func readHosts() throws -> HostsFile? {
        guard let hostsPath else { return nil }
        return HostsFile(bytes: try DurableFile.read(hostsPath) ?? [])
    }
}
