// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
package import Foundation
import ReportPages

/// A sweep as a page: what `eotest sweep --report` writes.
package struct SweepPage: Sendable {
    let report: SweepReport
    let date: Date

    package init(_ report: SweepReport, date: Date = Date()) {
        self.report = report
        self.date = date
    }

    package var bytes: [UInt8] {
        let last = RehearsalPage(largest.report, host: report.host, date: date)
        return Page(
            title: "Sweep of \(report.runs.map { Figures.count($0.votes) }.joined(separator: ", ")) ballots",
            summary: summary,
            sections: [answer, growth, measured] + last.machinesAndPhases
        ).bytes
    }

    private var largest: SweepRun {
        // A sweep has at least one run.
        report.runs.max { $0.votes < $1.votes } ?? report.runs[0]
    }

    private var summary: Markup {
        let facts = largest.report.facts
        let failure: Markup = report.error.map { "<p class=\"verdict bad\">Failed: \($0)</p>" } ?? ""
        var tiles: [(value: String, name: String)] = []
        if let count = facts.authorities?.count { tiles.append((String(count), "authorities")) }
        if let group = facts.group { tiles.append((group, "group")) }
        if let fit = report.fit(.wholeRun) {
            tiles.append((SweepQuantity.wholeRun.smallText(fit.perBallot), "for each ballot"))
            tiles.append(
                (
                    SweepQuantity.wholeRun.text(fit.value(at: Double(report.target))),
                    "for \(Figures.count(report.target)) ballots, predicted"
                ))
        }
        return """
            <p class="faint">\(RehearsalPage.text(of: date)), eotest sweep</p>
            \(failure)
            \(Page.tiles(tiles))
            """
    }

    private var answer: Markup {
        let caveats = report.caveats.map { "<p class=\"faint\">\($0)</p>" as Markup }
        let table = report.fitTable
        return Page.section(
            "What \(Figures.count(report.target)) ballots would take",
            """
            <p>\(report.answer)</p>
            \(caveats)
            <h3>Lines through what was measured</h3>
            <p class="faint">Each is a fixed part and a part for each ballot, such that the squares of the relative errors are the least.</p>
            \(Page.table(table.header, table.rows, numbers: true))
            """)
    }

    private var growth: Markup {
        let shown: [(SweepQuantity, String)] = [
            (.wholeRun, "Time of the whole run"), (.authorityCPU, "CPU time of an authority"),
            (.authorityMemory, "Memory of an authority"), (.authorityDisk, "Disk of an authority"),
        ]
        let charts = shown.compactMap { quantity, title -> Markup? in
            guard let fit = report.fit(quantity) else { return nil }
            return GrowthChart(
                title: title, points: fit.points.map { ($0.size, $0.value) },
                fit: { report.predicted(quantity, at: $0) ?? 0 }, target: Double(report.target),
                format: quantity.text, tick: quantity.tickText
            ).markup
        }
        return Page.section(
            "How it grows",
            """
            <p class="faint">Both axes are logarithmic. Filled: measured. The line is the fitted one, dashed beyond what was run; the circle \
            is what it predicts.</p>
            <div class="pairs">\(charts)</div>
            """)
    }

    private var measured: Markup {
        let table = report.measuredTable
        return Page.section("What was measured", Page.table(table.header, table.rows, numbers: true))
    }
}
