// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import MutualTLS
import Testing

@Suite("A transfer that is cut at every tenth of its length", .timeLimit(.minutes(5)))
struct CutTransferTests {
    private let a: LoopbackHost
    private let b: LoopbackHost
    private static let byteCount = 2_000_000

    init() throws {
        b = try LoopbackHost("b.example")
        a = try LoopbackHost("a.example", trusting: [b.identity.certificate])
    }

    private static let lengths = [PeerClient.ExpectedLength.exactly(byteCount), .beyond(upTo: 10 * byteCount)]

    /// Handshakes, heads of answers, the begun record of TLS: what a line may carry in vain each time it is cut.
    private static let lostAtACut = byteCount / 50

    @Test(
        "goes on where it stopped, whether its length is known or not: every cut finds a tenth more, and nothing comes twice",
        arguments: lengths)
    func everyTenth(length: PeerClient.ExpectedLength) async throws {
        try await download(length, by: Self.byteCount * 12 / 10) { target, relay in
            let expected = size(of: target) + Self.byteCount / 10 - Self.lostAtACut
            relay.cut(after: Self.byteCount / 10) { size(of: target) >= expected }
            return expected
        }
    }

    @Test(
        "goes on also where the other side ends each connection: what nobody had read then comes again, and no more",
        arguments: lengths)
    func ended(length: PeerClient.ExpectedLength) async throws {
        // From the beginning each time would be more than five times as much.
        try await download(length, by: Self.byteCount * 2) { target, relay in
            relay.cut(after: Self.byteCount / 10)
            return size(of: target)
        }
    }

    /// Fetches a file over a line that is cut nine times, and then not any more.
    ///
    /// - Parameters:
    ///   - limit: how much may come over the line, TLS included.
    ///   - plan: plans the next cut, and tells how much of the file there is to be behind it.
    private func download(
        _ length: PeerClient.ExpectedLength, by limit: Int,
        cut plan: @escaping @Sendable (_ target: String, CuttingRelay) -> Int
    ) async throws {
        let contents = Data((0..<Self.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        try contents.write(to: URL(fileURLWithPath: a.scratch.path("blob")))
        let target = b.scratch.path("copy")
        try await a.serving { port in
            let relay = try CuttingRelay(to: port)
            defer { relay.end() }
            let endpoint = try a.endpoint(port: relay.port)
            try await b.asking { client in
                for tenth in 1...9 {
                    let expected = plan(target, relay)
                    await #expect(throws: PeerClientError.self) {
                        try await client.download("/blob/blob", from: endpoint, to: target, length: length)
                    }
                    #expect(size(of: target) >= expected, "cut \(tenth)")
                }
                #expect(size(of: target) > 0)
                relay.cut(after: .max)
                try await client.download("/blob/blob", from: endpoint, to: target, length: length)
                let copied = try Data(contentsOf: URL(fileURLWithPath: target))
                #expect(copied == contents)
                #expect(relay.byteCount < limit, "\(relay.byteCount) bytes")
                // Nothing more is asked for, or nothing more comes.
                try await client.download("/blob/blob", from: endpoint, to: target, length: length)
                #expect(relay.byteCount < limit)
            }
        }
    }

    @Test("begins anew where the rest would be that of a shorter file")
    func otherFile() async throws {
        _ = try a.scratch.write("short", to: "blob")
        let target = try b.scratch.write("what came of a longer one", to: "copy")
        try await a.serving { port in
            let endpoint = try a.endpoint(port: port)
            try await b.asking { client in
                await #expect(throws: PeerClientError.wrongRange(peer: endpoint.name)) {
                    try await client.download("/blob/blob", from: endpoint, to: target, length: .beyond(upTo: 100))
                }
                try await client.download("/blob/blob", from: endpoint, to: target, length: .beyond(upTo: 100))
                let text = try b.scratch.text("copy")
                #expect(text == "short")
            }
        }
    }
}

private func size(of path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
}
