// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
import ReportPages

/// Rehearsals of several sizes, the cost of a ballot that they show, and what a size takes that was not run.
package struct SweepReport: Sendable {
    package let runs: [SweepRun]
    /// The number of ballots that is asked about.
    package let target: Int
    package let host: HostFacts
    /// Why there are not more runs; nil if all went well.
    package let error: String?

    /// - Parameter runs: at least one.
    package init(runs: [SweepRun], target: Int, host: HostFacts, error: String? = nil) {
        precondition(!runs.isEmpty, "a sweep of nothing")
        self.runs = runs
        self.target = target
        self.host = host
        self.error = error
    }

    package func fit(_ quantity: SweepQuantity) -> LineFit? {
        LineFit(
            runs.compactMap { run in
                run.value(of: quantity).map { LineFit.Point(size: Double(run.votes), value: $0) }
            })
    }

    /// The quantities of which something was measured, with their lines.
    package var fits: [(quantity: SweepQuantity, fit: LineFit)] {
        SweepQuantity.allCases.compactMap { quantity in fit(quantity).map { (quantity, $0) } }
    }

    /// What the target takes, in words.
    package var answer: String {
        func text(_ quantity: SweepQuantity) -> String {
            predicted(quantity).map(quantity.text) ?? "an unknown amount"
        }
        return
            "\(Figures.count(target)) ballots would take about \(text(.wholeRun)) here: \(text(.encrypting)) to encrypt, \(text(.tally)) "
            + "to tally, \(text(.verifying)) to verify. An authority would need at most \(text(.authorityMemory)) of memory and "
            + "\(text(.authorityDisk)) of disk, eotest \(text(.eotestMemory)) and \(text(.eotestDisk))."
    }

    /// What one has to know to believe the answer as much as it deserves, and no more.
    package var caveats: [String] {
        var caveats: [String] = []
        let sizes = Set(runs.map(\.votes))
        switch sizes.count {
        case 1:
            caveats.append(
                "Only one size was run: everything is taken to grow with the number of ballots, which says too much.")
        case 2:
            caveats.append(
                "Two sizes were run: a line passes through both whatever they are, and nothing is left to check it with."
            )
        default:
            let worst = fits.map { ($0.quantity, $0.fit.largestDeviation) }.max { $0.1 < $1.1 }
            if let (quantity, deviation) = worst {
                caveats.append(
                    "The lines miss no measured value by more than \(Self.percent(deviation)); the worst is \(quantity.rawValue)."
                )
            }
        }
        let unsure = fits.compactMap { quantity, fit -> String? in
            guard let range = range(quantity), range.upperBound > 1.5 * range.lowerBound else {
                return nil
            }
            return "\(quantity.rawValue) (\(quantity.text(range.lowerBound)) to \(quantity.text(range.upperBound)))"
        }
        if !unsure.isEmpty {
            caveats.append(
                "Take no more than the order of magnitude, and run larger sizes: with one size left out the answer changes by more "
                    + "than half for \(unsure.joined(separator: ", ")).")
        }
        if let largest = sizes.max(), target > largest {
            caveats.append(
                "The answer goes \(Figures.decimal(Double(target) / Double(largest), digits: 2)) times beyond the largest size that was "
                    + "run: what sets in later, such as a disk or a memory that is full, is not in it.")
        }
        if target > Self.partedListCount {
            caveats.append(
                "Memory is not taken to go on along its line: from \(Figures.count(Self.partedListCount)) ballots on lists are worked on in "
                    + "parts, and a ballot more takes \(Int(Self.bytesPerFurtherBallot)) bytes at most.")
        }
        return caveats + shortages
    }

    /// What so many ballots take by the quantity's line; of memory, by what is known of long lists as well.
    package func predicted(_ quantity: SweepQuantity, at size: Double) -> Double? {
        fit(quantity).map { $0.value(at: onTheLine(quantity, size)) + beyondTheLine(quantity, $0, size) }
    }

    /// The same for the target.
    package func predicted(_ quantity: SweepQuantity) -> Double? { predicted(quantity, at: Double(target)) }

    /// What is predicted for the target when any one of the sizes is left out.
    package func range(_ quantity: SweepQuantity) -> ClosedRange<Double>? {
        let size = Double(target)
        guard let fit = fit(quantity), let range = fit.range(at: onTheLine(quantity, size)) else { return nil }
        let more = beyondTheLine(quantity, fit, size)
        return range.lowerBound + more...range.upperBound + more
    }

    private func onTheLine(_ quantity: SweepQuantity, _ size: Double) -> Double {
        quantity.isMemory ? min(size, Double(Self.partedListCount)) : size
    }

    private func beyondTheLine(_ quantity: SweepQuantity, _ fit: LineFit, _ size: Double) -> Double {
        (size - onTheLine(quantity, size)) * min(fit.perBallot, Self.bytesPerFurtherBallot)
    }

    /// Ballots of which a list is longer than what any step takes at a time.
    private static let partedListCount = 50_000
    /// Generators, places, short exponents: docs/decisions/0005.
    private static let bytesPerFurtherBallot = 600.0

    private var shortages: [String] {
        guard let memory = predicted(.authorityMemory) else { return [] }
        let small = (runs.last?.report.facts.costs ?? []).filter { Double($0.costs.host.memoryBytes) < memory }
        return small.map {
            "\($0.authority) has no more than \(Figures.bytes(Double($0.costs.host.memoryBytes))) of memory."
        }
    }

    package static func percent(_ share: Double) -> String { "\(Figures.decimal(share * 100, digits: 2)) %" }
}

extension SweepReport: Encodable {
    private struct Prediction: Encodable {
        let quantity: String
        let unit: String
        let fixed: Double
        let per_ballot: Double
        let largest_deviation: Double
        let predicted: Double
        let predicted_low: Double?
        let predicted_high: Double?
    }

    private enum CodingKeys: String, CodingKey { case command, ok, error, target, answer, caveats, fits, runs }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode("sweep", forKey: .command)
        try members.encode(error == nil, forKey: .ok)
        try members.encodeIfPresent(error, forKey: .error)
        try members.encode(target, forKey: .target)
        try members.encode(answer, forKey: .answer)
        try members.encode(caveats, forKey: .caveats)
        try members.encode(runs.map(\.report), forKey: .runs)
        let predictions = fits.map { quantity, fit in
            let range = range(quantity)
            return Prediction(
                quantity: quantity.rawValue, unit: quantity.unit.rawValue, fixed: fit.fixed, per_ballot: fit.perBallot,
                largest_deviation: fit.largestDeviation, predicted: predicted(quantity) ?? 0,
                predicted_low: range?.lowerBound, predicted_high: range?.upperBound)
        }
        try members.encode(predictions, forKey: .fits)
    }
}
