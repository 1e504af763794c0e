// SPDX-License-Identifier: Apache-2.0

extension SweepReport {
    /// What was measured: a row a size.
    package var measuredTable: (header: [String], rows: [[String]]) {
        let shown: [SweepQuantity] = [
            .wholeRun, .encrypting, .tally, .verifying, .authorityCPU, .authorityMemory, .authorityDisk, .eotestMemory,
        ]
        let rows = runs.map { run in
            [Figures.count(run.votes)] + shown.map { quantity in run.value(of: quantity).map(quantity.text) ?? "-" }
        }
        return (["ballots"] + shown.map(\.rawValue), rows)
    }

    /// The lines and where they lead: a row a quantity.
    package var fitTable: (header: [String], rows: [[String]]) {
        let rows = fits.map { quantity, fit in
            [
                quantity.rawValue, quantity.text(fit.fixed), quantity.smallText(fit.perBallot),
                Self.percent(fit.largestDeviation), quantity.text(fit.value(at: Double(target))),
                fit.range(at: Double(target)).map {
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
