// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import ReportPages

/// The phases of an election side by side for all its authorities, as a table and as charts.
struct PhaseView {
    private let names: [String]
    private let phases: [String]
    private let uses: [[String: MeasuredUse]]
    private let totals: [MeasuredUse]
    private let disk: [Int]

    init(authorities: [AuthorityCosts]) {
        names = authorities.map(\.authority)
        uses = authorities.map { authority in
            Dictionary(uniqueKeysWithValues: authority.phases.map { ($0.name, $0.use) })
        }
        phases = PhaseOrder.sorted(Set(uses.flatMap(\.keys)))
        totals = authorities.map(\.total)
        disk = authorities.map(\.costs.diskBytes)
    }

    var table: Markup {
        let groups = names.map { "<th scope=\"colgroup\" colspan=\"3\">\($0)</th>" as Markup }
        let columns = names.map { _ in "<th>seconds</th><th>CPU s</th><th>memory</th>" as Markup }
        let rows = phases.map { phase in
            "<tr><th scope=\"row\">\(phase)</th>\(uses.map { Self.cells($0[phase]) })</tr>\n" as Markup
        }
        return """
            <div class="scroll"><table class="numbers">
            <thead><tr><th></th>\(groups)</tr><tr><th scope="col">phase</th>\(columns)</tr></thead>
            <tbody>
            \(rows)<tr class="total"><th scope="row">all together</th>\(totals.map { Self.cells($0) })</tr>
            </tbody></table></div>
            <p class="faint">Phases have the names that they have in the log. CPU is that of the whole process, all cores together; memory \
            is the most anonymous memory that it held. While an authority is waiting, it fetches what others made, and checks some of \
            it while it comes. On disk the election takes \(Self.list(names, disk.map { Figures.bytes(Double($0)) })).</p>
            """
    }

    private static func cells(_ use: MeasuredUse?) -> Markup {
        guard let use else { return "<td></td><td></td><td></td>" }
        return """
            <td>\(Figures.fixed(use.seconds, places: 2))</td><td>\(Figures.fixed(use.cpuSeconds, places: 2))</td>\
            <td>\(Figures.bytes(Double(use.peakBytes)))</td>
            """
    }

    private static func list(_ names: [String], _ values: [String]) -> String {
        zip(names, values).map { "\($1) at \($0)" }.joined(separator: ", ")
    }

    var charts: Markup {
        """
        \(BarChart.legend(names))
        \(chart("Time of each phase", Figures.seconds) { $0.seconds })\
        \(chart("CPU time of each phase", Figures.seconds) { $0.cpuSeconds })\
        \(chart("Memory in each phase, at most", Figures.bytes) { Double($0.peakBytes) })
        """
    }

    /// Phases that are nowhere a hundredth of the largest are left out: they would be lines without bars.
    private func chart(_ title: String, _ format: @escaping (Double) -> String, _ value: (MeasuredUse) -> Double)
        -> Markup
    {
        let rows = phases.map { phase in (name: phase, values: uses.map { $0[phase].map(value) }) }
        let largest = rows.flatMap { $0.values.compactMap { $0 } }.max() ?? 0
        let shown = rows.filter { row in row.values.contains { ($0 ?? 0) * 100 >= largest && largest > 0 } }
        let left = rows.count - shown.count
        let note: Markup =
            left == 0
            ? ""
            : "<p class=\"faint\">\(left == 1 ? "One phase" : "\(left) phases") below a hundredth of the longest bar left out.</p>"
        return "\(BarChart(title: title, series: names, rows: shown, format: format).markup)\(note)"
    }
}
