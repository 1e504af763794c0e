// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
import DurableFiles
package import Foundation
package import TrustStores

/// Installs and uninstalls peers: calist, hosts file, PEER_LIST and a keystore together, all of it or none of it.
///
/// One run at a time (a lock). What is to happen is written to a journal first; a run that was killed half-way is brought to its
/// end by the next one, a run that fails is taken back.
package struct PeerInstallation: Sendable {
    package enum Outcome: Sendable, Equatable {
        case installed(PeerPackage)
        /// The very same package was installed before.
        case unchanged(PeerPackage)
        /// It came in the place of a package with this certificate.
        case replaced(PeerPackage, former: Certificate)

        package var package: PeerPackage {
            switch self {
            case .installed(let package), .unchanged(let package), .replaced(let package, _): package
            }
        }
    }

    /// What happens where another package for the host is installed.
    package enum Replacing: Sendable {
        case refused
        /// The new package takes its place, and the old certificate counts no more.
        case inOneStep
        /// The new package takes its place, and both certificates count until the next replacement.
        case keepingFormerCertificate
    }

    private let configuration: HostConfiguration
    private let keystore: KeystoreTarget?

    package init(configuration: HostConfiguration, keystore: KeystoreTarget? = nil) {
        self.configuration = configuration
        self.keystore = keystore
    }

    package var directory: PeerDirectory { PeerDirectory(path: configuration.peerListPath) }

    /// - Throws: ``PeerPackageError`` for the first package that is refused, ``KeystoreError`` or ``FileError``; then none was
    ///   installed.
    package func install(
        _ packages: [PeerPackage], replacing: Replacing = .refused, now: Date = Date()
    ) throws -> [Outcome] {
        try locked { files in
            var plan = try InstallationPlan(files: files, configuration: configuration)
            let outcomes = try packages.map { try plan.add($0, replacing: replacing, now: now) }
            let change = try keystore?.change(coming: packages.map { ($0, plan.former(of: $0)) })
            try files.carryOut(plan.changes, keystore: change?.file)
            // A peer that came into the keystore only is news too.
            return outcomes.map { outcome in
                guard case .unchanged(let package) = outcome, change?.hosts.contains(package.hostName) == true else {
                    return outcome
                }
                return .installed(package)
            }
        }
    }

    /// - Throws: ``PeerPackageError/notInstalled(_:)`` for the first name without a package; then none was uninstalled.
    package func uninstall(_ hostNames: [String]) throws -> [PeerPackage] {
        try locked { files in
            let own = configuration.ownCertificates()
            var changes: [PeerChange] = []
            for name in hostNames {
                guard let hostName = HostName(name), let package = try directory.package(hostName) else {
                    throw PeerPackageError.notInstalled(name)
                }
                guard !changes.contains(where: { $0.hostName == hostName }) else { continue }
                let peer = try directory.installed(package)
                // This authority's own certificate came into the calist by itself, whatever package bears it.
                let addedTrust = peer.addedTrust && !own.contains(package.certificate)
                changes.append(
                    .uninstall(
                        InstalledPeer(
                            package: package, addedTrust: addedTrust, addedHosts: peer.addedHosts, former: peer.former))
                )
            }
            let packages = changes.compactMap { $0.before?.package }
            try files.carryOut(changes, keystore: try keystore?.change(going: packages).file)
            return packages
        }
    }

    /// Brings to its end what a killed run began, for those who only look; nothing happens where nothing is left to do.
    ///
    /// - Throws: ``FileError`` where this user may not, or the disk does not; then it is left to do.
    package func finishUnfinished() throws {
        guard files.isUnfinished else { return }
        try locked { _ in }
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
        try files.finishUnfinished()
        let result = try body(files)
        _ = consume lock
        return result
    }
}
