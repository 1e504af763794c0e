// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Foundation
import Logging
import MutualTLS
import OperatorConsole
import OperatorErrors
import PeerPackages
import TrustStores

extension EoPeers {
    /// Ends with 1 if anything was found, and with 69 if it is nothing but peers that cannot be reached.
    func check(_ configuration: HostConfiguration) async throws {
        let directory = PeerDirectory(path: configuration.peerListPath)
        let packages = try operands.isEmpty ? directory.packages() : named(operands, in: directory)
        let damaged = operands.isEmpty ? try directory.damagedFiles() : []
        for file in damaged {
            TextOutput.standardError.printWarning("\(directory.path)/\(file) holds no usable package")
        }
        let peers = try packages.map { package in
            PeerEndpoint(
                hostName: package.hostName, address: package.address, port: package.port,
                certificate: package.certificate, former: try directory.formerCertificate(package.hostName))
        }
        let own = try configuration.ownIdentity().certificate
        let (checks, isStale) = try await look(at: peers, configuration, own)
        if isStale {
            TextOutput.standardError.printWarning(
                "eorchestra serve shows another certificate here than the one in use: restart it")
        }
        if json {
            try TextOutput.standardOutput.printJSON(checks.map(CheckedPeer.init))
        } else {
            warnOfExpiry(own, of: "this authority")
            if checks.isEmpty { TextOutput.standardOutput.line("no peers are installed") }
            for check in checks { print(check) }
        }
        let findings = checks.flatMap { $0.there + $0.back }
        guard damaged.isEmpty, !isStale else { throw ExitStatusError(.refused) }
        guard findings.isEmpty else {
            throw ExitStatusError(findings.allSatisfy(\.isUnreachable) ? .unreachable : .refused)
        }
    }

    /// All peers at once, in their order, and whether this authority's server shows another certificate than it should.
    private func look(
        at peers: [PeerEndpoint], _ configuration: HostConfiguration, _ own: Certificate
    ) async throws -> (checks: [PeerCheck], isStale: Bool) {
        let next = try configuration.nextCertificate()
        let identity = try TLSIdentity(certificate: own, keyPath: configuration.certificateKeyPath)
        let client = PeerClient(identity: identity, logger: Logger(label: "eopeers") { _ in SwiftLogNoOpLogHandler() })
        let probe = PeerProbe(identity: identity, client: client, hostsPath: configuration.hostsPath)
        let addresses = [configuration.publicAddress, configuration.privateAddress].compactMap(\.self)
        let places = addresses.map { $0.joined(port: configuration.port) }
        let checks = await withTaskGroup(of: (Int, PeerCheck).self) { group in
            for (index, peer) in peers.enumerated() {
                group.addTask { (index, await probe.check(peer, places: places)) }
            }
            var checks: [(Int, PeerCheck)] = []
            for await check in group { checks.append(check) }
            return checks.sorted { $0.0 < $1.0 }.map(\.1)
        }
        await client.shutdown()
        var isStale = false
        if let name = configuration.hostName, let address = addresses.last {
            let server = PeerEndpoint(hostName: name, address: address, port: configuration.port, certificate: own)
            if let shown = await server.certificateShown(to: identity) { isStale = shown != own.fingerprint }
        }
        return (checks.map { $0.withNext(next) }, isStale)
    }

    private func print(_ check: PeerCheck) {
        let output = TextOutput.standardOutput
        let name = output.painted(check.peer.hostName.text, .bold)
        guard !check.isSound else {
            let ok = output.painted("ok", .green)
            output.line(
                "\(name): \(ok)\(check.isProbedBack ? ", both ways" : "; it is no authority that could look back")")
            return
        }
        for told in check.told {
            output.line("\(name): \(output.painted(told.message, .red))")
            output.line("  hint: \(told.hint)")
        }
    }
}

extension PeerCheck {
    /// With a word about a certificate that is to come into use, where the peer looked back and does not have it.
    fileprivate func withNext(_ certificate: Certificate?) -> PeerCheck {
        guard let certificate, isProbedBack, !installed.contains(certificate.fingerprint) else { return self }
        var check = self
        check.back.append(.nextNotInstalled)
        return check
    }

    fileprivate struct Told {
        let direction: String
        let kind: String
        let message: String
        let hint: String
    }

    fileprivate var told: [Told] {
        let there = there.map { finding in
            let (message, hint) = finding.prose(about: peer)
            return Told(direction: "there", kind: finding.kind, message: message, hint: hint)
        }
        let back = back.map { finding in
            let (message, hint) = finding.proseBack(from: peer, place: lookedAt.map { quotedPlace($0) } ?? "my address")
            return Told(direction: "back", kind: finding.kind, message: message, hint: hint)
        }
        return there + back
    }

    /// As the peer wrote it, if that is an address with a port.
    private func quotedPlace(_ place: String) -> String {
        place.wholeMatch(of: /[0-9a-fA-F:.\[\]]{3,60}/) == nil ? quoted(place) : place
    }
}

private struct CheckedPeer: Encodable {
    struct Finding: Encodable {
        let direction: String
        let kind: String
        let message: String
        let hint: String
    }

    let hostname: String
    let ip_address: String
    let port: Int
    let ok: Bool
    let probed_back: Bool
    let version: String?
    let clock_difference_seconds: Double?
    let findings: [Finding]

    init(_ check: PeerCheck) {
        hostname = check.peer.hostName.text
        ip_address = check.peer.address.text
        port = check.peer.port
        ok = check.isSound
        probed_back = check.isProbedBack
        version = check.version
        clock_difference_seconds = check.clockDifference
        findings = check.told.map {
            Finding(direction: $0.direction, kind: $0.kind, message: $0.message, hint: $0.hint)
        }
    }
}
