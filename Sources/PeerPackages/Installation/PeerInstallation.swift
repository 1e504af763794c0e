// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
import StrictJSON
package import TrustStores

/// Installs and uninstalls peers: calist, hosts file and PEER_LIST together, all of it or none of it.
///
/// One run at a time (a lock). What is to happen is written to a journal first; a run that was killed half-way is brought to its
/// end by the next one, a run that fails is taken back.
package struct PeerInstallation: Sendable {
    package enum Outcome: Sendable, Equatable {
        case installed(PeerPackage)
        /// The very same package was installed before.
        case unchanged(PeerPackage)
    }

    private let configuration: HostConfiguration

    package init(configuration: HostConfiguration) { self.configuration = configuration }

    package var directory: PeerDirectory { PeerDirectory(path: configuration.peerListPath) }

    /// - Throws: ``PeerPackageError`` for the first package that is refused, or ``FileError``; then none was installed.
    package func install(_ packages: [PeerPackage]) throws -> [Outcome] {
        try locked { files in
            let own = try? configuration.ownCertificate()
            var installed = try directory.packages()
            var (changes, outcomes): ([PeerChange], [Outcome]) = ([], [])
            for package in packages {
                try refuseOwn(package, certificate: own)
                let old = try installed.first { $0.hostName == package.hostName } ?? directory.package(package.hostName)
                if let old, old != package {
                    throw PeerPackageError.conflict(old.hostName, installed: old.certificate.fingerprint)
                }
                if let other = installed.first(where: {
                    $0.certificate == package.certificate && $0.hostName != package.hostName
                }) {
                    throw PeerPackageError.certificateInUse(package.hostName, by: other.hostName)
                }
                let change = try plan(installing: package, files: files, isThere: old != nil)
                outcomes.append(change == nil ? .unchanged(package) : .installed(package))
                if let change { changes.append(change) }
                if old == nil { installed.append(package) }
            }
            try carryOut(changes, files)
            return outcomes
        }
    }

    /// - Throws: ``PeerPackageError/notInstalled(_:)`` for the first name without a package; then none was uninstalled.
    package func uninstall(_ hostNames: [String]) throws -> [PeerPackage] {
        try locked { files in
            let own = (try? configuration.ownCertificate())?.fingerprint
            var changes: [PeerChange] = []
            for name in hostNames {
                guard let hostName = HostName(name), let package = try directory.package(hostName) else {
                    throw PeerPackageError.notInstalled(name)
                }
                guard !changes.contains(where: { $0.package == package }) else { continue }
                let recorded = files.recorded(hostName)
                changes.append(
                    PeerChange(
                        kind: .uninstall, package: package,
                        touchesTrust: recorded.trust && package.certificate.fingerprint != own,
                        touchesHosts: recorded.hosts))
            }
            try carryOut(changes, files)
            return changes.map(\.package)
        }
    }

    /// Addresses that the hosts file gives to a peer's name and that are not the package's: they were left alone.
    package func otherAddresses(of package: PeerPackage) throws -> [IPAddress] {
        try files.readHosts()?.addresses(of: package.hostName).filter { $0 != package.address } ?? []
    }

    private var files: InstallationFiles {
        InstallationFiles(
            directory: directory, trustStorePath: configuration.trustStorePath, hostsPath: configuration.hostsPath)
    }

    private func locked<Result>(_ body: (InstallationFiles) throws -> Result) throws -> Result {
        let files = self.files
        try DurableFile.makeFolder(directory.path, mode: 0o755)
        let lock = try FileLock(path: files.lockPath)
        files.removeLeftovers()
        if let unfinished = try files.readJournal() {
            try files.perform(unfinished)
            try files.removeJournal()
        }
        let result = try body(files)
        _ = consume lock
        return result
    }

    private func refuseOwn(_ package: PeerPackage, certificate: Certificate?) throws(PeerPackageError) {
        guard !package.hostName.isLocalhost else { throw .localhost(package.hostName) }
        guard package.hostName != configuration.hostName, package.certificate != certificate else {
            throw .own(package.hostName)
        }
    }

    /// Nil if there is nothing to do.
    private func plan(installing package: PeerPackage, files: InstallationFiles, isThere: Bool) throws -> PeerChange? {
        let isTrusted = try TrustStore(file: configuration.trustStorePath).contains(package.certificate.fingerprint)
        if isThere && isTrusted { return nil }
        // A package whose certificate went missing from the calist is put right, and stays what it was elsewhere.
        let recorded = files.recorded(package.hostName)
        let isFree = try files.readHosts()?.addresses(of: package.hostName).isEmpty ?? false
        return PeerChange(
            kind: .install, package: package, touchesTrust: !isTrusted || (isThere && recorded.trust),
            touchesHosts: isFree || (isThere && recorded.hosts))
    }

    private func carryOut(_ changes: [PeerChange], _ files: InstallationFiles) throws {
        guard !changes.isEmpty else { return }
        let before = try files.snapshot(before: changes)
        try files.writeJournal(changes)
        do {
            try files.perform(changes)
        } catch {
            // Where even that fails, the journal stays, and the next run brings the change to its end.
            try files.restore(before)
            try files.removeJournal()
            throw error
        }
        try files.removeJournal()
    }
}
