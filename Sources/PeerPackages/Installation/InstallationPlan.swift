// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Foundation
import TrustStores

/// The changes of one run, each checked against what is installed and against those before it.
struct InstallationPlan {
    private let files: InstallationFiles
    private let ownHostName: HostName?
    private let ownCertificates: [Certificate]
    private var installed: [InstalledPeer]
    private(set) var changes: [PeerChange] = []

    init(files: InstallationFiles, configuration: HostConfiguration) throws {
        self.files = files
        ownHostName = configuration.hostName
        ownCertificates = configuration.ownCertificates()
        installed = try files.directory.packages().map { try files.directory.installed($0) }
    }

    /// Adds what is to be done for one package.
    mutating func add(
        _ package: PeerPackage, replacing: PeerInstallation.Replacing, now: Date
    ) throws -> PeerInstallation.Outcome {
        try refuseOwn(package)
        try package.requireFit(at: now)
        try refuseCertificateOfAnother(package)
        guard let old = try peer(package.hostName) else {
            guard replacing == .refused else { throw PeerPackageError.nothingToReplace(package.hostName) }
            append(.install(try fresh(package)))
            return .installed(package)
        }
        if old.package == package { return try repeated(old, replacing: replacing) }
        guard replacing != .refused else {
            throw PeerPackageError.conflict(package.hostName, installed: old.package.certificate.fingerprint)
        }
        var new = try fresh(package, inPlaceOf: old)
        new.succeed(old)
        if replacing == .keepingFormerCertificate {
            let isSame = old.package.certificate == package.certificate
            new.former =
                isSame ? old.former : .init(certificate: old.package.certificate, addedTrust: old.addedTrust)
        }
        append(.replace(old, by: new))
        return .replaced(package, former: old.package.certificate)
    }

    /// The certificates in whose place that of `package` comes.
    func former(of package: PeerPackage) -> [Certificate] {
        guard let old = changes.first(where: { $0.hostName == package.hostName })?.before else { return [] }
        return [old.package.certificate] + [old.former?.certificate].compactMap(\.self)
    }

    /// The very same package again: what went missing from the calist is put right, a former certificate may go.
    private mutating func repeated(
        _ old: InstalledPeer, replacing: PeerInstallation.Replacing
    ) throws -> PeerInstallation.Outcome {
        if let former = old.former, replacing == .inOneStep {
            var new = old
            new.former = nil
            append(.replace(old, by: new))
            return .replaced(old.package, former: former.certificate)
        }
        let isTrusted = try TrustStore(file: files.trustStorePath).contains(old.package.certificate.fingerprint)
        guard !isTrusted else { return .unchanged(old.package) }
        var new = InstalledPeer(
            package: old.package, addedTrust: true, addedHosts: old.addedHosts, former: old.former)
        new.succeed(old)
        append(.replace(old, by: new))
        return .installed(old.package)
    }

    private func fresh(_ package: PeerPackage, inPlaceOf old: InstalledPeer? = nil) throws -> InstalledPeer {
        let isTrusted = try TrustStore(file: files.trustStorePath).contains(package.certificate.fingerprint)
        let isOurs = old?.addedCertificates.contains(package.certificate) ?? false
        // The hosts file as it is without the line of the package that goes.
        var hosts = try files.readHosts()
        if let old, old.addedHosts { hosts?.remove(old.package.address, package.hostName) }
        return InstalledPeer(
            package: package, addedTrust: !isTrusted || isOurs,
            addedHosts: hosts?.addresses(of: package.hostName).isEmpty ?? false)
    }

    private func peer(_ hostName: HostName) throws -> InstalledPeer? {
        if let peer = installed.first(where: { $0.package.hostName == hostName }) { return peer }
        // For a file that is damaged this throws, and says which it is.
        return try files.directory.package(hostName).map { try files.directory.installed($0) }
    }

    /// Of several changes of one host, one is made.
    private mutating func append(_ change: PeerChange) {
        if let index = changes.firstIndex(where: { $0.hostName == change.hostName }), let peer = change.after {
            changes[index] = changes[index].before.map { .replace($0, by: peer) } ?? .install(peer)
        } else {
            changes.append(change)
        }
        installed.removeAll { $0.package.hostName == change.hostName }
        if let peer = change.after { installed.append(peer) }
    }

    private func refuseOwn(_ package: PeerPackage) throws(PeerPackageError) {
        guard !package.hostName.isLocalhost else { throw .localhost(package.hostName) }
        guard package.hostName != ownHostName else { throw .own(package.hostName) }
        guard !ownCertificates.contains(package.certificate) else { throw .ownCertificate(package.hostName) }
    }

    private func refuseCertificateOfAnother(_ package: PeerPackage) throws(PeerPackageError) {
        let holder = installed.first { peer in
            peer.package.hostName != package.hostName
                && (peer.package.certificate == package.certificate || peer.former?.certificate == package.certificate)
        }
        if let holder { throw .certificateInUse(package.hostName, by: holder.package.hostName) }
    }
}
