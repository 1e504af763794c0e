// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import ElGamal
import Foundation
import GroupArithmetic
import MutualTLS
import HostTestSupport
import Orchestration
import StrictJSON
import Testing

@testable import AuthorityServer

@Suite("Authorities over mutual TLS", .serialized)
struct NetworkElectionTests {
    private func prepare(_ count: Int, careful: Int? = nil, keepsShares: Bool = false) throws -> (
        authorities: [RunningAuthority], client: TestClient
    ) {
        let authorities = try (1...count).map {
            try RunningAuthority($0, autoAccepts: $0 != careful, keepsShares: keepsShares)
        }
        let client = try TestClient(trusting: authorities)
        for authority in authorities {
            try authority.trust(
                try authorities.filter { $0.number != authority.number }.map { try $0.package } + [client.package])
        }
        return (authorities, client)
    }

    @Test("make a key and a tally, refuse what does not belong, and call back each time")
    func election() async throws {
        let (authorities, client) = try prepare(2)
        let (first, second) = (authorities[0], authorities[1])
        let other = try TestClient(identity: second.identity, trusting: authorities)
        try await client.serving {
            try await second.serving {
                try await first.serving {
                    for authority in authorities { try await client.awaitStart(of: authority) }
                    let request = client.election("e1", of: authorities)
                    let answer = try await client.post("/public_api/election", to: first, request)
                    #expect(answer.status == 202)
                    #expect(answer.json?["queue_id"]?.asInteger == 1)
                    #expect(try await client.post("/public_api/election", to: first, request).status == 409)
                    let early = try await client.tally("e1", votes: [], digest: [UInt8](repeating: 0, count: 32))
                    guard case .created(_, let sessions)? = try await client.mailbox.next("/done/e1") else {
                        Issue.record("there is no key")
                        return
                    }
                    #expect(try await client.post("/public_api/election", to: second, request).status == 409)
                    for authority in authorities {
                        let published = try await client.get(
                            "/public_data/e1/\(sessions[0].id)/publicKey_json", of: authority)
                        #expect(
                            try PublishedKey(JSONField(try #require(published.json), name: "key")) == sessions[0].key)
                    }

                    // Asked by somebody else, or of another authority than the director.
                    #expect(try await other.post("/public_api/tally", to: first, early).status == 403)
                    #expect(try await client.post("/public_api/tally", to: second, early).status == 409)

                    let votes = try ballots(for: sessions[0].key, count: 3)
                    let wrong = try await client.tally("e1", votes: votes, digest: [UInt8](repeating: 0, count: 32))
                    #expect(try await client.post("/public_api/tally", to: first, wrong).status == 202)
                    guard case .tallyFailed(_, let message)? = try await client.mailbox.next("/tallied/e1") else {
                        Issue.record("a votes file with another hash was tallied")
                        return
                    }
                    #expect(message.contains("votes.hash"))

                    let right = try await client.tally("e1", votes: votes, digest: Digest(of: votes).bytes)
                    #expect(try await client.post("/public_api/tally", to: first, right).status == 202)
                    guard case .tallied(_, let url, let digest)? = try await client.mailbox.next("/tallied/e1") else {
                        Issue.record("there is no tally")
                        return
                    }
                    #expect(url == "https://a1.example:\(first.port)/public_data/e1/tally.tar.gz")
                    for authority in authorities {
                        let file = client.mailboxFile
                        try await client.client.download(
                            "/public_data/e1/tally.tar.gz", from: try authority.endpoint, to: file,
                            length: .atMost(1 << 24))
                        #expect(try Digest(ofFile: URL(filePath: file)).bytes == digest)
                        try FileManager.default.removeItem(atPath: file)
                    }

                    // The same again is answered from what is published; other votes never.
                    #expect(try await client.post("/public_api/tally", to: first, right).status == 202)
                    #expect(try await client.mailbox.next("/tallied/e1") != nil)
                    #expect(try await client.post("/public_api/tally", to: second, right).status == 409)
                    let more = try ballots(for: sessions[0].key, count: 2)
                    let again = try await client.tally("e1", votes: more, digest: Digest(of: more).bytes)
                    #expect(try await client.post("/public_api/tally", to: first, again).status == 409)
                }
            }
        }
    }

    @Test("tally other ballots with every operator's own word, AUTOACCEPT_REQUESTS or not, and keep both tallies")
    func furtherBallots() async throws {
        let (authorities, client) = try prepare(2, keepsShares: true)
        let (first, second) = (authorities[0], authorities[1])
        try await client.serving {
            try await second.serving {
                try await first.serving {
                    for authority in authorities { try await client.awaitStart(of: authority) }
                    let request = client.election("e1", of: authorities)
                    #expect(try await client.post("/public_api/election", to: first, request).status == 202)
                    guard case .created(_, let sessions)? = try await client.mailbox.next("/done/e1") else {
                        Issue.record("there is no key")
                        return
                    }
                    for number in 1...2 {
                        let votes = try ballots(for: sessions[0].key, count: 2)
                        let tally = try await client.tally("e1", votes: votes, digest: Digest(of: votes).bytes)
                        #expect(try await client.post("/public_api/tally", to: first, tally).status == 202)
                        for authority in authorities where number == 2 {
                            let database = try AuthorityDatabase(
                                file: URL(filePath: authority.scratch.path("data/authority.sqlite")))
                            let task = try await question(1, in: database)
                            #expect(task.attempt == 2 && task.ballots == 2)
                            try database.decide(1, about: task.proposal, accepts: true, at: "now")
                        }
                        guard case .tallied(_, let url, let digest)? = try await client.mailbox.next("/tallied/e1")
                        else {
                            Issue.record("there is no tally \(number)")
                            return
                        }
                        let path = "/public_data/e1/\(number == 1 ? "" : "tally-2/")tally.tar.gz"
                        #expect(url == "https://a1.example:\(first.port)\(path)")
                        let file = client.mailboxFile
                        try await client.client.download(
                            path, from: try second.endpoint, to: file, length: .atMost(1 << 24))
                        #expect(try Digest(ofFile: URL(filePath: file)).bytes == digest)
                        try FileManager.default.removeItem(atPath: file)
                    }
                }
            }
        }
    }

    @Test("tell the client which authority does not answer, and give the election's id back")
    func unreachable() async throws {
        let (authorities, client) = try prepare(2)
        try await client.serving {
            try await authorities[0].serving {
                try await client.awaitStart(of: authorities[0])
                let request = client.election("e1", of: authorities)
                #expect(try await client.post("/public_api/election", to: authorities[0], request).status == 202)
                guard case .creationFailed(_, let message)? = try await client.mailbox.next("/done/e1") else {
                    Issue.record("a key was made without an authority")
                    return
                }
                #expect(message.contains("a2.example"))
                #expect(try await client.post("/public_api/election", to: authorities[0], request).status == 202)
            }
        }
    }

    @Test("wait for an operator, tell whose turn it is, and pass a rejection on to the client")
    func carefulPeer() async throws {
        let (authorities, client) = try prepare(2, careful: 2)
        let (first, second) = (authorities[0], authorities[1])
        try await client.serving {
            try await second.serving {
                try await first.serving {
                    for authority in authorities { try await client.awaitStart(of: authority) }
                    let request = client.election("e1", of: authorities)
                    #expect(try await client.post("/public_api/election", to: first, request).status == 202)
                    let database = try AuthorityDatabase(
                        file: URL(filePath: second.scratch.path("data/authority.sqlite")))
                    let task = try await question(1, in: database)
                    let status = try await status(of: "e1", at: second, for: client)
                    #expect(status.phase == .creating && status.operatorAwaitedSince == task.createdAt)
                    let awaited = status.steps.filter { $0.state == .awaited }
                    #expect(awaited.map(\.name) == ["countersignature"] && awaited.map(\.authority) == [second.name])
                    let own = try await self.status(of: "e1", at: first, for: client)
                    #expect(own.operatorAwaitedSince == nil && own.peers.map(\.name) == [second.name])

                    try database.decide(1, about: task.proposal, accepts: false, reason: "no", at: "now")
                    guard case .creationFailed(_, let message)? = try await client.mailbox.next("/done/e1") else {
                        Issue.record("a key was made without the operator")
                        return
                    }
                    let expected =
                        "the operator of a2.example rejected the election: no (check operator.rejected, says a2.example)"
                    #expect(message == expected)
                    #expect(try await self.status(of: "e1", at: first, for: client).failure == expected)
                    let answer = try await client.post(
                        "/public_api/tally", to: first,
                        try await client.tally("e1", votes: [], digest: [UInt8](repeating: 0, count: 32)))
                    #expect(answer.status == 409)
                }
            }
        }
    }

    @Test("stream how far they are to the client and to each other, and to nobody else")
    func streams() async throws {
        let (authorities, client) = try prepare(2, careful: 2)
        let (first, second) = (authorities[0], authorities[1])
        let stranger = try TestClient(identity: identities[3], trusting: authorities)
        try first.trust([try second.package, try client.package, try stranger.package])
        let peer = try TestClient(identity: second.identity, trusting: authorities)
        try await client.serving {
            try await second.serving {
                try await first.serving {
                    for authority in authorities { try await client.awaitStart(of: authority) }
                    let path = "/public_api/status/e1"
                    #expect(try await client.get(path, of: first).status == 404)
                    let request = client.election("e1", of: authorities)
                    #expect(try await client.post("/public_api/election", to: first, request).status == 202)
                    let database = try AuthorityDatabase(
                        file: URL(filePath: second.scratch.path("data/authority.sqlite")))
                    let task = try await question(1, in: database)
                    #expect(try await stranger.get(path, of: first).status == 403)
                    #expect(try await peer.get("\(path)?once", of: first).status == 200)

                    // The stream ends when nothing is under way any more: after the operator's word.
                    let file = client.mailboxFile
                    let heard = {
                        FileManager.default.contents(atPath: file)?.split(separator: UInt8(ascii: "\n")) ?? []
                    }
                    async let stream: Void = client.client.download(
                        path, from: first.endpoint, to: file, length: .atMost(1 << 20))
                    for _ in 0..<3000 where heard().count < 2 { try await Task.sleep(for: .milliseconds(20)) }
                    try database.decide(1, about: task.proposal, accepts: true, at: "now")
                    try await stream
                    let lines = try heard().map { try ElectionStatus(JSONValue(parsing: Array($0))) }
                    #expect(lines.count >= 3)
                    #expect(lines.first?.phase == .creating && lines.last?.phase == .ready)
                    #expect(lines.last.map { $0.done == $0.total } == true)
                    #expect(lines.last?.finished.contains { $0.name == "hash-keys" } == true)
                }
            }
        }
    }

    @Test("show nothing of an election to a peer that is no authority of it, on any route")
    func bystander() async throws {
        let (authorities, client) = try prepare(2)
        let (first, second) = (authorities[0], authorities[1])
        let bystander = try TestClient(identity: identities[3], trusting: authorities)
        try first.trust([try second.package, try client.package, try bystander.package])
        let peer = try TestClient(identity: second.identity, trusting: authorities)
        try await client.serving {
            try await second.serving {
                try await first.serving {
                    for authority in authorities { try await client.awaitStart(of: authority) }
                    let request = client.election("e1", of: authorities)
                    #expect(try await client.post("/public_api/election", to: first, request).status == 202)
                    _ = try #require(try await client.mailbox.next("/done/e1"))

                    let question = ExchangeMessage(election: "e1", counts: [], entries: [])
                    let answer = try await peer.client.send(
                        .post, "/api/board", to: first.endpoint, json: question.serialized, limit: 1 << 24)
                    let entries = try ExchangeMessage(serialized: answer.body).entries
                    #expect(!entries.isEmpty)
                    #expect(try await bystander.post("/api/board", to: first, question.serialized).status == 403)
                    // Nor does it get in by what an authority has said.
                    let replayed = ExchangeMessage(election: "e1", counts: [], entries: entries)
                    #expect(try await bystander.post("/api/board", to: first, replayed.serialized).status == 403)

                    let blob = "/blobs/e1/\(Digest(of: Array("a file".utf8)).hex)"
                    let bulk = try first.endpoint.at(port: first.mixnetPort)
                    #expect(try await peer.client.send(.get, blob, to: bulk).status == 404)
                    #expect(try await bystander.client.send(.get, blob, to: bulk).status == 403)

                    for path in ["/public_api/status/e1", "/public_api/status/e1?once", "/public_api/status/e1/phases"]
                    {
                        #expect(try await bystander.get(path, of: first).status == 403, "\(path)")
                    }
                    let tally = try await client.tally("e1", votes: [], digest: [UInt8](repeating: 0, count: 32))
                    #expect(try await bystander.post("/public_api/tally", to: first, tally).status == 403)
                }
            }
        }
    }

    private func status(of election: String, at authority: RunningAuthority, for client: TestClient) async throws
        -> ElectionStatus
    {
        let answer = try await client.get("/public_api/status/\(election)?once", of: authority)
        #expect(answer.status == 200)
        return try ElectionStatus(#require(answer.json))
    }

    /// Waits for a question to the operator.
    private func question(_ number: Int64, in database: AuthorityDatabase) async throws -> ConsentRecord {
        for _ in 0..<3000 {
            if let record = try database.consent(number) { return record }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ConsentError.unknown(number)
    }
}
