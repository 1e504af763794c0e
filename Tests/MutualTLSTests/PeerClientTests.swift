// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import MutualTLS
import Synchronization
import Testing
import TrustStores

@Suite("Asking a peer: bounds, redirects, downloads that go on")
struct PeerClientTests {
    private let a: LoopbackHost
    private let b: LoopbackHost

    init() throws {
        b = try LoopbackHost("b.example")
        a = try LoopbackHost("a.example", trusting: [b.identity.certificate])
    }

    @Test("an answer above the limit is refused, one at the limit taken")
    func limit() async throws {
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            try await b.asking { client in
                let large = try await client.send(.get, "/large", to: endpoint, limit: 100_000)
                #expect(large.body.count == 100_000)
                await #expect(throws: PeerClientError.answerTooLarge(peer: endpoint.name, limit: 99_999)) {
                    try await client.send(.get, "/large", to: endpoint, limit: 99_999)
                }
            }
        }
    }

    @Test(
        "an answer that comes too slowly ends at the timeout, though it never pauses for long", .timeLimit(.minutes(1)))
    func slow() async throws {
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            let start = ContinuousClock.now
            await #expect(throws: PeerClientError.timeout(peer: endpoint.name)) {
                try await b.asking { try await $0.send(.get, "/slow", to: endpoint, timeout: .milliseconds(500)) }
            }
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test("a redirect is an answer like any other, and a status that nobody expects is an error with its text")
    func statuses() async throws {
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            try await b.asking { client in
                let moved = try await client.send(.get, "/moved", to: endpoint)
                #expect(moved.status == 303)
                let error = #expect(throws: PeerClientError.self) { try moved.require(200, 202, from: endpoint) }
                #expect(error == .status(peer: endpoint.name, status: 303, text: ""))
                try moved.require(200, 303, from: endpoint)
            }
        }
    }

    @Test("a download goes on behind what is there, and asks for nothing when all is there")
    func resume() async throws {
        let contents = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try Data(contents).write(to: URL(fileURLWithPath: a.scratch.path("blob")))
        let target = b.scratch.path("copy")
        try Data(contents.prefix(123_457)).write(to: URL(fileURLWithPath: target))
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            let smallest = Mutex(Int.max)
            try await b.asking { client in
                try await client.download("/file/blob", from: endpoint, to: target, length: .exactly(contents.count)) {
                    count in
                    smallest.withLock { $0 = min($0, count) }
                }
            }
            let copied = try Data(contentsOf: URL(fileURLWithPath: target))
            #expect(copied == Data(contents))
            #expect(smallest.withLock { $0 } > 123_457)
        }
        // The server is gone: a file that is whole already needs none.
        try await b.asking { client in
            try await client.download(
                "/file/blob", from: a.endpoint(port: 1), to: target, length: .exactly(contents.count))
        }
    }

    @Test("a download of unknown length starts anew, is bounded, and is readable by its owner alone")
    func unknownLength() async throws {
        _ = try a.scratch.write("new contents", to: "votes")
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            try await b.asking { client in
                try await client.download(
                    "/file/votes", from: endpoint, to: b.scratch.path("votes"), length: .atMost(12))
                try await client.download(
                    "/file/votes", from: endpoint, to: b.scratch.path("votes"), length: .atMost(12))
                let (text, mode) = (try b.scratch.text("votes"), try b.scratch.mode("votes"))
                #expect(text == "new contents")
                #expect(mode == 0o600)
                await #expect(throws: PeerClientError.answerTooLarge(peer: endpoint.name, limit: 11)) {
                    try await client.download(
                        "/file/votes", from: endpoint, to: b.scratch.path("votes"), length: .atMost(11))
                }
            }
        }
    }

    @Test("a file that is shorter than promised, or not there, is an error")
    func shortFile() async throws {
        _ = try a.scratch.write("short", to: "blob")
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            try await b.asking { client in
                await #expect(throws: PeerClientError.unreachable(peer: endpoint.name, reason: "it sent 5 of 6 bytes"))
                {
                    try await client.download(
                        "/file/blob", from: endpoint, to: b.scratch.path("copy"), length: .exactly(6))
                }
                let error = await #expect(throws: PeerClientError.self) {
                    try await client.download(
                        "/file/none", from: endpoint, to: b.scratch.path("none"), length: .exactly(6))
                }
                guard case .status(_, 404, _)? = error else {
                    Issue.record("another error: \(String(describing: error))"); return
                }
            }
        }
    }
}
