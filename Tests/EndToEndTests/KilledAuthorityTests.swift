// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("A killed authority goes on where it stopped", .serialized, .timeLimit(.minutes(10)))
struct KilledAuthorityTests {
    @Test(
        "killed in the middle of the key and again of the mix, and started again, it ends the election with the others")
    func killed() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            async let rehearsal = a.tool("eotest").run(
                ["full", "--vmnd", "--vcount", "10", "--group", "ffdhe2048", "--timeout", "300"])
            for step in ["keyCommitments", "permutation"] {
                try await b.logs("\"step\":\"\(step)\"")
                await b.kill()
                try await b.start()
            }
            let ended = try await rehearsal
            #expect(ended.status == 0, "\(ended.errors)\n\(ended.output)\n\(b.told)")
            let (first, second) = (try a.tallies(), try b.tallies())
            #expect(first.count == 1 && first.keys == second.keys)
            for (election, path) in first {
                let bytes = FileManager.default.contents(atPath: path)
                #expect(bytes != nil && bytes == FileManager.default.contents(atPath: second[election] ?? ""))
            }
        }
    }
}

extension AuthorityProcess {
    /// Waits until the log holds `text`, two minutes at most.
    func logs(_ text: String) async throws {
        for _ in 0..<2400 {
            if (try? String(contentsOfFile: logPath, encoding: .utf8))?.contains(text) == true { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("\(hostName) never logged \(text): \(told)")
    }
}
