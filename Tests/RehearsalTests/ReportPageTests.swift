// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Counting
import Foundation
import HostTestSupport
@testable import Rehearsal
import StrictJSON
import Testing

@Suite("Reports as pages, in a real browser", .serialized, .timeLimit(.minutes(2)))
struct ReportPageTests {
    @Test("a rehearsal's page shows what ran where and every phase, and asks for nothing")
    func rehearsal() async throws {
        let page = RehearsalPage(
            try SampleReports.rehearsal(votes: 1000), host: SampleReports.host("eotest's processor"))
        let visit = try await visit(page.bytes, named: "rehearsal.html")
        #expect(visit.console == [] && visit.requests == [])
        for text in [
            "Rehearsal of election 271828", "1,000", "ffdhe3072", "a.example", "b.example", "Processor of b.example",
            "eotest's processor", "AVX-512 IFMA", "Everything that eotest full checks held.", "verify-shuffle",
            "build-tally",
            "Time of each phase", "CPU time of each phase", "Memory in each phase, at most", "ni:///sha-256;",
        ] {
            #expect(visit.document.contains(text), "\(text)")
        }
        // Three charts, with a bar for each authority in each phase that is long enough.
        #expect(visit.document.matches(of: #/<svg /#).count == 3)
        #expect(visit.document.matches(of: #/<rect /#).count > 20)
    }

    @Test("the result of each question stands on the page beside what was expected, with what differs")
    func results() throws {
        let question: JSONValue = [
            "title": "Who & <why>?", "tally_type": "plurality-at-large", "min": 0, "max": 1, "num_winners": 1,
            "answers": [["id": 0, "text": "<b>Ana</b>"], ["id": 1, "text": "Bea"]],
        ]
        func counted(_ plaintexts: String) throws -> CountedQuestion {
            let question = try CountableQuestion(JSONField(question, name: "the question"))
            return try CountedQuestion(counting: question, PlaintextList(Data(plaintexts.utf8)))
        }
        var facts = RehearsalReport.Facts()
        let expected = ExpectedResult.Question(try counted("\"3\"\n\"5\"\n"))
        facts.results = [
            QuestionOutcome(try counted("\"3\"\n\"3\"\n"), expected: expected),
            QuestionOutcome(try counted("\"3\"\n\"5\"\n"), expected: expected),
        ]
        let report = RehearsalReport(command: "full", facts: facts, steps: [], time: .zero, error: "no")
        let page = String(decoding: RehearsalPage(report, host: SampleReports.host("x")).bytes, as: UTF8.self)
        for text in [
            "<h2>Result of question 0: Who &amp; &lt;why&gt;?</h2>", "<h2>Result of question 1: ",
            "<th scope=\"row\">&lt;b&gt;Ana&lt;/b&gt;</th><td>2</td><td>1</td><td>differs</td>",
            "<th scope=\"row\">Bea</th><td>1</td><td>1</td><td></td>",
            "<th scope=\"row\">valid</th><td>2</td><td>2</td><td></td>",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test("a sweep's page has the answer, its caveats and a chart for time, CPU, memory and disk")
    func sweep() async throws {
        let report = try SampleReports.sweep([100, 1000, 10_000])
        let visit = try await visit(SweepPage(report).bytes, named: "sweep.html")
        #expect(visit.console == [] && visit.requests == [])
        for text in [
            "Sweep of 100, 1,000, 10,000 ballots", "1,000,000 ballots would take about",
            "100 times beyond the largest size",
            "Time of the whole run", "CPU time of an authority", "Memory of an authority", "Disk of an authority",
            "with one size left out",
        ] {
            #expect(visit.document.contains(text), "\(text)")
        }
        #expect(visit.document.matches(of: /class="fit beyond"/).count == 4)
        #expect(visit.document.matches(of: /class="target"/).count == 4)
    }

    @Test("an answer that hangs on one of the sizes says so, and one that does not, does not")
    func unsure() throws {
        let steady = try SampleReports.sweep([100, 1000, 10_000])
        #expect(!steady.caveats.contains { $0.contains("order of magnitude") })
        let shaky = SweepReport(
            runs: try [10, 20, 40].map { votes in
                SweepRun(report: try SampleReports.rehearsal(votes: votes), diskBytes: votes == 20 ? 90_000 : 50_000)
            }, target: 1_000_000, host: steady.host)
        let caveat = try #require(shaky.caveats.first { $0.contains("order of magnitude") })
        #expect(caveat.contains("disk of eotest (") && !caveat.contains("memory of an authority"))
    }

    @Test("memory is foretold by its line up to where lists are worked on in parts, and by less beyond")
    func memory() throws {
        let report = try SampleReports.sweep([100, 1000, 10_000])
        let line = try #require(report.fit(.authorityMemory))
        let predicted = try #require(report.predicted(.authorityMemory))
        #expect(predicted < line.value(at: 1_000_000))
        #expect(report.predicted(.authorityMemory, at: 20_000) == line.value(at: 20_000))
        #expect(predicted == line.value(at: 50_000) + 950_000 * min(line.perBallot, 600))
        #expect(report.predicted(.authorityDisk) == report.fit(.authorityDisk)?.value(at: 1_000_000))
        #expect(report.caveats.contains { $0.hasPrefix("Memory is not taken to go on") })
    }

    @Test("foreign text is text: no markup, no request, no character that turns the direction of writing comes of it")
    func hostile() async throws {
        let evil =
            "</title><script>console.error('x')</script><img src=http://127.0.0.1:9/x onerror=alert(1)>\"'&\u{202E}\u{1B}[2J"
        var facts = RehearsalReport.Facts()
        facts.election = evil
        facts.authorities = [evil]
        facts.group = evil
        facts.votes = 1
        facts.tallyHash = evil
        facts.costs = [AuthorityCosts(authority: evil, costs: SampleReports.costs(votes: 10, host: evil, phase: evil))]
        let step = StepReport(
            step: .tally, time: .seconds(1), votes: 1, use: MeasuredUse(seconds: 1, cpuSeconds: 1, peakBytes: 1),
            detail: evil)
        let report = RehearsalReport(command: evil, facts: facts, steps: [step], time: .seconds(1), error: evil)
        let bytes = RehearsalPage(report, host: SampleReports.host(evil)).bytes
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            !text.contains("<script") && !text.contains("<img") && !text.contains("\u{202E}")
                && !text.contains("\u{1B}"))
        let visit = try await visit(bytes, named: "hostile.html")
        #expect(visit.console == [] && visit.requests == [])
        #expect(visit.document.contains("Failed: &lt;/title&gt;&lt;script&gt;"))
        let sweep = SweepReport(
            runs: [SweepRun(report: report, diskBytes: 1)], target: 10, host: SampleReports.host(evil), error: evil)
        #expect(!String(decoding: SweepPage(sweep).bytes, as: UTF8.self).contains("<script"))
    }

    @Test("this browser does tell of a page that writes to the console and asks the network")
    func control() async throws {
        let page = "<html><img src=\"http://127.0.0.1:9/x.png\"><script>console.error('seen')</script></html>"
        let visit = try await visit(Array(page.utf8), named: "control.html")
        #expect(visit.console.count == 1 && visit.console[0].contains("seen"))
        #expect(visit.requests == ["http://127.0.0.1:9/x.png"])
    }

    @Test("light and dark pages are drawn, and differ")
    func drawn() async throws {
        let scratch = try ScratchFolder()
        let page = RehearsalPage(try SampleReports.rehearsal(votes: 100), host: SampleReports.host("x"))
        let path = scratch.path("page.html")
        try Data(page.bytes).write(to: URL(filePath: path))
        var images: [Data] = []
        for isDark in [false, true] {
            let image = scratch.path("\(isDark).png")
            try await Chromium().draw(path, to: image, width: 1000, height: 800, isDark: isDark)
            images.append(try Data(contentsOf: URL(filePath: image)))
        }
        #expect(images[0].count > 20_000 && images[1].count > 20_000 && images[0] != images[1])
    }

    /// What others keep to look at, where `EO_KEEP_PAGES` names a folder.
    private func visit(_ bytes: [UInt8], named name: String) async throws -> Chromium.Visit {
        let scratch = try ScratchFolder()
        let path = scratch.path(name)
        try Data(bytes).write(to: URL(filePath: path))
        if let folder = ProcessInfo.processInfo.environment["EO_KEEP_PAGES"] {
            try? Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        return try await Chromium().open(path)
    }
}

/// Reports as real runs give them, with made-up numbers.
enum SampleReports {
    static func host(_ processor: String) -> HostFacts {
        HostFacts(
            processor: processor, coreCount: 2, memoryBytes: 8 << 30, kernel: "Linux 6.1.0-28-amd64 x86_64",
            system: "Debian GNU/Linux 12 (bookworm)", arithmetic: "ifma", software: "1.0")
    }

    static func costs(votes: Int, host: String, phase extra: String = "publish-tally") -> ElectionCosts {
        let phases: [(String, Double)] = [
            ("compute-keys", 0), ("review-ballots", 0.11), ("commit-permutation", 0.31), ("verify-permutation", 0.09),
            ("shuffle", 0.27), ("verify-shuffle", 0.33), ("decrypt", 0.2), ("verify-decryption", 0.05),
            ("build-tally", 0.4),
            (PhaseRecord.waiting, 0.5), (extra, 0),
        ]
        let records = phases.map { name, milliseconds in
            let seconds = 0.004 + milliseconds * Double(votes) / 1000
            return PhaseRecord(
                phase: name, attempt: 1, question: nil, peer: nil, endedAt: "2026-01-02T03:04:05.678Z",
                use: MeasuredUse(
                    seconds: seconds, cpuSeconds: seconds * (name == PhaseRecord.waiting ? 0.1 : 1.8),
                    peakBytes: 40_000_000 + votes * 3000))
        }
        return ElectionCosts(host: self.host(host), phases: records, diskBytes: 100_000 + votes * 15_000)
    }

    static func rehearsal(votes: Int) throws -> RehearsalReport {
        var facts = RehearsalReport.Facts()
        facts.election = "271828"
        facts.authorities = ["a.example", "b.example"]
        facts.threshold = 2
        facts.questions = 1
        facts.group = "ffdhe3072"
        facts.votes = votes
        facts.votesHash = "ni:///sha-256;T2ZmaWNpYWwtdm90ZXMtZmlsZS1vZi1hLXNhbXBsZQ"
        facts.tally = "/srv/eotest/data/271828/tally.tar.gz"
        facts.tallyHash = "ni:///sha-256;QW4taGFzaC1vZi1hLXRhbGx5LW9mLWEtc2FtcGxl"
        facts.costs = ["a.example", "b.example"].map {
            AuthorityCosts(
                authority: $0,
                costs: costs(votes: $0 == "a.example" ? votes : votes * 11 / 10, host: "Processor of \($0)"))
        }
        let times: [(RehearsalStep, Double)] = [
            (.create, 0), (.compareKeys, 0), (.encrypt, 0.36), (.tally, 4), (.download, 0.02), (.verify, 0.53),
            (.comparePlaintexts, 0.01),
        ]
        let steps = times.map { step, milliseconds in
            StepReport(
                step: step, time: .milliseconds(Int(300 + milliseconds * Double(votes))), votes: votes,
                use: MeasuredUse(
                    seconds: 0, cpuSeconds: milliseconds * Double(votes) / 600, peakBytes: 30_000_000 + votes * 1000),
                detail: "what came out of \(step.rawValue)")
        }
        let total = steps.reduce(0) { $0 + $1.seconds }
        return RehearsalReport(command: "full", facts: facts, steps: steps, time: .seconds(total), error: nil)
    }

    static func sweep(_ sizes: [Int], target: Int = 1_000_000) throws -> SweepReport {
        let runs = try sizes.map { SweepRun(report: try rehearsal(votes: $0), diskBytes: 50_000 + $0 * 6000) }
        return SweepReport(runs: runs, target: target, host: host("eotest's processor"))
    }
}
