// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Foundation
import HostTestSupport
import MutualTLS
import Synchronization
import Testing

@Suite("A peer that answers badly when its log is asked for")
struct PeerLogAnswerTests {
    private let a: LoopbackHost
    private let b: LoopbackHost

    init() throws {
        b = try LoopbackHost("b.example")
        a = try LoopbackHost("a.example", trusting: [b.identity.certificate])
    }

    @Test(
        "what is no page is refused",
        arguments: [
            "", "[]", "{\"events\":[]}", "<html>",
            #"{"events":[{"level":"loud","message":"","timestamp":""}],"gap":false,"more":false,"next":null}"#,
        ])
    func malformed(text: String) async throws {
        let error = await #expect(throws: PeerLogError.self) { try await read(status: 200, text) }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("an endless answer ends at the limit")
    func large() async throws {
        let text = String(repeating: " ", count: LogPage.answerLimit + 1)
        await #expect(throws: PeerClientError.self) { try await read(status: 200, text) }
    }

    @Test("its words and hints are shown as foreign text")
    func refusal() async throws {
        let text = #"{"error":"no\u001b[2J","hint":"ask\u009b me"}"#
        let error = await #expect(throws: PeerLogError.self) { try await read(status: 403, text) }
        let shown = try #require(error).message + (error?.hint ?? "")
        #expect(shown.contains(#"HTTP status 403: "no\u{1b}[2J""#) && shown.hasSuffix(#""ask\u{9b} me""#), "\(shown)")
    }

    @Test("one that always says that there is more, and gives no more, is not asked for ever", .timeLimit(.minutes(1)))
    func endless() async throws {
        let page = #"{"events":[\#(event)],"gap":false,"more":true,"next":"1-2-3"}"#
        let events = try await read(status: 200, page)
        #expect(events.count == 2 && events.allSatisfy { $0.message == "x" })
        let still = #"{"events":[],"gap":false,"more":true,"next":null}"#
        #expect(try await read(status: 200, still) == [])
    }

    private let event = #"{"level":"info","message":"x","timestamp":"2026-01-02T03:04:05.678Z"}"#

    @discardableResult
    private func read(status: Int, _ text: String) async throws -> [LogRecord] {
        let outcome = Outcome()
        try await a.serving(log: (status, text)) { port in
            let endpoint = try a.endpoint(port: port)
            do {
                _ = try await b.asking { client in
                    try await PeerLog(of: endpoint, through: client).read(from: .last(5), filter: LogFilter()) {
                        events in
                        outcome.add(events)
                    }
                }
            } catch {
                outcome.fail(error)
            }
        }
        return try outcome.events
    }
}

/// What was read, or why nothing was.
private final class Outcome: Sendable {
    private let result = Mutex<Result<[LogRecord], any Error>>(.success([]))

    func add(_ events: [LogRecord]) { result.withLock { $0 = $0.map { $0 + events } } }
    func fail(_ error: any Error) { result.withLock { $0 = .failure(error) } }
    var events: [LogRecord] { get throws { try result.withLock { try $0.get() } } }
}
