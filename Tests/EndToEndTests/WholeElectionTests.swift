// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("Whole elections between authority processes", .serialized, .timeLimit(.minutes(10)))
struct WholeElectionTests {
    @Test("two authorities create, encrypt, tally and publish the same bytes, which anybody can verify")
    func two() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let rehearsal = try await authorities[0].tool("eotest").run(
                ["full", "--vmnd", "--vcount", "12", "--group", "sequent2048", "--timeout", "240"])
            try #require(rehearsal.status == 0, "\(rehearsal.errors)\n\(rehearsal.output)")
            try await expectSameValidTally(authorities, elections: 1)
            try expectStructuredLogs(authorities)
        }
    }

    @Test(
        "three authorities, of which two suffice, tally the manual's example of choices with bound proofs, as everybody counts it"
    )
    func three() async throws {
        try await withAuthorities(["a.test", "b.test", "c.test"]) { authorities in
            let scratch = try ScratchFolder()
            let votes = try scratch.write(Self.documentedChoices(), to: "votes.json")
            let arguments = [
                "--threshold", "2", "--vfile", votes, "--vcount", "9", "--group", "ffdhe2048",
                "--bound",
            ]
            let rehearsal = try await authorities[1].tool("eotest").run(
                ["full"] + arguments + ["--timeout", "240", "--json"])
            try #require(rehearsal.status == 0, "\(rehearsal.errors)\n\(rehearsal.output)")
            let report = try JSONSerialization.jsonObject(with: Data(rehearsal.output.utf8)) as? [String: Any]
            let results = try #require(report?["results"] as? [[String: Any]], "one JSON object: \(rehearsal.output)")
            #expect(results.map { $0["title"] as? String } == ["Who?", "How much for what?"])
            for question in results {
                let rows = try #require(question["rows"] as? [[String: Any]])
                #expect(rows.allSatisfy { $0["found"] as? String == $0["expected"] as? String })
                let ballots = rows.suffix(3).compactMap { ($0["found"] as? String).flatMap { Int($0) } }
                #expect(ballots.reduce(0, +) == 9)
            }
            // The written name of the first ballot is counted everywhere.
            let tally = try #require(try authorities[2].tallies().values.first)
            let counted = try await BuiltTool("eoresults").run([tally])
            #expect(
                counted.status == 0 && counted.output.contains("\"Zoë\" (written in)"),
                "\(counted.errors)\(counted.output)")
            try await expectSameValidTally(authorities, elections: 1)
        }
    }

    /// The example of the manual: three ballots; the others are made by the rules of the questions.
    private static func documentedChoices() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/operators/eotest.md"), encoding: .utf8)
        let start = try #require(text.range(of: "    {\"questions\": [")?.lowerBound)
        let end = try #require(text.range(of: "\n\n", range: start..<text.endIndex)?.lowerBound)
        return String(text[start..<end])
    }

    /// Each authority published `elections` tallies, byte for byte those of the others, and eoverify takes each.
    private func expectSameValidTally(_ authorities: [AuthorityProcess], elections: Int) async throws {
        let first = try authorities[0].tallies()
        #expect(first.count == elections)
        for authority in authorities.dropFirst() {
            let tallies = try authority.tallies()
            #expect(tallies.keys.sorted() == first.keys.sorted())
            for (election, path) in tallies {
                let bytes = FileManager.default.contents(atPath: path)
                #expect(
                    bytes != nil && bytes == FileManager.default.contents(atPath: first[election] ?? ""),
                    "\(authority.hostName)")
            }
        }
        for path in first.values {
            let verified = try await BuiltTool("eoverify").run([path])
            #expect(verified.status == 0, "\(verified.errors)\n\(verified.output)")
        }
    }

    /// Every line of every log is a JSON object with time, level and message, and none holds a key.
    private func expectStructuredLogs(_ authorities: [AuthorityProcess]) throws {
        for authority in authorities {
            let log = try String(contentsOfFile: authority.logPath, encoding: .utf8)
            let lines = log.split(separator: "\n")
            #expect(!lines.isEmpty)
            for line in lines {
                let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                for key in ["timestamp", "level", "message"] { #expect(event?[key] is String, "\(key) in \(line)") }
            }
            #expect(!log.contains("PRIVATE KEY"))
        }
    }
}
