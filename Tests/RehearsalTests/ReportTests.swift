// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Foundation
import OperatorConsole
import Rehearsal
import StrictJSON
import Synchronization
import Testing

@Suite("What --json prints")
struct ReportTests {
    private func printed(_ report: RehearsalReport) throws -> JSONValue {
        let lines = Lines()
        try TextOutput(isTerminal: false) { lines.add($0) }.printJSON(report)
        #expect(lines.text.hasSuffix("}\n"))
        return try JSONValue(parsing: Array(lines.text.utf8))
    }

    private final class Lines: Sendable {
        private let all = Mutex("")
        func add(_ text: String) { all.withLock { $0 += text } }
        var text: String { all.withLock { $0 } }
    }

    @Test("a run that went well has its facts and steps")
    func good() throws {
        var facts = RehearsalReport.Facts()
        facts.election = "12"
        facts.authorities = ["a.example", "b.example"]
        facts.votes = 4
        let step = StepReport(
            step: .comparePlaintexts, time: .milliseconds(1500), votes: 4,
            use: MeasuredUse(seconds: 1.5, cpuSeconds: 2.75, peakBytes: 1 << 20), detail: "all there")
        let json = try printed(
            RehearsalReport(command: "full", facts: facts, steps: [step], time: .seconds(2), error: nil))
        #expect(json["ok"] == true)
        #expect(json["error"] == nil)
        #expect(json["election_id"] == 12)
        #expect(json["votes"] == 4)
        #expect(json["authorities"] == ["a.example", "b.example"])
        let first = try #require(json["steps"]?.asArray?.first)
        #expect(first["step"] == "compare plaintexts")
        #expect(first["seconds"]?.compact == "1.5")
        #expect(first["ms_per_vote"]?.compact == "375")
        #expect(first["cpu_seconds"]?.compact == "2.75")
        #expect(first["peak_memory_bytes"] == 1_048_576)
    }

    @Test("a run that failed says so with the message, and has the steps up to there")
    func failed() throws {
        let json = try printed(
            RehearsalReport(command: "tally", facts: .init(), steps: [], time: .zero, error: "no answer from a.example")
        )
        #expect(json["ok"] == false)
        #expect(json["error"] == "no answer from a.example")
        #expect(json["steps"] == [])
        #expect(json["election_id"] == nil)
    }
}
