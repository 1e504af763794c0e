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
    }

    func show(_ directory: PeerDirectory) throws {
        for package in try named(operands, in: directory) { TextOutput.standardOutput.line(package.json) }
    }

    func list(_ directory: PeerDirectory) throws {
        let packages = try operands.isEmpty ? directory.packages() : named(operands, in: directory)
        if operands.isEmpty {
            for file in try directory.damagedFiles() {
                TextOutput.standardError.printWarning("\(directory.path)/\(file) holds no usable package")
            }
        }
        if json { return try TextOutput.standardOutput.printJSON(packages.map(ListedPeer.init)) }
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
    }

    private func named(_ names: [String], in directory: PeerDirectory) throws -> [PeerPackage] {
        try names.map { name in
            guard let hostName = HostName(name), let package = try directory.package(hostName) else {
                throw PeerPackageError.notInstalled(name)
            }
            return package
        }
    }
}

/// The day in UTC, such as 2046-05-31.
func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }

private struct ListedPeer: Encodable {
    let hostname: String
    let ip_address: String
    let port: Int
    let fingerprint: String
    let subject: String
    let expires: Date

    init(_ package: PeerPackage) {
        hostname = package.hostName.text
        ip_address = package.address.text
        port = package.port
        fingerprint = package.certificate.fingerprint.hex
        subject = package.certificate.subject
        expires = package.certificate.validUntil
    }
}
