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

    @Test(
        "goes on where it stopped, whether its length is known or not: little more comes over the line than the file",
        arguments: [PeerClient.ExpectedLength.exactly(byteCount), .beyond(upTo: 10 * byteCount)])
    func everyTenth(length: PeerClient.ExpectedLength) async throws {
        let contents = Data((0..<Self.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        try contents.write(to: URL(fileURLWithPath: a.scratch.path("blob")))
        let target = b.scratch.path("copy")
        try await a.serving { port in
            let relay = try CuttingRelay(to: port)
            defer { relay.end() }
            let endpoint = try a.endpoint(port: relay.port)
            try await b.asking { client in
                for tenth in 1...9 {
                    let before = size(of: target)
                    relay.cut(after: Self.byteCount / 10)
                    await #expect(throws: PeerClientError.self) {
                        try await client.download("/blob/blob", from: endpoint, to: target, length: length)
                    }
                    // What had come when the line was cut, but was not read yet, may be lost.
                    #expect(size(of: target) >= before, "cut \(tenth)")
                }
                #expect(size(of: target) > 0)
                relay.cut(after: .max)
                try await client.download("/blob/blob", from: endpoint, to: target, length: length)
                let copied = try Data(contentsOf: URL(fileURLWithPath: target))
                #expect(copied == contents)
                // Handshakes, heads of answers, and what was lost; from the beginning each time would be more than five times as much.
                #expect(relay.byteCount < Self.byteCount * 2, "\(relay.byteCount) bytes")
                // Nothing more is asked for, or nothing more comes.
                try await client.download("/blob/blob", from: endpoint, to: target, length: length)
                #expect(relay.byteCount < Self.byteCount * 2)
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

    private func size(of path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
}
