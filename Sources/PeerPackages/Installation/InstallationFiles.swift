// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON
import TrustStores

/// All files that installing touches, as they stand on disk, and each change to them as a step that may be repeated.
struct InstallationFiles {
    let directory: PeerDirectory
    let trustStorePath: String
    let hostsPath: String?

    var lockPath: String { "\(directory.path)/.lock" }
    private var journalPath: String { "\(directory.path)/.journal" }

    // MARK: The journal: what is to happen, written down before it does

    func writeJournal(_ changes: [PeerChange]) throws {
        try DurableFile.write(JSONValue.array(changes.map(\.value)).compactBytes, to: journalPath, mode: 0o600)
    }

    func readJournal() throws -> [PeerChange]? {
        guard let bytes = try DurableFile.read(journalPath) else { return nil }
        return try JSONField(JSONValue(parsing: bytes), name: "the journal").elements().map { try PeerChange($0) }
    }

    func removeJournal() throws { try DurableFile.remove(journalPath) }

    /// Temporary files of a run that was killed.
    func removeLeftovers() {
        for path in [trustStorePath, hostsPath, "\(directory.path)/x"].compactMap(\.self) {
            let folder = (path as NSString).deletingLastPathComponent
            let ours = path.hasPrefix(directory.path) ? "." : ".\((path as NSString).lastPathComponent)."
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where name.hasPrefix(ours) && name.wholeMatch(of: /.*\.\d{1,10}\.new/) != nil {
                unlink("\(folder)/\(name)")
            }
        }
    }

    // MARK: Taking back

    /// The files that `changes` touch, as they are now; nil for one that is not there.
    func snapshot(before changes: [PeerChange]) throws -> [String: [UInt8]?] {
        var paths = [trustStorePath] + [hostsPath].compactMap(\.self)
        for change in changes { paths += [directory.file(change.package.hostName), record(change.package.hostName)] }
        return try Dictionary(uniqueKeysWithValues: Set(paths).map { ($0, try DurableFile.read($0)) })
    }

    func restore(_ snapshot: [String: [UInt8]?]) throws {
        for (path, bytes) in snapshot where try DurableFile.read(path) != bytes {
            if let bytes { try DurableFile.write(bytes, to: path, mode: 0o644) } else { try DurableFile.remove(path) }
        }
    }

    // MARK: The steps

    func perform(_ changes: [PeerChange]) throws {
        try changeTrust(changes)
        try changeHosts(changes)
        for change in changes {
            let (file, record) = (directory.file(change.package.hostName), self.record(change.package.hostName))
            switch change.kind {
            case .install:
                try DurableFile.write(change.recordBytes, to: record, mode: 0o644)
                try DurableFile.write(Array((change.package.json + "\n").utf8), to: file, mode: 0o644)
            case .uninstall:
                try DurableFile.remove(file)
                try DurableFile.remove(record)
            }
        }
    }

    /// What installing a package put into the shared files; a package of another program put it into all of them.
    func recorded(_ hostName: HostName) -> (trust: Bool, hosts: Bool) {
        let value = (try? DurableFile.read(record(hostName), limit: 4096)).flatMap { try? JSONValue(parsing: $0) }
        return (value?["calist"]?.asBool ?? true, value?["hosts"]?.asBool ?? true)
    }

    func readHosts() throws -> HostsFile? {
        guard let hostsPath else { return nil }
        return HostsFile(bytes: try DurableFile.read(hostsPath) ?? [])
    }

    private func changeTrust(_ changes: [PeerChange]) throws {
        var store = try TrustStore(file: trustStorePath)
        let before = store.bytes
        for change in changes where change.touchesTrust {
            switch change.kind {
            case .install: store.add(change.package.certificate)
            case .uninstall: store.remove(change.package.certificate.fingerprint)
            }
        }
        if store.bytes != before { try store.write(to: trustStorePath) }
    }

    private func changeHosts(_ changes: [PeerChange]) throws {
        guard let hostsPath, var hosts = try readHosts() else { return }
        let before = hosts
        for change in changes where change.touchesHosts {
            switch change.kind {
            case .install: _ = hosts.add(change.package.address, change.package.hostName)
            case .uninstall: hosts.remove(change.package.address, change.package.hostName)
            }
        }
        if hosts != before { try DurableFile.write(hosts.bytes, to: hostsPath, mode: 0o644) }
    }

    private func record(_ hostName: HostName) -> String { "\(directory.path)/.\(hostName).installed" }
}

extension PeerChange {
    fileprivate var recordBytes: [UInt8] {
        let record: JSONValue = ["calist": .bool(touchesTrust), "hosts": .bool(touchesHosts)]
        return record.compactBytes + [0x0A]
    }
}
