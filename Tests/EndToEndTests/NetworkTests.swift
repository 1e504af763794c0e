// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

/// Whether tests take their long form (scripts/test-long): cables are away for a minute, servers die at every step.
let isLong = ProcessInfo.processInfo.environment["EO_LONG"] == "1"

@Suite("Elections between hosts whose network fails", .serialized, .timeLimit(.minutes(60)))
struct NetworkTests {
    private let small = ["--vmnd", "--vcount", "8", "--group", "ffdhe2048"]

    /// Authorities on hosts of their own.
    private func onNetwork(
        _ names: [String], careful: Set<String> = [],
        _ body: ([AuthorityProcess], TestNetwork) async throws -> Void
    ) async throws {
        let network = try await TestNetwork(hosts: names.count)
        do {
            try await withAuthorities(names, careful: careful, on: network) { try await body($0, network) }
        } catch {
            await network.end()
            throw error
        }
        await network.end()
    }

    /// Waits until the authority behind a cut cable is named, leaves it cut for as long as a test may, and mends it.
    private func expectNamed(
        _ name: String, by rehearsal: FollowedTool, times: Int, behind address: String, _ network: TestNetwork
    ) async throws {
        let named = try await rehearsal.says("\(name) has not answered for ", times: times, within: .seconds(10))
        #expect(named, "\(rehearsal.errors)")
        if isLong { try await Task.sleep(for: .seconds(52)) }
        network.router.mend(address)
        let isBack = try await rehearsal.says("\(name) answers again", times: times, within: .seconds(60))
        #expect(isBack, "\(rehearsal.errors)")
    }

    @Test("a cable is cut while the key is made and in the middle of a file, the peer moves, and the tally is whole")
    func cut() async throws {
        try await onNetwork(["a.test", "b.test"], careful: ["b.test"]) { authorities, network in
            let (a, b) = (authorities[0], authorities[1])
            let home = network.hosts[1].address
            let scratch = try ScratchFolder()
            let rehearsal = try FollowedTool(a.tool("eotest"), ["full", "--timeout", "900"] + small, in: scratch)
            _ = try await b.task(1)
            network.router.cut(home)
            // What b does meanwhile reaches nobody.
            #expect(try await b.tool("eotasks").run(["--accept", "1"]).status == 0)
            try await expectNamed("b.test", by: rehearsal, times: 1, behind: home, network)

            // The votes, or a proof: somewhere within what b sends in bulk.
            _ = try await b.task(2)
            network.router.cut(home, after: 5000, from: b.mixnetPort)
            #expect(try await b.tool("eotasks").run(["--accept", "2"]).status == 0)
            try await becomes("cut", within: .seconds(120)) { network.router.isCut(home) }
            let named = try await rehearsal.says("b.test has not answered for ", times: 2, within: .seconds(10))
            #expect(named, "\(rehearsal.errors)")

            // It comes back somewhere else.
            let elsewhere = "10.77.0.202"
            _ = await b.stop()
            try await network.move(network.hosts[1], to: elsewhere)
            network.router.mend(home)
            try b.configure(["PUBLIC_IP_ADDRESS": elsewhere, "PRIVATE_IP_ADDRESS": elsewhere])
            try await b.start()
            let package = try await b.tool("eopeers").run(["--show-mine"]).output
            let replaced = try await a.tool("eopeers").run(["--replace", "-"], input: package)
            #expect(replaced.status == 0, "\(replaced.errors)")
            #expect(try await rehearsal.says("b.test answers again", times: 2, within: .seconds(60)))
            #expect(await rehearsal.end() == 0, "\(rehearsal.errors)\n\(a.told)\n\(b.told)")
        }
    }

    @Test("delay, 300 ms in the long form, and 5 % of loss: a whole election")
    func delayAndLoss() async throws {
        try await onNetwork(["a.test", "b.test"]) { authorities, network in
            network.router.set(delay: .milliseconds(isLong ? 300 : 60), loss: 0.05)
            let votes = isLong ? ["--vmnd", "--vcount", "200", "--group", "ffdhe2048"] : small
            let ended = try await authorities[0].tool("eotest").run(["full", "--timeout", "900"] + votes)
            #expect(ended.status == 0, "\(ended.errors)\n\(ended.output)")
            #expect(network.router.packetCounts.lost > 0)
        }
    }

    @Test("a peer that takes connections and never answers is named, and the run goes on when it does")
    func silent() async throws {
        try await withAuthorities(["a.test", "b.test"], careful: ["b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let scratch = try ScratchFolder()
            let rehearsal = try FollowedTool(
                a.tool("eotest"), ["create", "--group", "ffdhe2048", "--timeout", "240"], in: scratch)
            _ = try await b.task(1)
            _ = await b.stop()
            let silent = try SilentServer(inPlaceOf: b)
            #expect(try await rehearsal.says("b.test has not answered for ", within: .seconds(10)))
            // The handshake succeeds, and no more: also for somebody who only begins now.
            let started = ContinuousClock.now
            let other = try await a.tool("eotest").run(["create", "--group", "ffdhe2048"])
            #expect(other.status == 69 && other.errors.contains("it did not answer in time"), "\(other.errors)")
            #expect(ContinuousClock.now - started < .seconds(30))
            silent.end()
            try await b.start()
            #expect(try await b.tool("eotasks").run(["--accept", "1"]).status == 0)
            #expect(await rehearsal.end() == 0, "\(rehearsal.errors)\n\(a.told)")
        }
    }
}

/// A server with an authority's certificate that completes handshakes and says nothing then.
private final class SilentServer {
    private let server: RunnableProcess

    init(inPlaceOf authority: AuthorityProcess) throws {
        var openssl = BuiltTool("openssl")
        openssl.path = "/usr/bin/openssl"
        server = openssl.process([
            "s_server", "-accept", "127.0.0.1:\(authority.port)", "-quiet", "-verify", "1", "-cert",
            "\(authority.home)/certs/cert.pem", "-key", "\(authority.home)/certs/key-nopass.pem",
        ])
        // It says what it reads, and nobody else writes.
        server.process.standardInput = Pipe()
        server.process.standardOutput = FileHandle.nullDevice
        server.process.standardError = FileHandle.nullDevice
        try server.process.run()
    }

    func end() {
        // It may have inherited from a thread of ours that it takes no milder signal.
        kill(server.process.processIdentifier, SIGKILL)
        server.process.waitUntilExit()
    }

    deinit { if server.process.isRunning { kill(server.process.processIdentifier, SIGKILL) } }
}
