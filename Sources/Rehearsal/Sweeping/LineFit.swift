// SPDX-License-Identifier: Apache-2.0

/// A straight line through what was measured at several sizes: `fixed + perBallot · n`, neither part negative.
///
/// The squares of the relative errors are the least: what 100 ballots take counts as much as what 10,000 take, so that the fixed
/// part is no remainder of the large ones.
package struct LineFit: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        package let size: Double
        package let value: Double

        package init(size: Double, value: Double) {
            self.size = size
            self.value = value
        }
    }

    package let points: [Point]
    package let fixed: Double
    package let perBallot: Double

    /// One point alone gives a line through the origin.
    ///
    /// - Returns: nil without a point whose size and value are positive; the others do not count.
    package init?(_ all: [Point]) {
        points = all.filter { $0.size > 0 && $0.value > 0 && $0.value.isFinite }
        guard !points.isEmpty else { return nil }
        // Sums of the normal equations, with weights 1/value².
        var (s, sn, snn, sv, snv) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for point in points {
            let weight = 1 / (point.value * point.value)
            s += weight
            sn += weight * point.size
            snn += weight * point.size * point.size
            sv += weight * point.value
            snv += weight * point.size * point.value
        }
        let determinant = s * snn - sn * sn
        // Of equal sizes the determinant is nothing but rounding.
        let isSolvable = Set(points.map(\.size)).count > 1 && determinant > 0
        let slope = isSolvable ? (s * snv - sn * sv) / determinant : -1
        let intercept = isSolvable ? (sv - slope * sn) / s : -1
        switch (intercept < 0, slope < 0) {
        case (false, false): (fixed, perBallot) = (intercept, slope)
        case (false, true): (fixed, perBallot) = (sv / s, 0)
        default: (fixed, perBallot) = (0, snv / snn)
        }
    }

    package func value(at size: Double) -> Double { fixed + perBallot * size }

    /// By how much of a measured value the line misses it, where it does so most: 0.05 for five hundredths.
    package var largestDeviation: Double {
        points.map { abs(value(at: $0.size) - $0.value) / $0.value }.max() ?? 0
    }

    /// What is predicted when any one of the points is left out, this line among them; nil for fewer than three points, where
    /// there is nothing to leave out.
    package func range(at size: Double) -> ClosedRange<Double>? {
        guard points.count >= 3 else { return nil }
        let others = points.indices.compactMap { index in
            LineFit(points.enumerated().filter { $0.offset != index }.map(\.element))?.value(at: size)
        }
        let all = others + [value(at: size)]
        guard let low = all.min(), let high = all.max() else { return nil }
        return low...high
    }
}
