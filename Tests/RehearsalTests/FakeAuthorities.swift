// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Elections
import Foundation
import GroupArithmetic
import HTTPTypes
import HostTestSupport
import Hummingbird
import HummingbirdCore
import Logging
import MutualTLS
import NIOCore
import Rehearsal
import ServiceLifecycle
import StrictJSON
import Synchronization
import TrustStores

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Two hosts on loopback that answer as authorities do, and lie where a test tells them to: an honest authority cannot be made to.
final class FakeAuthorities: Sendable {
    /// What is not as an honest authority would have it.
    struct Lies: Sendable {
        /// The callback comes before the request is answered.
        var callsBackEarly = false
        var neverCallsBack = false
        /// HTTP status and words for the first requests, instead of 202.
        var refusals: [(Int, String)] = []
        var creationFailure: String?
        var tallyFailure: String?
        /// What the other authority publishes as y, if not the same as the director.
        var othersKey: String?
        var otherIsNoAuthority = false
        var tallyURL: String?
        var tallyDigest: [UInt8]?
    }

    let director: TestIdentity
    let other: TestIdentity
    let scratch: ScratchFolder
    private let lies: Lies
    private let state = Mutex(State())

    struct State {
        var elections: [ElectionRequest] = []
        var votes: [[UInt8]] = []
        var refusals = 0
        var callbacks: [Task<Int, any Error>] = []
    }

    var seen: State { state.withLock { $0 } }

    static let tallyFile = Array("this is no tally".utf8)

    init(_ lies: Lies = Lies()) throws {
        self.lies = lies
        director = try SharedIdentities.named("a.example")
        other = try SharedIdentities.named("b.example")
        scratch = try ScratchFolder()
        var store = TrustStore()
        for identity in [director, other] {
            store.add(identity.certificate)
            try DurableFile.makeFolder(scratch.path(identity.hostName.text), mode: 0o700)
            try identity.write(to: scratch.path(identity.hostName.text))
        }
        try store.write(to: scratch.path("calist"))
    }

    private func tls(_ who: TestIdentity) throws -> TLSIdentity {
        try TLSIdentity(certificate: who.certificate, keyPath: scratch.path("\(who.hostName)/key-nopass.pem"))
    }

    /// Runs both while `body` plays a rehearsal with them.
    func playing(
        patience: Duration = .seconds(30), _ body: @escaping @Sendable (Rehearsal, RehearsalHost) async throws -> Void
    ) async throws {
        try await serve(as: director) { directorEndpoint in
            try await self.serve(as: self.other) { otherEndpoint in
                let rehearsal = Rehearsal(
                    dataPath: self.scratch.path, journal: RehearsalJournal(display: NoDisplay()), patience: patience)
                try await body(rehearsal, try self.host(directorEndpoint, [otherEndpoint]))
            }
        }
    }

    func host(_ director: PeerEndpoint, _ installed: [PeerEndpoint]) throws -> RehearsalHost {
        let identity = try tls(self.director)
        let server = CallbackServer(
            identity: identity, trustStorePath: scratch.path("calist"), address: "127.0.0.1", port: 0)
        return RehearsalHost(
            director: director, installed: installed, identity: identity, server: server,
            configurationPath: "/a/eoconf.json")
    }

    func endpoint(of who: TestIdentity, port: Int) throws -> PeerEndpoint {
        guard let address = IPAddress("127.0.0.1") else { throw CertificateError.malformed }
        return PeerEndpoint(hostName: who.hostName, address: address, port: port, certificate: who.certificate)
    }

    private func serve(
        as who: TestIdentity, _ body: @escaping @Sendable (PeerEndpoint) async throws -> Void
    ) async throws {
        let trust = try TrustStoreContext(identity: tls(who), trustStorePath: scratch.path("calist"), logger: quiet)
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router(for: who, trust), server: .mutualTLS(trust),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { bound.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        let group = ServiceGroup(configuration: .init(services: [application], logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                do {
                    for await port in ports {
                        try await body(self.endpoint(of: who, port: port))
                        break
                    }
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    // MARK: What they answer

    private func router(for who: TestIdentity, _ trust: TrustStoreContext) -> Router<BasicPeerRequestContext> {
        let router = Router(context: BasicPeerRequestContext.self)
        router.add(middleware: InstalledPeersOnly(trust))
        let isDirector = who.hostName == director.hostName
        router.get("/api/identity") { _, _ -> Response in
            Response(status: !isDirector && self.lies.otherIsNoAuthority ? .notFound : .ok)
        }
        router.get("/public_data/:election/:session/publicKey_json") { _, _ -> Response in
            self.answer(.ok, self.key(y: isDirector ? nil : self.lies.othersKey).json)
        }
        guard isDirector else { return router }
        router.get("/public_data/:election/tally.tar.gz") { _, _ -> Response in
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: Self.tallyFile)))
        }
        router.post("/public_api/election") { request, _ -> Response in
            let body = Array(buffer: try await request.body.collect(upTo: 1 << 20))
            let election = try ElectionRequest(JSONValue(parsing: body))
            self.state.withLock { $0.elections.append(election) }
            return try await self.take(self.reply(to: election), callback: election.callback)
        }
        router.post("/public_api/tally") { request, context -> Response in
            let body = Array(buffer: try await request.body.collect(upTo: 1 << 20))
            let tally = try TallyRequest(JSONValue(parsing: body))
            let votes = try await self.asking { client in
                try await client.send(
                    .get, tally.votes.target, to: self.endpoint(of: self.director, port: tally.votes.port))
            }
            self.state.withLock { $0.votes.append(votes.body) }
            let port = context.channel.localAddress?.port ?? 0
            return try await self.take(self.reply(to: tally, port: port), callback: tally.callback)
        }
        return router
    }

    private func key(y: String? = nil) -> PublishedKey {
        let group = SafePrimeGroup.ffdhe2048
        return PublishedKey(g: group.generator.value.decimal, p: group.p.decimal, q: group.q.decimal, y: y ?? "16")
    }

    private func reply(to election: ElectionRequest) -> ElectionReply {
        if let message = lies.creationFailure { return .creationFailed(election.id, message: message) }
        return .created(election.id, election.questions.indices.map { .init(id: "\($0)-x", key: key()) })
    }

    private func reply(to tally: TallyRequest, port: Int) -> ElectionReply {
        if let message = lies.tallyFailure { return .tallyFailed(tally.electionID, message: message) }
        let url = lies.tallyURL ?? "https://a.example:\(port)/public_data/\(tally.electionID.text)/tally.tar.gz"
        return .tallied(
            tally.electionID, url: url, digest: lies.tallyDigest ?? HashFunction.sha256.digest(of: Self.tallyFile))
    }

    /// Refuses, or calls back before or after the answer.
    private func take(_ reply: ElectionReply, callback: ServiceURL) async throws -> Response {
        let refusal = state.withLock { state -> (Int, String)? in
            guard state.refusals < lies.refusals.count else { return nil }
            defer { state.refusals += 1 }
            return lies.refusals[state.refusals]
        }
        if let refusal { return answer(.init(code: refusal.0), ["error": .string(refusal.1)]) }
        if !lies.neverCallsBack {
            let calling = Task { try await self.callBack(reply, callback) }
            state.withLock { $0.callbacks.append(calling) }
            if lies.callsBackEarly { _ = try await calling.value }
        }
        return answer(.accepted, ["queue_id": 1])
    }

    /// - Returns: the HTTP status that the callback was answered with.
    private func callBack(_ reply: ElectionReply, _ callback: ServiceURL) async throws -> Int {
        try await asking { client in
            try await client.send(
                .post, callback.target, to: self.endpoint(of: self.director, port: callback.port),
                json: reply.json.compactBytes
            ).status
        }
    }

    private func asking<Result>(_ body: (PeerClient) async throws -> Result) async throws -> Result {
        let client = PeerClient(identity: try tls(director), logger: quiet)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func answer(_ status: HTTPResponse.Status, _ json: JSONValue) -> Response {
        Response(status: status, body: .init(byteBuffer: ByteBuffer(bytes: json.compactBytes)))
    }
}

/// Shows nothing.
struct NoDisplay: RehearsalDisplay {
    func began(_ step: RehearsalStep, title: String) {}
    func progress(_ done: Int, of total: Int?) {}
    func shows(_ activity: ElectionActivity) {}
    func waits(seconds: Int) {}
    func finished(_ report: StepReport) {}
    func note(_ message: String) {}
}
