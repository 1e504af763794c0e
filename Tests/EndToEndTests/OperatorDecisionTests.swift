// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("Operators decide", .serialized, .timeLimit(.minutes(5)))
struct OperatorDecisionTests {
    @Test(
        "an election and its tally wait for both operators, through kill -9 and a decision while nobody runs, and are then made"
    )
    func accepted() async throws {
        try await withAuthorities(["a.test", "b.test"], careful: ["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            async let rehearsal = a.tool("eotest").run(
                ["full", "--vmnd", "--vcount", "10", "--group", "ffdhe2048", "--timeout", "240"])
            let (first, second) = (try await a.task(1), try await b.task(1))
            #expect(first["proposal"] as? String == second["proposal"] as? String)
            let election = try #require(first["election"] as? String)
            try await expectShown(election, a, b)

            // One decides while its server is dead, the other before its server is killed.
            await b.kill()
            let late = try await b.tool("eotasks").run(["--accept", "1"])
            #expect(late.status == 0)
            #expect(late.output == "accepted: create election \(election)\n")
            #expect(
                late.errors == "eotasks: warning: eorchestra is not running here: it takes this up when it starts\n")
            let accepted = try await a.tool("eotasks").run(["--accept", "1"])
            #expect(accepted == .init(status: 0, output: "accepted: create election \(election)\n", errors: ""))
            await a.kill()
            try await a.start()
            try await b.start()

            let tally = try await b.task(2)
            #expect(tally["action"] as? String == "tally" && tally["ballots"] as? Int == 10)
            _ = try await a.task(2)
            let shown = try await b.tool("eotasks").run(["--show", "2"])
            #expect(shown.output.contains("ballots     10 lines in the votes file\n"))
            #expect(shown.output.contains("votes hash  ni:///sha-256;"))
            let tree = try await b.tool("eotasks").run(["--tree", election])
            #expect(tree.output.contains("tallying, waiting for a.test, b.test\n"))
            #expect(tree.output.contains("b.test  awaited, for its operator, since "))
            for authority in authorities {
                #expect(try await authority.tool("eotasks").run(["--accept", "2"]).status == 0)
            }
            let ended = try await rehearsal
            #expect(ended.status == 0, "\(ended.errors)\n\(ended.output)\n\(b.told)")
            let again = try await b.tool("eotasks").run(["--reject", "2"])
            #expect(again.status == 1)
            #expect(again.errors.hasPrefix("eotasks: error: task 2 was accepted at "))
            try await b.tree(of: election, shows: "sees it: tallied, 10 ballots\n")
        }
    }

    @Test("a rejection ends the election or the tally, and its reason reaches whoever asked")
    func rejected() async throws {
        try await withAuthorities(["a.test", "b.test"], careful: ["b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let options = ["--vmnd", "--vcount", "5", "--group", "ffdhe2048", "--timeout", "240"]
            async let refused = a.tool("eotest").run(["full"] + options)
            let election = try #require(try await b.task(1)["election"] as? String)
            let rejection = try await b.tool("eotasks").run(["--reject", "1", "--reason", "not in the minutes"])
            #expect(rejection == .init(status: 0, output: "rejected: create election \(election)\n", errors: ""))
            let first = try await refused
            #expect(first.status == 1)
            #expect(
                first.errors.contains(
                    "the operator of b.test rejected the election: not in the minutes (check operator.rejected, says b.test)"
                ), "\(first.errors)")

            async let second = a.tool("eotest").run(["full"] + options)
            _ = try await b.task(2)
            #expect(try await b.tool("eotasks").run(["--accept", "2"]).status == 0)
            _ = try await b.task(3)
            #expect(try await b.tool("eotasks").run(["--reject", "3"]).status == 0)
            let tally = try await second
            #expect(tally.status == 1)
            #expect(tally.errors.contains("the operator of b.test rejected the tally (check"), "\(tally.errors)")
            let list = try await b.tool("eotasks").run(["--list"])
            #expect(list.output.hasPrefix("nothing waits for a decision\n"))
            #expect(list.output.contains("1  create election \(election)"))
        }
    }

    /// What operators must see before they decide.
    private func expectShown(_ election: String, _ a: AuthorityProcess, _ b: AuthorityProcess) async throws {
        let shown = try await b.tool("eotasks").run(["--show", "1"])
        #expect(shown.status == 0)
        for text in [
            "task       1: create election \(election)\n", "director   a.test\n",
            "voting     from \"2000-01-01T00:00:00.001\" to \"2000-01-01T00:00:00.001\"\n", "group      ffdhe2048\n",
            "threshold  2 of 2\n", "  1. \"Question 0\"\n", "\"plurality-at-large\", 3 answers",
        ] {
            #expect(shown.output.contains(text), "\(shown.output)")
        }
        for authority in [a, b] {
            let listed = try await authority.tool("eopeers").run(["--list", "--json"]).output
            let peers = try #require(
                try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]])
            let fingerprint = try #require(peers.first?["fingerprint"] as? String)
            #expect(shown.output.contains("    \(fingerprint)\n"))
        }
        #expect(!shown.output.contains("Perhaps"))
        let full = try await b.tool("eotasks").run(["--show-full", "1"])
        #expect(full.output.contains("     - \"Perhaps\"\n"))
        #expect(full.output.contains("  \"callback_url\": ") || full.output.contains("\"callback_url\": "))
    }
}

extension AuthorityProcess {
    /// Waits until the operator has that task to decide about, a minute at most.
    func task(_ number: Int) async throws -> [String: Any] {
        for _ in 0..<600 {
            let listed = try await tool("eotasks").run(["--list", "--json"])
            let tasks = try? JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]]
            if let task = tasks?.first(where: { $0["id"] as? Int == number && $0["state"] as? String == "waiting" }) {
                return task
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("\(hostName) has no task \(number): \(told)")
        throw CancellationError()
    }
}
