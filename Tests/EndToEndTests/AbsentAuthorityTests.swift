// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("An authority is gone at tally time", .serialized, .timeLimit(.minutes(10)))
struct AbsentAuthorityProcessTests {
    @Test("killed after the votes are cast, one of three is left out once both others say so, and the tally is valid")
    func goneForGood() async throws {
        try await withAuthorities(["a.test", "b.test", "c.test"]) { authorities in
            let (a, gone) = (authorities[0], authorities[1])
            let (name, others) = (gone.hostName, [authorities[0], authorities[2]])
            let election = try await a.electionWithVotes(["--threshold", "2"])
            await gone.kill()
            let tally = try FollowedTool(
                a.tool("eotest"), ["tally", election, "--timeout", "240"], in: try ScratchFolder())
            try await a.tree(of: election, shows: "tallying, 8 ballots, waiting for \(name)\n")
            // Whoever runs it learns who is awaited, and what became of that.
            #expect(try await tally.says("\(name) has not answered for ", within: .seconds(60)), "\(tally.errors)")

            let first = try await others[0].tool("eotasks").run(["--go-on-without", name, "--election", election])
            #expect(first.status == 0 && first.errors.isEmpty)
            #expect(
                first.output == """
                    this authority goes on without \(name) in election "\(election)"
                    the tally begins anew once these operators have said the same: \(others[1].hostName)

                    """)
            try await others[1].tree(of: election, shows: "\n\(others[0].hostName) goes on without \(name)\n")
            #expect(try await others[1].tool("eotasks").run(["--tree", election]).output.contains("tally 1\n"))
            let refused = try await others[1].tool("eotasks").run(
                ["--go-on-without", name, others[0].hostName, "--election", election])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("takes 2 of 3 authorities, and without "), "\(refused.errors)")
            let second = try await others[1].tool("eotasks").run(["--go-on-without", name, "--election", election])
            #expect(second.output.hasSuffix("all others have said so: the tally begins anew without it\n"))

            #expect(await tally.end() == 0, "\(tally.errors)\n\(tally.output)\n\(a.told)")
            let silence = tally.errors.firstMatch(of: /b.test has not answered for (\d+) s, still waiting for it/)
            #expect(silence.flatMap { Int($0.1) }.map { $0 <= 10 } == true, "\(tally.errors)")
            #expect(tally.errors.contains("eotest: warning: the tally goes on without \(name)\n"), "\(tally.errors)")
            #expect(
                tally.output.contains("mixed, decrypted and published by 2 authorities, without \(name)"),
                "\(tally.output)")
            let verified = try await a.tool("eotest").run(["verify", election])
            #expect(verified.status == 0, "\(verified.errors)")
            let tallies = try others.map { try #require(try $0.tallies()[election]) }
            #expect(FileManager.default.contentsEqual(atPath: tallies[0], andPath: tallies[1]))
            let valid = try await BuiltTool("eoverify").run([tallies[0]])
            #expect(valid.status == 0, "\(valid.errors)\n\(valid.output)")

            // Back again, it learns what became of the election, and keeps no share of a key that has done its work.
            try await gone.start()
            try await gone.tree(of: election, shows: "sees it: tallied, 8 ballots, without \(name)\n")
            #expect(try gone.tallies().isEmpty)
            try await gone.keepsNoSecrets()
        }
    }

    @Test("where all are needed the missing one is named, and the same tally asked for again ends when it is back")
    func allNeeded() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let election = try await a.electionWithVotes()
            #expect(await b.stop() == 0)
            let given = try await a.tool("eotest").run(["tally", election, "--timeout", "15"])
            #expect(given.status != 0 && given.errors.contains("b.test"), "\(given.errors)")
            try await a.tree(of: election, shows: "waiting for b.test\n")
            let refused = try await a.tool("eotasks").run(["--go-on-without", "b.test", "--election", election])
            #expect(refused.status == 1)
            #expect(
                refused.errors.hasPrefix(
                    "eotasks: error: this election takes all 2 authorities: nobody can go on without b.test\n"))
            async let again = a.tool("eotest").run(["tally", election, "--timeout", "240"])
            try await b.start()
            let ended = try await again
            #expect(ended.status == 0, "\(ended.errors)\n\(ended.output)\n\(b.told)")
            #expect(try await a.tool("eotest").run(["verify", election]).status == 0)
        }
    }
}

extension AuthorityProcess {
    /// Makes an election with eight ballots and gives its id.
    func electionWithVotes(_ options: [String] = []) async throws -> String {
        let created = try await tool("eotest").run(
            ["create", "--group", "ffdhe2048", "--timeout", "240", "--json"] + options)
        try #require(created.status == 0, "\(created.errors)\n\(told)")
        let report = try JSONSerialization.jsonObject(with: Data(created.output.utf8)) as? [String: Any]
        let election = String(try #require(report?["election_id"] as? Int))
        let encrypted = try await tool("eotest").run(["encrypt", election, "--vmnd", "--vcount", "8"])
        try #require(encrypted.status == 0, "\(encrypted.errors)")
        return election
    }

    /// Waits until the tree of an election says `text`, two minutes at most.
    func tree(of election: String, shows text: String) async throws {
        var last = ""
        for _ in 0..<600 {
            last = try await tool("eotasks").run(["--tree", election]).output
            if last.contains(text) { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("the tree at \(hostName) never says \(text): \(last)\n\(told)")
    }

    /// Waits until no seed or share lies in the private folder any more, a minute at most.
    func keepsNoSecrets() async throws {
        var found: [String] = []
        for _ in 0..<300 {
            let names = FileManager.default.enumerator(atPath: "\(home)/data/private")?.compactMap { $0 as? String }
            found = (names ?? []).filter { $0.hasSuffix(".seed") || $0.hasSuffix(".share") }
            if found.isEmpty { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("\(hostName) keeps \(found)")
    }
}
