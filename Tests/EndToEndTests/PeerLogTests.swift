// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("eolog --peer between authority processes", .serialized, .timeLimit(.minutes(5)))
struct PeerLogTests {
    @Test(
        "a peer that allows it shows the lines of common elections alone; others, and one that does not, show nothing")
    func shows() async throws {
        try await withAuthorities(["a.test", "b.test", "c.test"]) { authorities in
            let (a, b, c) = (authorities[0], authorities[1], authorities[2])
            _ = await b.stop()
            try b.configure(["LOG_SHARED_WITH_PEERS": true])
            try await b.start()
            let election = try await create(a, with: ["b.test"])
            let other = try await create(b, with: ["c.test"])

            try await shows(b, to: a, ["-n", "1000"], of: election)
            try await shows(b, to: c, ["--since", "1h"], of: other)
            let none = try await a.tool("eolog").run(["--peer", "b.test", "--no-follow", "--election", other])
            #expect(none == .init(status: 0, output: "", errors: ""))
            let grave = try await a.tool("eolog").run(["--peer", "b.test", "--no-follow", "--level", "critical"])
            #expect(grave == .init(status: 0, output: "", errors: ""))

            let refused = try await b.tool("eolog").run(["--peer", "a.test", "--no-follow"])
            #expect(refused.status == 1 && refused.output.isEmpty)
            #expect(refused.errors.contains("HTTP status 403: \"this authority does not show its log to peers\""))
            #expect(refused.errors.contains("eolog: hint: \"its operator allows it with LOG_SHARED_WITH_PEERS"))

            try await writesNoEscapes(election, at: b, askedBy: a)
            try await boundsRequests(to: b, from: a)
        }
    }

    @Test("it goes on after the peer was killed and started again, and no line is lost or doubled")
    func follows() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            await b.kill()
            let unreachable = try await a.tool("eolog").run(["--peer", "b.test", "--no-follow"])
            #expect(
                unreachable.status == 69 && unreachable.errors.contains("eolog: hint: is the authority running there"))
            try b.configure(["LOG_SHARED_WITH_PEERS": true, "LOG_ROTATE_BYTES": 4096, "LOG_ROTATE_KEEP": 50])
            try await b.start()
            var elections = [try await create(a, with: ["b.test"])]
            let output = try Following(a, ["--peer", "b.test", "--json", "-n", "1000"])
            defer { output.end() }
            #expect(try await output.becomes(lines(of: elections, at: b)))
            await b.kill()
            try await Task.sleep(for: .seconds(2))
            try await b.start()
            elections.append(try await create(a, with: ["b.test"]))
            #expect(try await output.becomes(lines(of: elections, at: b)))
            #expect(try b.logFiles().count > 1)
        }
    }

    /// Waits until an authority shows another all lines of an election that its log holds, and nothing else: some may still come.
    private func shows(
        _ authority: AuthorityProcess, to reader: AuthorityProcess, _ options: [String], of election: String
    ) async throws {
        var (shown, expected) = (BuiltTool.Ended(status: 1, output: "", errors: ""), "")
        let isAll = try await eventually {
            shown = try await reader.tool("eolog").run(
                ["--peer", authority.hostName, "--no-follow", "--json"] + options)
            expected = try lines(of: [election], at: authority)
            return shown == .init(status: 0, output: expected, errors: "") && !expected.isEmpty
        }
        #expect(isAll, "\(shown)\n\(expected)")
    }

    /// Foreign text in the peer's log does not reach the terminal as it is.
    private func writesNoEscapes(_ election: String, at b: AuthorityProcess, askedBy a: AuthorityProcess) async throws {
        let line =
            #"{"election":"\#(election)","file":"\#(b.home)/data/private/7/board","level":"info","message":"\u001b[2J"#
            + "\u{9B}31m"
            + #"","\u001b]0;":"\u202e","#
            + #""timestamp":"2030-01-01T00:00:00.000Z"}"# + "\n"
        let log = try #require(FileHandle(forWritingAtPath: b.logPath))
        try log.seekToEnd()
        try log.write(contentsOf: Data(line.utf8))
        for arguments in [[], ["--json"]] {
            let all = try await a.tool("eolog").run(["--peer", "b.test", "--no-follow", "-n", "9"] + arguments).output
            // Others may have come behind it.
            let shown = try #require(all.split(separator: "\n").first { $0.contains("[2J") }, "\(all)")
            #expect(shown.contains("(a private file)") && !all.contains("/private/"))
            #expect(all.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0A }, "\(all)")
        }
    }

    /// More than a few requests at once are refused, and so is what cannot be read.
    private func boundsRequests(to b: AuthorityProcess, from a: AuthorityProcess) async throws {
        let url = "https://b.test:\(b.port)/api/log"
        for query in ["last=1001", "last=x", "since=yesterday", "after=1-2", "level=loud"] {
            #expect(try await a.curl(["\(url)?\(query)"], of: b).output == "400\n", "\(query)")
            try await Task.sleep(for: .milliseconds(600))
        }
        let start = ContinuousClock.now
        let many = try await a.curl(["\(url)?last=[1-100]"], of: b).output.split(separator: "\n")
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        // Twenty at once, and two a second.
        let answered = many.filter { $0 == "200" }.count
        #expect(many.count == 100 && answered > 0 && Double(answered) <= 21 + 2 * seconds)
        #expect(answered == 100 || many.contains("429"))
    }

    /// - Returns: the id of a new election.
    private func create(_ director: AuthorityProcess, with peers: [String]) async throws -> String {
        let ended = try await director.tool("eotest").run(
            ["create", "--group", "ffdhe2048", "--json", "--timeout", "120", "--peers"] + peers)
        try #require(ended.status == 0, "\(ended.errors)")
        let report = try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any]
        return String(try #require(report?["election_id"] as? Int))
    }

    /// The lines in an authority's log about elections that are at rest.
    private func lines(of elections: [String], at authority: AuthorityProcess) throws -> String {
        let all = try authority.logFiles().map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        return all.split(separator: "\n").filter { line in
            elections.contains { line.contains("\"election\":\"\($0)\"") }
        }.map { $0 + "\n" }.joined()
    }
}
