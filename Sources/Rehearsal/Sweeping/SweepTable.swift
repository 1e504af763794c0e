// SPDX-License-Identifier: Apache-2.0

import ReportPages

extension SweepReport {
    /// What was measured: a row a quantity, a column a size.
    package var measuredTable: (header: [String], rows: [[String]]) {
        let rows = SweepQuantity.allCases.map { quantity in
            [quantity.rawValue] + runs.map { run in run.value(of: quantity).map(quantity.text) ?? "-" }
        }
        return (["ballots"] + runs.map { Figures.count($0.votes) }, rows)
    }

    /// The lines and where they lead: a row a quantity.
    package var fitTable: (header: [String], rows: [[String]]) {
        let rows = fits.map { quantity, fit in
            [
                quantity.rawValue, quantity.text(fit.fixed), quantity.smallText(fit.perBallot),
                Self.percent(fit.largestDeviation), predicted(quantity).map(quantity.text) ?? "-",
                range(quantity).map {
                    "\(quantity.text($0.lowerBound)) to \(quantity.text($0.upperBound))"
                }
                    ?? "-",
            ]
        }
        return (
            ["", "fixed", "each ballot", "off by at most", "at \(Figures.count(target))", "with one size left out"],
            rows
        )
    }
}
