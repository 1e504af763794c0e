// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import PeerPackages
import StrictJSON
import TrustStores

/// Looks at peers as they are reached: their names, addresses, ports, certificates, and what they say to a request.
package struct PeerProbe: Sendable {
    private let identity: TLSIdentity
    let client: PeerClient
    private let hostsPath: String?

    /// - Parameter hostsPath: HOSTS_PATH, asked for a peer's name before the resolver is.
    package init(identity: TLSIdentity, client: PeerClient, hostsPath: String?) {
        self.identity = identity
        self.client = client
        self.hostsPath = hostsPath
    }

    /// All that can be found of a peer without its help.
    package func findings(about peer: PeerEndpoint) async -> [PeerFinding] {
        let (findings, isConnected) = await look(at: peer)
        guard isConnected else { return findings }
        do {
            let answer = try await client.send(.get, "/api/identity", to: peer, limit: 64 << 10, timeout: .seconds(10))
            return findings + (refusal(in: answer).map { [$0] } ?? [])
        } catch {
            return findings + [finding(error)]
        }
    }

    /// Names, addresses and certificates, and whether a request may be worth its while.
    func look(at peer: PeerEndpoint, now: Date = Date()) async -> (findings: [PeerFinding], isConnected: Bool) {
        async let addresses = self.addresses(of: peer)
        async let shown = ShownCertificate(identity: identity).fingerprint(at: peer)
        var findings: [PeerFinding] = []
        let found = await addresses
        if !found.isEmpty, !found.contains(peer.address) { findings.append(.otherAddress(found)) }
        switch await shown {
        case .failure(let finding): return (findings + [finding], false)
        case .success(let fingerprint):
            guard let certificate = peer.certificates.first(where: { $0.fingerprint == fingerprint }) else {
                return (findings + [.otherCertificate(fingerprint)], false)
            }
            let unfit = Self.unfit(certificate, of: peer, now: now)
            return (findings + unfit, unfit.isEmpty)
        }
    }

    func finding(_ error: any Error) -> PeerFinding {
        switch error as? PeerClientError {
        case .ownCertificateRefused:
            let own = identity.certificate
            return own.isValid(at: Date()) ? .notInstalledThere : .ownExpired(own.validUntil)
        case .peerCertificateRefused: return .tlsFailure("its certificate is refused")
        case .wrongHostName: return .wrongHostName
        case .timeout: return .noAnswer("no answer in time")
        case .unreachable(_, let reason): return .noAnswer(reason)
        case .answerTooLarge, .wrongRange, .status, nil: return .noAnswer("its answer cannot be read")
        }
    }

    /// What a status says of the handshake behind it.
    func refusal(in answer: PeerClient.Answer) -> PeerFinding? {
        let text = String(decoding: answer.body.prefix(2000), as: UTF8.self)
        // nginx completes a handshake whose client certificate it refuses, and says so afterwards.
        if answer.status == 403 || (answer.status == 400 && text.contains("SSL certificate")) {
            return finding(PeerClientError.ownCertificateRefused(peer: ""))
        }
        return (500...599).contains(answer.status) ? .noAnswer("HTTP status \(answer.status)") : nil
    }

    private func addresses(of peer: PeerEndpoint) async -> [IPAddress] {
        if let hostsPath, let bytes = try? DurableFile.read(hostsPath) {
            let addresses = HostsFile(bytes: bytes).addresses(of: peer.hostName)
            if !addresses.isEmpty { return addresses }
        }
        return await NameResolution.addresses(of: peer.hostName)
    }

    private static func unfit(_ certificate: Certificate, of peer: PeerEndpoint, now: Date) -> [PeerFinding] {
        var findings: [PeerFinding] = []
        if now > certificate.validUntil { findings.append(.expired(certificate.validUntil)) }
        if now < certificate.validFrom { findings.append(.notYetValid(certificate.validFrom)) }
        if !certificate.isFor(peer.hostName) { findings.append(.wrongHostName) }
        return findings
    }
}
