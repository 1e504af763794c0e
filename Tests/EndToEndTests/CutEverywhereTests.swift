// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite(
    "A cable that is cut for a minute", .serialized, .timeLimit(.minutes(60)),
    .enabled(if: ProcessInfo.processInfo.environment["EO_LONG"] == "1"))
struct CutEverywhereTests {
    /// What b posts, in the order of an election.
    static let phases = [
        "countersignature", "keyHash", "keyCommitments", "keyShares", "publicKey", "ballots", "permutation", "shuffle",
        "verified", "decryption", "tally",
    ]

    @Test("in each phase: whoever is awaited is named within 10 seconds, and all goes on", arguments: phases)
    func inPhase(_ phase: String) async throws {
        let network = try await TestNetwork(hosts: 2)
        try await withAuthorities(["a.test", "b.test"], on: network) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            // So that every phase takes long enough to be cut in.
            network.router.set(delay: .milliseconds(150), loss: 0)
            let scratch = try ScratchFolder()
            let rehearsal = try FollowedTool(
                a.tool("eotest"), ["full", "--vmnd", "--vcount", "8", "--group", "ffdhe2048", "--timeout", "900"],
                in: scratch)
            try await becomes("\(phase) of b.test", within: .seconds(300)) { b.hasPosted(phase) }
            network.router.cut(network.hosts[1].address)
            let named = try await rehearsal.says("b.test has not answered for ", within: .seconds(10))
            #expect(named || phase == Self.phases.last, "\(rehearsal.errors)")
            try await Task.sleep(for: .seconds(52))
            network.router.mend(network.hosts[1].address)
            #expect(await rehearsal.end() == 0, "\(phase): \(rehearsal.errors)\n\(a.told)\n\(b.told)")
        }
        await network.end()
    }
}

extension AuthorityProcess {
    fileprivate func hasPosted(_ kind: String) -> Bool {
        let log = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
        return log.split(separator: "\n").contains { line in
            line.contains("\"message\":\"posted\"") && line.contains("\"step\":\"\(kind)\"")
        }
    }
}
