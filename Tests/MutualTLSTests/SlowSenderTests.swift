// SPDX-License-Identifier: Apache-2.0

import HostTestSupport
import MutualTLS
import NIOCore
import Testing
import TrustStores

@Suite("Installed clients that send too slowly", .timeLimit(.minutes(2)))
struct SlowSenderTests {
    private let a: LoopbackHost
    private let b: LoopbackHost

    init() throws {
        b = try LoopbackHost("b.example")
        a = try LoopbackHost("a.example", trusting: [b.identity.certificate])
    }

    /// With short times, once a connection has answered a request.
    private func talking(
        idle: TimeAmount = .seconds(60), _ body: @escaping @Sendable (TLSConversation) async throws -> Void
    ) async throws {
        var limits = ConnectionLimits()
        limits.idleTimeout = idle
        limits.requestTimeout = .seconds(4)
        try await a.serving(limits: limits) { port in
            let conversation = try TLSConversation(
                port: port, name: "a.example", certificate: b.scratch.path("cert.pem"),
                key: b.scratch.path("key-nopass.pem"))
            try conversation.say("GET /whoami HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await conversation.hears(b.identity.certificate.fingerprint.hex))
            try await body(conversation)
        }
    }

    /// Says the same again and again until the server hangs up; false if it does not.
    private func ends(_ conversation: TLSConversation, hearing text: String) async throws -> Bool {
        for _ in 0..<600 {
            if !conversation.isOpen { return true }
            try? conversation.say(text)
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    @Test("a head that comes letter by letter")
    func head() async throws {
        try await talking(idle: .seconds(4)) { conversation in
            try conversation.say("GET /whoami HTTP/1.1\r\nHost: a\r\nX-Slow: ")
            let ended = try await ends(conversation, hearing: "x")
            #expect(ended)
        }
    }

    @Test("a body that comes letter by letter")
    func body() async throws {
        try await talking { conversation in
            try conversation.say("POST /api/check HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
            let ended = try await ends(conversation, hearing: "x")
            #expect(ended)
        }
    }

    @Test("nothing at all")
    func silence() async throws {
        try await talking(idle: .seconds(2)) { conversation in
            let ended = try await conversation.ends()
            #expect(ended)
        }
    }
}
