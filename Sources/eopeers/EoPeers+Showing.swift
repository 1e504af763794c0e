// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Foundation
import OperatorConsole
import PeerPackages
import TrustStores

extension EoPeers {
    func showMine(_ configuration: HostConfiguration) throws {
        let address =
            try usesPrivateAddress ? configuration.requiredPrivateAddress() : configuration.requiredPublicAddress()
        let package = PeerPackage(
            hostName: try configuration.requiredHostName(), address: address, port: configuration.port,
            version: configuration.version, certificate: try configuration.ownCertificate())
        TextOutput.standardOutput.line(package.json)
        guard !json else { return }
        // Not among the package, which goes into a file or to another eopeers.
        TextOutput.standardError.line("the SHA-256 of this certificate, to read out to the peers' operators:")
        for line in package.certificate.fingerprint.readAloud { TextOutput.standardError.line("  \(line)") }
    }

    func show(_ directory: PeerDirectory) throws {
        for package in try named(operands, in: directory) { TextOutput.standardOutput.line(package.json) }
    }

    func list(_ configuration: HostConfiguration) throws {
        let directory = PeerDirectory(path: configuration.peerListPath)
        let packages = try operands.isEmpty ? directory.packages() : named(operands, in: directory)
        if operands.isEmpty {
            for file in try directory.damagedFiles() {
                TextOutput.standardError.printWarning("\(directory.path)/\(file) holds no usable package")
            }
        }
        for package in packages { warnOfExpiry(package.certificate, of: package.hostName.text) }
        warnOfUntrusted(packages, configuration)
        let peers = try packages.map { ListedPeer($0, former: try directory.formerCertificate($0.hostName)) }
        if let own = try? configuration.ownCertificate() { warnOfExpiry(own, of: "this authority") }
        if json { return try TextOutput.standardOutput.printJSON(peers) }
        guard !packages.isEmpty else { return TextOutput.standardOutput.line("no peers are installed") }
        var table = TextTable(
            ["HOST", "ADDRESS", "PORT", "EXPIRES", "CERTIFICATE SHA-256"], alignments: [.left, .left, .right])
        for package in packages {
            table.add([
                package.hostName.text, package.address.text, "\(package.port)", day(package.certificate.validUntil),
                package.certificate.fingerprint.hex,
            ])
        }
        TextOutput.standardOutput.print(table)
        for peer in peers {
            guard let former = peer.former_fingerprint else { continue }
            TextOutput.standardOutput.line(
                "\(peer.hostname): its former certificate counts, too, until the next eopeers --replace: \(former)")
        }
    }

    /// Says so when a package is installed and its certificate is not trusted: somebody changed the calist by hand.
    private func warnOfUntrusted(_ packages: [PeerPackage], _ configuration: HostConfiguration) {
        guard let trusted = try? TrustStore(file: configuration.trustStorePath) else { return }
        for package in packages where !trusted.contains(package.certificate.fingerprint) {
            TextOutput.standardError.printWarning(
                "the certificate of \(package.hostName) is not in \(configuration.trustStorePath): eopeers --install with its package puts it back"
            )
        }
    }

    /// Says so when a certificate has run out or will within a month.
    func warnOfExpiry(_ certificate: Certificate, of name: String, now: Date = Date()) {
        let days = certificate.daysLeft(at: now)
        guard days < Certificate.renewalDays else { return }
        let date = day(certificate.validUntil)
        TextOutput.standardError.printWarning(
            days < 0
                ? "the certificate of \(name) ran out on \(date)"
                : "the certificate of \(name) runs out on \(date), in \(days) days: eorchestra renew-certificate makes a new one there"
        )
    }

    func named(_ names: [String], in directory: PeerDirectory) throws -> [PeerPackage] {
        try names.map { name in
            guard let hostName = HostName(name), let package = try directory.package(hostName) else {
                throw PeerPackageError.notInstalled(name)
            }
            return package
        }
    }
}

private struct ListedPeer: Encodable {
    let hostname: String
    let ip_address: String
    let port: Int
    let fingerprint: String
    let subject: String
    let expires: Date
    let days_left: Int
    /// Of a certificate that counts beside the package's for the time of a change-over.
    let former_fingerprint: String?

    init(_ package: PeerPackage, former: Certificate?) {
        former_fingerprint = former?.fingerprint.hex
        hostname = package.hostName.text
        ip_address = package.address.text
        port = package.port
        fingerprint = package.certificate.fingerprint.hex
        subject = package.certificate.subject
        expires = package.certificate.validUntil
        days_left = package.certificate.daysLeft(at: Date())
    }
}
