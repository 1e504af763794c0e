// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import MutualTLS
import OperatorErrors
import Testing
import TrustStores
import enum OperatorErrors.ExitStatus

@Suite("Mutual TLS on loopback: only installed certificates, in both directions")
struct TrustOnBothSidesTests {
    private let a: LoopbackHost
    private let b: LoopbackHost

    init() throws {
        b = try LoopbackHost("b.example")
        a = try LoopbackHost("a.example", trusting: [b.identity.certificate])
    }

    @Test("an installed client is served, and the server knows which one it is")
    func accepted() async throws {
        try await a.serving { port in
            let answer = try await b.asking { try await $0.send(.get, "/whoami", to: a.endpoint(port: port)) }
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self) == b.identity.certificate.fingerprint.hex)
        }
    }

    @Test("a client whose certificate is not installed is refused, and told apart from an unreachable server")
    func unknownClient() async throws {
        let stranger = try LoopbackHost("b.example")
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            await #expect(throws: PeerClientError.ownCertificateRefused(peer: endpoint.name)) {
                try await stranger.asking { try await $0.send(.get, "/whoami", to: endpoint) }
            }
        }
    }

    @Test("a client certificate that an installed one has signed is refused: no chain is followed")
    func chainedClient() async throws {
        let child = try await ChildCertificate(of: b.identity, name: "b.example")
        try await a.serving { port in
            let ofChild = try await child.curl("https://a.example:\(port)/whoami", trusting: a, port: port)
            let ofParent = try await b.curl("https://a.example:\(port)/whoami", trusting: a, port: port)
            #expect(ofChild == "000")
            #expect(ofParent == "200")
        }
    }

    @Test("a client without a certificate is refused")
    func noClientCertificate() async throws {
        try await a.serving { port in
            let arguments = curlArguments("https://a.example:\(port)/whoami", trusting: a, port: port)
            let status = try await run("/usr/bin/curl", arguments)
            #expect(status == "000")
        }
    }

    @Test("an installed client that speaks no TLS after 1.1 is refused")
    func oldTLS() async throws {
        try await a.serving { port in
            let url = "https://a.example:\(port)/whoami"
            let old = ["--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"]
            let refused = try await b.curl(url, trusting: a, port: port, more: old)
            #expect(refused == "000")
            let served = try await b.curl(url, trusting: a, port: port, more: ["--tlsv1.0", "--tls-max", "1.2"])
            #expect(served == "200")
        }
    }

    @Test("a client whose installed certificate has run out, or is not valid yet, is refused", arguments: [-10.0, 5.0])
    func expiredClient(day: Double) async throws {
        let old = try TestIdentity("b.example", validFrom: Date() + day * 86_400, days: 9)
        let host = try LoopbackHost("b.example", identity: old)
        try a.trust([a.identity.certificate, old.certificate])
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            await #expect(throws: PeerClientError.ownCertificateRefused(peer: endpoint.name)) {
                try await host.asking { try await $0.send(.get, "/whoami", to: endpoint) }
            }
        }
    }

    @Test("a server that shows another certificate than the pinned one is refused, also one for the same name")
    func wrongServer() async throws {
        let other = try TestIdentity("a.example")
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port, showing: other.certificate)
            await #expect(throws: PeerClientError.peerCertificateRefused(peer: endpoint.name)) {
                try await b.asking { try await $0.send(.get, "/whoami", to: endpoint) }
            }
        }
    }

    @Test("a server certificate that the pinned one has signed is refused: no chain is followed")
    func chainedServer() async throws {
        let child = try await ChildCertificate(of: a.identity, name: "a.example")
        var impostor = try LoopbackHost("a.example", trusting: [b.identity.certificate])
        impostor.tls = try TLSIdentity(certificate: child.certificate, keyPath: child.keyPath)
        try await impostor.serving { port in
            let endpoint = try a.endpoint(port: port)
            await #expect(throws: PeerClientError.peerCertificateRefused(peer: endpoint.name)) {
                try await b.asking { try await $0.send(.get, "/whoami", to: endpoint) }
            }
        }
    }

    @Test("the pinned certificate under a host name that it does not have is refused")
    func wrongHostName() async throws {
        try await a.serving { port in
            let right = try a.endpoint(port: port)
            let wrong = PeerEndpoint(
                hostName: b.identity.hostName, address: right.address, port: port, certificate: right.certificate)
            await #expect(throws: PeerClientError.wrongHostName(peer: wrong.name)) {
                try await b.asking { try await $0.send(.get, "/whoami", to: wrong) }
            }
        }
    }

    @Test("where nobody listens, the peer is unreachable, with its own exit code")
    func unreachable() async throws {
        let endpoint = try a.endpoint(port: 1)
        let error = try await #require(throws: PeerClientError.self) {
            try await b.asking { try await $0.send(.get, "/whoami", to: endpoint) }
        }
        #expect(error == .unreachable(peer: endpoint.name, reason: "connection refused"))
        #expect(error.exitCode == .unreachable)
    }

    @Test("a peer that is installed while the server runs is served, and loses even its open connection when removed")
    func changesWhileRunning() async throws {
        try a.trust([a.identity.certificate])
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            try await b.asking { client in
                await #expect(throws: PeerClientError.ownCertificateRefused(peer: endpoint.name)) {
                    try await client.send(.get, "/whoami", to: endpoint)
                }
                try a.trust([a.identity.certificate, b.identity.certificate])
                let whileInstalled = try await client.send(.get, "/whoami", to: endpoint)
                #expect(whileInstalled.status == 200)
                try a.trust([a.identity.certificate])
                let whenRemoved = try await client.send(.get, "/whoami", to: endpoint)
                #expect(whenRemoved.status == 403)
            }
            await #expect(throws: PeerClientError.ownCertificateRefused(peer: endpoint.name)) {
                try await b.asking { try await $0.send(.get, "/whoami", to: endpoint) }
            }
        }
    }

    @Test("an emptied or damaged calist leaves the old trust in place", arguments: ["", "no certificate here\n"])
    func damagedStore(contents: String) async throws {
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            _ = try a.scratch.write(contents, to: "calist")
            let answer = try await b.asking { try await $0.send(.get, "/whoami", to: endpoint) }
            #expect(answer.status == 200)
        }
    }
}
