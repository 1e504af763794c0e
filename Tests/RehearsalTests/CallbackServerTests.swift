// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Elections
import Foundation
import HostTestSupport
import Logging
import MutualTLS
import Rehearsal
import StrictJSON
import Synchronization
import Testing
import TrustStores

@Suite("What eotest answers on its port, over real sockets")
struct CallbackServerTests {
    /// The authority under which eotest runs, and which it asked.
    private let director: TestIdentity
    /// Another authority of the election.
    private let authority: TestIdentity
    /// Installed, but no authority of the election.
    private let bystander: TestIdentity
    private let scratch: ScratchFolder
    private let election: ElectionIdentifier
    private let mailbox = Mailbox()
    private let refusals = Refusals()
    private let routes: CallbackRoutes

    private final class Refusals: Sendable {
        private let reasons = Mutex<[String]>([])
        func note(_ reason: String) { reasons.withLock { $0.append(reason) } }
        var all: [String] { reasons.withLock { $0 } }
    }

    init() throws {
        director = try SharedIdentities.named("a.example")
        authority = try SharedIdentities.named("b.example")
        bystander = try SharedIdentities.named("c.example")
        scratch = try ScratchFolder()
        election = try #require(ElectionIdentifier("12"))
        var store = TrustStore()
        for identity in [director, authority, bystander] {
            store.add(identity.certificate)
            try DurableFile.makeFolder(scratch.path(identity.hostName.text), mode: 0o700)
            try identity.write(to: scratch.path(identity.hostName.text))
        }
        try store.write(to: scratch.path("calist"))
        _ = try scratch.write("ballot|1.1\n", to: "votes")
        routes = CallbackRoutes(
            election: election, director: director.certificate,
            authorities: [director.certificate.fingerprint, authority.certificate.fingerprint],
            votesPath: scratch.path("votes"), mailbox: mailbox
        ) { [refusals] in refusals.note($0) }
    }

    private func identity(_ who: TestIdentity) throws -> TLSIdentity {
        try TLSIdentity(certificate: who.certificate, keyPath: scratch.path("\(who.hostName)/key-nopass.pem"))
    }

    private func serving(_ body: @escaping @Sendable (PeerEndpoint) async throws -> Void) async throws {
        let server = CallbackServer(
            identity: try identity(director), trustStorePath: scratch.path("calist"), address: "127.0.0.1", port: 0)
        let address = try #require(IPAddress("127.0.0.1"))
        try await server.serving(routes) { [director] port in
            try await body(
                PeerEndpoint(
                    hostName: director.hostName, address: address, port: port, certificate: director.certificate))
        }
    }

    private func asking<Result>(as who: TestIdentity, _ body: (PeerClient) async throws -> Result) async throws
        -> Result
    {
        let client = PeerClient(
            identity: try identity(who), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func post(
        _ reply: ElectionReply, as who: TestIdentity, to endpoint: PeerEndpoint, subject: Mailbox.Subject = .tally
    ) async throws -> Int {
        try await post(reply.json.compactBytes, as: who, to: endpoint, subject: subject)
    }

    private func post(
        _ body: [UInt8], as who: TestIdentity, to endpoint: PeerEndpoint, subject: Mailbox.Subject = .tally
    ) async throws -> Int {
        let path = routes.callbackPath(subject)
        return try await asking(as: who) { try await $0.send(.post, path, to: endpoint, json: body).status }
    }

    private func expect(_ expected: Int, _ status: Int, at location: SourceLocation = #_sourceLocation) {
        #expect(status == expected, sourceLocation: location)
    }

    @Test("a callback of the authority that was asked is taken, also before anybody waits for it")
    func taken() async throws {
        let reply = ElectionReply.tallyFailed(election, message: "line 3")
        try await serving { endpoint in
            expect(200, try await post(reply, as: director, to: endpoint))
            let found = try await mailbox.next(.tally, within: .seconds(10))
            #expect(found == reply)
        }
        #expect(refusals.all.isEmpty)
    }

    @Test("a callback of another authority of the election is refused and told")
    func otherCaller() async throws {
        try await serving { endpoint in
            expect(403, try await post(.tallyFailed(election, message: ""), as: authority, to: endpoint))
            let found = try await mailbox.next(.tally, within: .milliseconds(20))
            #expect(found == nil)
        }
        #expect(refusals.all == ["refused a callback of \"b.example\", which was not asked"])
    }

    @Test("somebody whose certificate is not installed does not get through the handshake")
    func stranger() async throws {
        let stranger = try SharedIdentities.named("d.example")
        try DurableFile.makeFolder(scratch.path("d.example"), mode: 0o700)
        try stranger.write(to: scratch.path("d.example"))
        try await serving { endpoint in
            await #expect(throws: PeerClientError.self) {
                try await post(.tallyFailed(election, message: ""), as: stranger, to: endpoint)
            }
        }
        #expect(try await mailbox.next(.tally, within: .milliseconds(20)) == nil)
    }

    @Test("a callback for another election, about something else or of another shape is refused")
    func otherContents() async throws {
        let other = try #require(ElectionIdentifier("13"))
        try await serving { endpoint in
            expect(400, try await post(.tallyFailed(other, message: ""), as: director, to: endpoint))
            expect(400, try await post(.creationFailed(election, message: ""), as: director, to: endpoint))
            expect(400, try await post(Array("{}".utf8), as: director, to: endpoint))
            expect(400, try await post(Array("[".utf8), as: director, to: endpoint))
            expect(413, try await post([UInt8](repeating: 0x20, count: 2 << 20), as: director, to: endpoint))
            let found = try await mailbox.next(.tally, within: .milliseconds(20))
            #expect(found == nil)
        }
        #expect(refusals.all.count == 5)
    }

    @Test("a late answer to an earlier request finds nobody")
    func earlierRequest() async throws {
        let earlier = CallbackRoutes(
            election: election, director: director.certificate, authorities: [], votesPath: "", mailbox: mailbox
        ) { _ in }
        let path = earlier.callbackPath(.tally)
        let body = ElectionReply.tallyFailed(election, message: "too late").json.compactBytes
        try await serving { endpoint in
            expect(
                404, try await asking(as: director) { try await $0.send(.post, path, to: endpoint, json: body).status })
            let found = try await mailbox.next(.tally, within: .milliseconds(20))
            #expect(found == nil)
        }
    }

    @Test("an authority whose transfer of the votes file broke off fetches the rest")
    func rest() async throws {
        let target = try scratch.write("ball", to: "part")
        try await serving { endpoint in
            try await asking(as: authority) {
                try await $0.download(
                    CallbackRoutes.votesPath(election), from: endpoint, to: target, length: .beyond(upTo: 100)
                ) { whole in
                    #expect(whole == 11)
                }
            }
            let text = try scratch.text("part")
            #expect(text == "ballot|1.1\n")
        }
    }

    @Test("the votes file goes to the authorities of the election and to nobody else")
    func votes() async throws {
        try await serving { endpoint in
            for reader in [director, authority] {
                let answer = try await asking(as: reader) {
                    try await $0.send(.get, CallbackRoutes.votesPath(election), to: endpoint)
                }
                #expect(answer.status == 200)
                #expect(answer.body == Array("ballot|1.1\n".utf8))
            }
            let refused = try await asking(as: bystander) {
                try await $0.send(.get, CallbackRoutes.votesPath(election), to: endpoint)
            }
            #expect(refused.status == 403)
        }
    }

    @Test("a port that somebody listens on already is named")
    func portTaken() async throws {
        try await serving { endpoint in
            let second = CallbackServer(
                identity: try identity(director), trustStorePath: scratch.path("calist"), address: "127.0.0.1",
                port: endpoint.port)
            let routes = CallbackRoutes(
                election: election, director: director.certificate, authorities: [], votesPath: scratch.path("votes"),
                mailbox: mailbox
            ) { _ in }
            await #expect(throws: RehearsalError.port(endpoint.port, reason: "address already in use")) {
                try await second.serving(routes) { _ in }
            }
        }
    }
}
