// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("eotest --report and sweep on real authorities", .serialized, .timeLimit(.minutes(10)))
struct ReportTests {
    @Test("a sweep measures every phase at both authorities, and its page opens in a browser without a word")
    func sweep() async throws {
        try await withAuthorities(["a.test", "b.test", "c.test"]) { authorities in
            let (a, c) = (authorities[0], authorities[2])
            let path = "\(a.home)/sweep.html"
            let arguments = ["--vcount", "8,2", "--for", "1000", "--vmnd", "--group", "ffdhe2048", "--peers", "b.test"]
            let ended = try await a.tool("eotest").run(
                ["sweep", "--json", "--report", path, "--timeout", "240"] + arguments)
            try #require(ended.status == 0, "\(ended.errors)\n\(ended.output)")
            let report = try #require(
                JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
            let runs = try #require(report["runs"] as? [[String: Any]])
            #expect(runs.compactMap { $0["votes"] as? Int } == [2, 8])
            for run in runs { try expectPhases(run) }
            let fits = try #require(report["fits"] as? [[String: Any]])
            #expect(fits.count == 10)
            for fit in fits { #expect(fit["predicted"] as? Double ?? 0 > 0, "\(fit)") }
            #expect((report["answer"] as? String)?.hasPrefix("1,000 ballots would take about") == true)

            let visit = try await Chromium().open(path)
            #expect(visit.console == [] && visit.requests == [])
            for text in ["Sweep of 2, 8 ballots", "a.test", "b.test", "verify-shuffle", "Two sizes were run"] {
                #expect(visit.document.contains(text), "\(text)")
            }
            try await phasesAreForParties(of: runs, at: a, c)
        }
    }

    @Test("a rehearsal that fails leaves a report that says why; one that cannot be written is known at once")
    func failed() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let created = try await a.tool("eotest").run([
                "create", "--group", "ffdhe2048", "--json", "--timeout", "120",
            ])
            let report = try JSONSerialization.jsonObject(with: Data(created.output.utf8)) as? [String: Any]
            let election = String(try #require(report?["election_id"] as? Int))
            let nowhere = try await a.tool("eotest").run(["encrypt", election, "--report", "\(a.home)/none/x.html"])
            #expect(nowhere.status == 74 && nowhere.errors.contains("cannot create"))
            #expect(try await a.tool("eotest").run(["encrypt", election]).status == 0)
            _ = await b.stop()
            let path = "\(a.home)/failed.html"
            let ended = try await a.tool("eotest").run(["tally", election, "--timeout", "8", "--report", path])
            #expect(ended.status == 69)
            let visit = try await Chromium().open(path)
            #expect(visit.console == [] && visit.requests == [])
            #expect(visit.document.contains("Failed: no answer from a.test"), "\(visit.document)")
            #expect(visit.document.contains("Not told by b.test."))
            try await b.start()
        }
    }

    @Test("a sweep that cannot go on keeps what it has measured, and says at which size it ended")
    func endedSweep() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let path = "\(authorities[0].home)/sweep.html"
            let ended = try await authorities[0].tool("eotest").run(
                ["sweep", "--vcount", "900000000,2", "--group", "ffdhe2048", "--timeout", "240", "--report", path])
            #expect(ended.status == 74 && ended.errors.contains("this was the run of 900,000,000 ballots, election "))
            let visit = try await Chromium().open(path)
            #expect(visit.console == [] && visit.requests == [])
            for text in ["Sweep of 2 ballots", "Failed: 900,000,000 ballots: ", "Only one size was run"] {
                #expect(visit.document.contains(text), "\(text)")
            }
        }
    }

    private func expectPhases(_ run: [String: Any]) throws {
        let measured = try #require(run["measured"] as? [[String: Any]])
        #expect(measured.compactMap { $0["authority"] as? String }.sorted() == ["a.test", "b.test"])
        for authority in measured {
            let phases = try #require(authority["phases"] as? [[String: Any]])
            let names = Set(phases.compactMap { $0["phase"] as? String })
            #expect(
                names.isSuperset(of: [
                    "compute-keys", "review-ballots", "shuffle", "verify-shuffle", "decrypt", "build-tally",
                    "publish-tally",
                ]), "\(names)")
            for phase in phases { #expect(phase["peak_memory_bytes"] as? Int ?? 0 > 1 << 20, "\(phase)") }
            #expect(phases.reduce(0) { $0 + ($1["cpu_seconds"] as? Double ?? 0) } > 0)
            #expect(authority["disk_bytes"] as? Int ?? 0 > 10_000)
            #expect((authority["kernel"] as? String)?.hasPrefix("Linux") == true)
        }
        for step in try #require(run["steps"] as? [[String: Any]]) {
            #expect(step["peak_memory_bytes"] as? Int ?? 0 > 1 << 20, "\(step)")
        }
    }

    /// The route answers the creator and the election's authorities alone.
    private func phasesAreForParties(of runs: [[String: Any]], at a: AuthorityProcess, _ c: AuthorityProcess)
        async throws
    {
        let election = try #require(runs.first?["election_id"] as? Int)
        let url = "https://a.test:\(a.port)/public_api/status/\(election)/phases"
        #expect(try await a.curl([url]).output == "200\n")
        #expect(try await c.curl([url], of: a).output == "403\n")
        #expect(try await a.curl(["https://a.test:\(a.port)/public_api/status/none/phases"]).output == "404\n")
    }
}
