// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import MutualTLS
import NIOCore
import Testing
import TrustStores

@Suite("Connections that a proxy passes on")
struct ProxiedConnectionTests {
    private let a: LoopbackHost
    private let b: LoopbackHost
    private let loopback: Set<IPAddress>

    init() throws {
        b = try LoopbackHost("b.example")
        a = try LoopbackHost("a.example", trusting: [b.identity.certificate])
        loopback = [try #require(IPAddress("127.0.0.1"))]
    }

    @Test("from a proxy's address, a connection with a PROXY header is served, and one without is refused")
    func fromTheProxy() async throws {
        try await a.serving(proxies: loopback) { port in
            let url = "https://a.example:\(port)/whoami"
            let withHeader = try await b.curl(url, trusting: a, port: port, more: ["--haproxy-protocol"])
            #expect(withHeader == "200")
            let without = try await b.curl(url, trusting: a, port: port)
            #expect(without == "000")
        }
    }

    @Test("from any other address, a connection with a PROXY header is refused, and one without is served")
    func fromElsewhere() async throws {
        try await a.serving(proxies: loopback) { port in
            let url = "https://a.example:\(port)/whoami"
            let elsewhere = ["--interface", "127.0.0.9"]
            let plain = try await b.curl(url, trusting: a, port: port, more: elsewhere)
            #expect(plain == "200")
            let pretending = elsewhere + ["--haproxy-protocol"]
            let pretended = try await b.curl(url, trusting: a, port: port, more: pretending)
            #expect(pretended == "000")
        }
        try await a.serving { port in
            let url = "https://a.example:\(port)/whoami"
            let unasked = try await b.curl(url, trusting: a, port: port, more: ["--haproxy-protocol"])
            #expect(unasked == "000")
        }
    }

    @Test("a proxy that sends half a header is hung up on when the handshake's time is over", .timeLimit(.minutes(1)))
    func slow() async throws {
        var limits = ConnectionLimits()
        limits.handshakeTimeout = .milliseconds(300)
        try await a.serving(proxies: loopback, limits: limits) { port in
            let socket = try PlainSocket(port: port)
            try socket.send("PROXY TCP4 192.0.2.7")
            #expect(socket.ends(within: 10))
        }
    }

    @Test("a certificate in a header of a TLS connection says nothing: the one of the handshake counts")
    func headerOverTLS() async throws {
        let stranger = try LoopbackHost("b.example")
        let named = try #require(
            a.identity.certificate.pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let header = ["--header", "X-SSL-Client-Cert: \(named)"]
        try await a.serving { port in
            let url = "https://a.example:\(port)/whoami"
            let served = try await b.answer(of: url, trusting: a, port: port, more: header)
            #expect(served == b.identity.certificate.fingerprint.hex)
            let strangers = try await stranger.curl(url, trusting: a, port: port, more: header)
            #expect(strangers == "000")
        }
    }
}

/// A TCP connection over which anything can be said.
private final class PlainSocket {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard answer == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw POSIXError(.EPIPE) }
    }

    /// Whether the other side hangs up in that many seconds.
    func ends(within seconds: Int) -> Bool {
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var byte: UInt8 = 0
        let count = read(descriptor, &byte, 1)
        return count == 0 || (count < 0 && errno == ECONNRESET)
    }
}
