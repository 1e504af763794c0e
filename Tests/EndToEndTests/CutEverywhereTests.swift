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

    @Test("in the middle of the votes file: the rest is fetched behind it, and no more")
    func inVotes() async throws {
        let network = try await TestNetwork(hosts: 2)
        try await withAuthorities(["a.test", "b.test"], on: network) { authorities in
            let a = authorities[0]
            let home = network.hosts[1].address
            let scratch = try ScratchFolder()
            // b fetches a few hundred kilobytes from eotest, which is at a.
            network.router.cut(home, after: 200_000, from: a.eotestPort)
            let rehearsal = try FollowedTool(
                a.tool("eotest"), ["full", "--vmnd", "--vcount", "200", "--group", "ffdhe2048", "--timeout", "900"],
                in: scratch)
            try await becomes("cut", within: .seconds(300)) { network.router.isCut(home) }
            #expect(try await rehearsal.says("b.test has not answered for ", within: .seconds(10)))
            try await Task.sleep(for: .seconds(52))
            network.router.mend(home)
            #expect(await rehearsal.end() == 0, "\(rehearsal.errors)\n\(authorities.map(\.told))")
            let elections = "\(a.home)/eotest/data"
            let election = try #require(
                FileManager.default.contentsOfDirectory(atPath: elections).first { Int($0) != nil })
            let votes =
                try FileManager.default.attributesOfItem(
                    atPath: "\(elections)/\(election)/ciphertexts_json")[.size] as? Int
            let size = try #require(votes)
            #expect(size > 300_000)
            let sent = network.router.byteCount(from: a.eotestPort)
            #expect(sent < size + 150_000, "\(sent) bytes for a file of \(size)")
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
