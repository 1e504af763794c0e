// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Logging
import MutualTLS
import StrictJSON
import Testing
import TrustStores

@Suite("What a peer says when it is asked to look back")
struct PeerProbeTests {
    private let a: LoopbackHost
    private let b: LoopbackHost

    init() throws {
        b = try LoopbackHost("b.example")
        a = try LoopbackHost("a.example", trusting: [b.identity.certificate])
    }

    @Test("another version of the protocol and another clock are found")
    func versionAndClock() async throws {
        let ahead = Int((Date().timeIntervalSince1970 + 100) * 1000)
        let check = try await check(
            #"{"received_ms":\#(ahead),"version":"0.9\u001b","place":"192.0.2.2:5000","findings":[]}"#)
        // The answer was written before the request was sent.
        #expect((70...100).contains { check.there == [.version("0.9\u{1B}"), .clock($0)] }, "\(check.there)")
        #expect(check.back == [] && check.isProbedBack)
        #expect(
            check.there[0].prose(about: check.peer).message
                == #"it speaks version "0.9\u{1b}" of the protocol, this authority 1.0"#)
    }

    @Test("what it found is taken over, also what a newer version may find, and where it looked is compared")
    func findings() async throws {
        let now = Int(Date().timeIntervalSince1970 * 1000)
        let findings = #"[{"kind":"port_closed","value":null},{"kind":"moon_phase","value":7}]"#
        let check = try await check(
            #"{"received_ms":\#(now),"version":"1.0","place":"198.51.100.1:5000","findings":\#(findings)}"#)
        #expect(check.there == [])
        #expect(check.back == [.portClosed, .unknown("moon_phase"), .otherPlace("198.51.100.1:5000")])
    }

    @Test("an answer that cannot be read is no answer", arguments: ["", "[]", "{}", #"{"received_ms":-1}"#])
    func malformed(answer: String) async throws {
        #expect(try await check(answer).there == [.noAnswer("its answer cannot be read")])
    }

    @Test("every finding that is told goes to JSON and back")
    func coding() throws {
        let findings: [PeerFinding] = [
            .unreachable("x"), .portClosed, .otherAddress([try #require(IPAddress("192.0.2.1"))]),
            .otherCertificate(b.identity.certificate.fingerprint), .expired(Date(timeIntervalSince1970: 1)),
            .notYetValid(Date(timeIntervalSince1970: 2)), .wrongHostName, .notInstalledThere,
            .ownExpired(Date(timeIntervalSince1970: 3)), .tlsFailure("y"), .noAnswer("z"), .noPackage,
        ]
        for finding in findings { #expect(try PeerFinding(JSONField(finding.json, name: "finding")) == finding) }
    }

    /// What b finds of a, which answers to the request with `text`.
    private func check(_ text: String) async throws -> PeerCheck {
        _ = try a.scratch.write(text, to: "check")
        let found = Found()
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            let check = try await b.asking { client in
                await PeerProbe(identity: b.tls, client: client, hostsPath: nil).check(
                    endpoint, places: ["192.0.2.2:5000"])
            }
            await found.set(check)
        }
        return try #require(await found.check)
    }

    private actor Found {
        var check: PeerCheck?
        func set(_ check: PeerCheck) { self.check = check }
    }
}
