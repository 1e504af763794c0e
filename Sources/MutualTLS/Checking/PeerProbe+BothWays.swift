// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import StrictJSON
package import TrustStores

/// What an authority found of a peer, and the peer of it.
package struct PeerCheck: Sendable {
    package let peer: PeerEndpoint
    package var there: [PeerFinding] = []
    package var back: [PeerFinding] = []
    /// Where the peer looked for this authority; nil if it did not look.
    package var lookedAt: String?
    package var version: String?
    /// The certificates that the peer has of this authority.
    package var installed: [Fingerprint] = []
    /// Seconds that the peer's clock is ahead.
    package var clockDifference: Double?

    package var isSound: Bool { there.isEmpty && back.isEmpty }
    package var isProbedBack: Bool { lookedAt != nil }
}

/// What a peer answers to `POST /api/check`: what it sees of the one that asks.
package struct ProbeAnswer: Sendable {
    /// When the request came, by the peer's clock.
    let received: Date
    let version: String
    /// Where it looked; nil without a package.
    let place: String?
    let findings: [PeerFinding]
    /// The certificates that are installed there for the one that asks.
    let installed: [Fingerprint]

    package init(received: Date, place: String?, findings: [PeerFinding], installed: [Fingerprint] = []) {
        self.installed = installed
        self.received = received
        version = PeerProtocol.version
        self.place = place
        self.findings = findings
    }

    package var json: JSONValue {
        [
            "received_ms": .integer(Int(received.timeIntervalSince1970 * 1000)), "version": .string(version),
            "place": place.map { .string($0) } ?? .null, "findings": .array(findings.map(\.json)),
            "installed": .array(installed.map { .string($0.hex) }),
        ]
    }

    init(_ body: [UInt8]) throws {
        let answer = JSONField(
            try JSONValue(parsing: body, limits: JSONLimits(byteCount: 64 << 10, depth: 8)), name: "the answer")
        let milliseconds = try answer.member("received_ms").integer(in: 0...253_402_300_799_000)
        received = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        version = try answer.member("version").string(maximum: 100)
        place = try answer.optional("place")?.string(maximum: 100)
        findings = try answer.member("findings").elements(0...20).map { field in try PeerFinding(field) }
        let fingerprints = try answer.optional("installed")?.elements(0...20) ?? []
        installed = try fingerprints.compactMap { Fingerprint(hex: try $0.string(maximum: 64)) }
    }
}

extension PeerProbe {
    /// Two clocks that differ by more seconds than these are worth an operator's time.
    private static let clockTolerance = 30.0

    /// Looks at a peer, and has it look back.
    ///
    /// - Parameter places: this authority's addresses and ports, as ``IPAddress/joined(port:)`` writes them.
    package func check(_ peer: PeerEndpoint, places: [String]) async -> PeerCheck {
        var check = PeerCheck(peer: peer)
        let (findings, isConnected) = await look(at: peer)
        check.there = findings
        guard isConnected else { return check }
        do {
            let (answer, sent) = try await askBack(peer)
            if let refusal = refusal(in: answer) {
                check.there.append(refusal)
            } else if answer.status == 200 {
                take(try ProbeAnswer(answer.body), sent: sent, places: places, into: &check)
            } else if answer.status != 404 {
                // A web server is a peer too, and knows no such request; anything else is no answer.
                check.there.append(.noAnswer("HTTP status \(answer.status)"))
            }
        } catch {
            check.there.append(finding(error))
        }
        return check
    }

    /// The answer, and when the request that it answers was sent. A peer that was asked a moment ago is asked again later.
    private func askBack(_ peer: PeerEndpoint) async throws -> (PeerClient.Answer, Date) {
        var sent = Date()
        var answer = try await ask(peer)
        for _ in 0..<3 where answer.status == 429 {
            try await Task.sleep(for: .milliseconds(2100))
            sent = Date()
            answer = try await ask(peer)
        }
        return (answer, sent)
    }

    private func ask(_ peer: PeerEndpoint) async throws -> PeerClient.Answer {
        try await client.send(
            .post, "/api/check", to: peer, json: Array("{}".utf8), limit: 64 << 10, timeout: .seconds(40))
    }

    private func take(_ answer: ProbeAnswer, sent: Date, places: [String], into check: inout PeerCheck) {
        check.version = answer.version
        check.lookedAt = answer.place
        check.back = answer.findings
        check.installed = answer.installed
        if answer.version != PeerProtocol.version { check.there.append(.version(answer.version)) }
        let difference = answer.received.timeIntervalSince(sent)
        check.clockDifference = difference
        if abs(difference) > Self.clockTolerance { check.there.append(.clock(Int(difference.rounded()))) }
        if let place = answer.place, !places.contains(place) { check.back.append(.otherPlace(place)) }
    }
}
