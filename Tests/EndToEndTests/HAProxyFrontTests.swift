// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("Behind haproxy, which speaks version 2 of the PROXY protocol", .timeLimit(.minutes(5)))
struct HAProxyFrontTests {
    @Test("clients are served and logged under their own addresses, and its health checks are no refusals")
    func version2() async throws {
        let scratch = try ScratchFolder()
        let authority = try await AuthorityProcess("a.test", in: scratch)
        let stranger = try await AuthorityProcess("b.test", in: scratch)
        try authority.configure(["LISTEN_ADDRESS": "127.0.0.2", "PROXY_PROTOCOL_FROM": ["127.0.0.1"]])
        let configuration = try scratch.write(
            """
            defaults
                mode tcp
                timeout connect 5s
                timeout client 30s
                timeout server 30s
            listen authority
                bind 127.0.0.1:\(authority.port)
                server a 127.0.0.2:\(authority.port) send-proxy-v2 check inter 100ms

            """, to: "haproxy.cfg")
        try await authority.start(behindProxy: true)
        var haproxy = BuiltTool("haproxy")
        haproxy.path = "/usr/sbin/haproxy"
        let runnable = haproxy.process(["-db", "-f", configuration])
        let running = LockedProcess()
        runnable.process.standardError = FileHandle.nullDevice
        try runnable.process.run()
        running.set(runnable)
        try #require(try await eventually { isListening(port: authority.port) })

        let elsewhere = ["--interface", "127.0.0.9"]
        #expect(try await Curl(as: authority, more: elsewhere).status(of: authority) == "202")
        #expect(try await Curl(as: stranger, more: elsewhere).status(of: authority) == "000")
        _ = await running.end(with: SIGTERM)
        #expect(await authority.stop() == 0)
        let refusals = try String(contentsOfFile: authority.logPath, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains("refused") }
        #expect(refusals.count == 1 && refusals[0].contains(#""address":"127.0.0.9""#), "\(refusals)")
    }
}
