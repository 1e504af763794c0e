// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import MutualTLS
import StrictJSON
import TrustStores

/// Looks back at a peer that asks for it, `POST /api/check`, and says what is there to be seen from here.
///
/// No scanner of ports for others: it looks at nothing but the address and port of the package that is installed here with the
/// certificate of the one that asks, once in two seconds for each, and at four peers at a time.
actor ProbeBack {
    private let peers: InstalledPeers
    private let probe: PeerProbe
    private var lastLooks: [Fingerprint: ContinuousClock.Instant] = [:]
    private var looking = 0

    private static let pause = Duration.seconds(2)
    private static let greatestCount = 4

    init(peers: InstalledPeers, probe: PeerProbe) {
        self.peers = peers
        self.probe = probe
    }

    nonisolated func addRoute(to router: Router<BasicPeerRequestContext>) {
        router.post("/api/check") { request, context in
            let received = Date()
            guard let peer = context.peer else { throw RequestRefusal.noCertificate }
            _ = try await bytes(of: request, atMost: 1024)
            guard let answer = await self.answer(to: peer, received: received) else {
                return json(["error": "asked a moment ago: ask again in two seconds"], status: .tooManyRequests)
            }
            return json(answer.json, status: .ok)
        }
    }

    /// Nil for one that has to wait.
    private func answer(to certificate: Certificate, received: Date) async -> ProbeAnswer? {
        guard let peer = peers.endpoint(showing: certificate) else {
            return ProbeAnswer(received: received, place: nil, findings: [.noPackage])
        }
        let now = ContinuousClock.now
        let isRested = lastLooks[certificate.fingerprint].map { now - $0 >= Self.pause } ?? true
        guard isRested, looking < Self.greatestCount else { return nil }
        lastLooks = lastLooks.filter { now - $0.value < Self.pause }
        lastLooks[certificate.fingerprint] = now
        looking += 1
        let findings = await probe.findings(about: peer)
        looking -= 1
        return ProbeAnswer(
            received: received, place: peer.address.joined(port: peer.port), findings: findings,
            installed: peer.certificates.map(\.fingerprint))
    }
}
