// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import HostTestSupport
import Hummingbird
import HummingbirdCore
import Logging
import MutualTLS
import NIOCore
import PeerPackages
import ServiceLifecycle
import StrictJSON
import Testing
import TrustStores

/// What a ballot box is to authorities: it asks, serves votes files, and takes callbacks.
final class TestClient: Sendable {
    let identity: TestIdentity
    let port: Int
    let mailbox = CallbackMailbox()
    let client: PeerClient
    private let scratch: ScratchFolder
    private let tls: TLSIdentity

    init(identity: TestIdentity? = nil, trusting authorities: [RunningAuthority]) throws {
        self.identity = try identity ?? #require(identities[0])
        scratch = try ScratchFolder()
        port = try freePorts(1)[0]
        try self.identity.write(to: scratch.path)
        tls = try TLSIdentity(certificate: self.identity.certificate, keyPath: scratch.path("key-nopass.pem"))
        var store = TrustStore()
        for certificate in [self.identity.certificate] + authorities.map(\.identity.certificate) {
            store.add(certificate)
        }
        try store.write(to: scratch.path("calist"))
        client = PeerClient(identity: tls, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    deinit {
        let client = client
        Task { await client.shutdown() }
    }

    /// Where a test may put one file.
    var mailboxFile: String { scratch.path("download") }

    var package: PeerPackage {
        get throws {
            PeerPackage(
                hostName: identity.hostName, address: try loopback(), port: port, certificate: identity.certificate)
        }
    }

    func get(_ path: String, of authority: RunningAuthority) async throws -> (status: Int, json: JSONValue?) {
        try await ask(.get, path, of: authority, nil)
    }

    func post(_ path: String, to authority: RunningAuthority, _ body: [UInt8]) async throws -> (
        status: Int, json: JSONValue?
    ) {
        try await ask(.post, path, of: authority, body)
    }

    func post(_ path: String, to authority: RunningAuthority, _ body: JSONValue) async throws -> (
        status: Int, json: JSONValue?
    ) {
        try await ask(.post, path, of: authority, body.compactBytes)
    }

    private func ask(
        _ method: PeerClient.Method, _ path: String, of authority: RunningAuthority, _ body: [UInt8]?
    ) async throws -> (status: Int, json: JSONValue?) {
        let answer = try await client.send(method, path, to: try authority.endpoint, json: body, limit: 64 << 20)
        return (answer.status, try? JSONValue(parsing: answer.body))
    }

    /// Waits until an authority serves.
    func awaitStart(of authority: RunningAuthority) async throws {
        for _ in 0..<3000 {
            if let answer = try? await get("/public_api/check_state", of: authority), answer.status == 202 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("\(authority.name) did not start")
    }

    func election(
        _ id: String, of authorities: [RunningAuthority], questions: Int = 1,
        changing change: (inout JSONObject) -> Void = { _ in }
    ) -> JSONValue {
        let question: JSONValue = [
            "title": "Q", "tally_type": "plurality-at-large", "num_winners": 1, "max": 1, "min": 0,
            "answers": [["id": 0, "text": "A"], ["id": 1, "text": "B"]],
        ]
        let request: JSONValue = [
            "id": .string(id), "title": "T", "description": "",
            "questions": .array(Array(repeating: question, count: questions)),
            "start_date": "2026-01-01T00:00:00", "end_date": "2026-01-02T00:00:00",
            "callback_url": .string("https://\(identity.hostName):\(port)/done/\(id)"),
            "authorities": .array(authorities.map(\.json)),
        ]
        guard var object = request.asObject else { return request }
        change(&object)
        return .object(object)
    }

    func tally(_ id: String, votes: [UInt8], digest: [UInt8]) async throws -> JSONValue {
        await mailbox.serve(votes, as: "/votes/\(id)")
        let url = "https://\(identity.hostName):\(port)"
        return TallyRequest.json(
            electionID: try #require(ElectionIdentifier(id)), callback: "\(url)/tallied/\(id)",
            votes: "\(url)/votes/\(id)", votesDigest: digest)
    }

    /// Takes callbacks and serves votes while `body` runs.
    func serving<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let trust = try TrustStoreContext(identity: tls, trustStorePath: scratch.path("calist"), logger: quiet)
        let router = Router(context: BasicPeerRequestContext.self)
        router.add(middleware: InstalledPeersOnly(trust))
        router.post("/**") { [mailbox] request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            await mailbox.take(try JSONValue(parsing: Array(buffer: body)), at: request.uri.path)
            return Response(status: .ok)
        }
        router.get("/**") { [mailbox] request, _ in
            guard let file = await mailbox.files[request.uri.path] else { throw HTTPError(.notFound) }
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: file)))
        }
        let application = Application(
            router: router, server: .mutualTLS(trust),
            configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: quiet)
        let group = ServiceGroup(configuration: .init(services: [application], logger: quiet))
        return try await withThrowingTaskGroup(of: Result?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            tasks.addTask { try await body() }
            defer { tasks.cancelAll() }
            while let result = try await tasks.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}

/// Callbacks that came, and files that are served.
actor CallbackMailbox {
    private(set) var files: [String: [UInt8]] = [:]
    private var waiting: [String: [JSONValue]] = [:]

    func serve(_ file: [UInt8], as path: String) { files[path] = file }

    func take(_ body: JSONValue, at path: String) { waiting[path, default: []].append(body) }

    /// The next callback to that path; nil after three minutes.
    func next(_ path: String) async throws -> ElectionReply? {
        for _ in 0..<9000 {
            if var bodies = waiting[path], !bodies.isEmpty {
                let body = bodies.removeFirst()
                waiting[path] = bodies
                return try ElectionReply(body)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }
}
