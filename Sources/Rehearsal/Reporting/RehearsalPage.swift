// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
package import Foundation
import ReportPages

/// A rehearsal as a page: what `--report` writes.
package struct RehearsalPage: Sendable {
    let report: RehearsalReport
    let host: HostFacts
    let date: Date

    /// - Parameter host: the machine that eotest ran on.
    package init(_ report: RehearsalReport, host: HostFacts, date: Date = Date()) {
        self.report = report
        self.host = host
        self.date = date
    }

    package var bytes: [UInt8] {
        Page(title: title, summary: summary, sections: results + [machines] + steps + phases + [facts]).bytes
    }

    /// What a page of several rehearsals shows of one.
    var machinesAndPhases: [Markup] { [machines] + phases }

    static func text(of date: Date) -> String {
        LogInstant(date).timestamp.prefix(16).replacing("T", with: " ") + " UTC"
    }

    private var title: String {
        report.facts.election.map { "Rehearsal of election \($0)" } ?? "Rehearsal without an election"
    }

    private var summary: Markup {
        let verdict: Markup =
            if let error = report.error {
                "<p class=\"verdict bad\">Failed: \(error)</p>"
            } else {
                "<p class=\"verdict good\">Everything that eotest \(report.command) checks held.</p>"
            }
        return """
            <p class="faint">\(Self.text(of: date)), eotest \(report.command)</p>
            \(verdict)
            \(Page.tiles(tiles))
            """
    }

    private var tiles: [(value: String, name: String)] {
        let facts = report.facts
        let perVote = facts.votes.map { Figures.decimal(report.totalSeconds * 1000 / Double($0), digits: 3) + " ms" }
        let all: [(String?, String)] = [
            (facts.votes.map(Figures.count), "ballots"),
            (facts.questions.map(String.init), facts.questions == 1 ? "question" : "questions"),
            (facts.group, "group"),
            (facts.threshold.map { "\($0) of \(facts.authorities?.count ?? $0)" }, "authorities needed"),
            (Figures.seconds(report.totalSeconds), "all together"),
            (perVote, "for each ballot"),
        ]
        return all.compactMap { value, name in value.map { ($0, name) } }
    }

    /// What counting gave, beside what was expected, a section for each question.
    private var results: [Markup] {
        let outcomes = report.facts.results ?? []
        return outcomes.enumerated().map { index, outcome in
            let rows = outcome.rows.map { row in
                [row.name, row.found, row.expected, row.differs ? "differs" : ""]
            }
            let number = outcomes.count > 1 ? "Result of question \(index)" : "Result"
            let header = ["", outcome.unit, "expected", ""]
            let method: Markup = "<p class=\"faint\">Counted as \(outcome.tallyType).</p>"
            return Page.section(
                "\(number): \(outcome.title)", "\(Page.table(header, rows, numbers: true))\(method)")
        }
    }

    /// What ran where.
    private var machines: Markup {
        var rows = [Self.row("eotest", host)]
        rows += (report.facts.costs ?? []).map { Self.row($0.authority, $0.costs.host) }
        let silent = (report.facts.authorities ?? []).filter { name in
            !(report.facts.costs ?? []).contains { $0.authority == name }
        }
        let missing: Markup =
            silent.isEmpty ? "" : "<p class=\"faint\">Not told by \(silent.joined(separator: ", ")).</p>"
        let header = ["", "processor", "cores", "memory", "kernel", "system", "arithmetic", "software"]
        return Page.section("What ran where", "\(Page.table(header, rows, numbers: false))\(missing)")
    }

    private static func row(_ name: String, _ host: HostFacts) -> [String] {
        let arithmetic = ["ifma": "AVX-512 IFMA", "gmp": "GMP"][host.arithmetic] ?? host.arithmetic
        return [
            name, host.processor, String(host.coreCount), Figures.bytes(Double(host.memoryBytes)), host.kernel,
            host.system,
            arithmetic, host.software,
        ]
    }

    /// The steps that eotest saw.
    private var steps: [Markup] {
        guard !report.steps.isEmpty else { return [] }
        let rows = report.steps.map { step in
            [
                step.step, Figures.fixed(step.seconds, places: 2),
                step.msPerVote.map { Figures.fixed($0, places: 2) } ?? "",
                Figures.fixed(step.cpuSeconds, places: 2), Figures.bytes(Double(step.peakBytes)),
            ]
        }
        let total = [
            "all together", Figures.fixed(report.totalSeconds, places: 2),
            report.facts.votes.map { Figures.fixed(report.totalSeconds * 1000 / Double($0), places: 2) } ?? "",
            Figures.fixed(report.steps.reduce(0) { $0 + $1.cpuSeconds }, places: 2),
            Figures.bytes(Double(report.steps.map(\.peakBytes).max() ?? 0)),
        ]
        let header = ["step", "seconds", "ms a ballot", "CPU seconds of eotest", "memory of eotest"]
        return [
            Page.section(
                "Steps, as eotest saw them", Page.table(header, rows + [total], numbers: true, isLastTotal: true))
        ]
    }

    private var phases: [Markup] {
        let costs = report.facts.costs ?? []
        guard !costs.isEmpty else { return [] }
        let view = PhaseView(authorities: costs)
        return [
            Page.section("Phases at each authority", view.table),
            Page.section("Where time, CPU and memory went", view.charts),
        ]
    }

    private var facts: Markup {
        let facts = report.facts
        let all: [(String, String?)] = [
            ("election", facts.election), ("authorities", facts.authorities?.joined(separator: ", ")),
            ("votes file", facts.votesHash), ("tally", facts.tally), ("tally's hash", facts.tallyHash),
        ]
        let rows = all.compactMap { name, value in value.map { [name, $0] } }
        let details = report.steps.map { [$0.step, $0.detail] }
        return Page.section("What came out", Page.table(["", ""], rows + details, numbers: false))
    }
}
