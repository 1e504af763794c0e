// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rehearsal
import Testing

@Suite("Lines through what was measured")
struct LineFitTests {
    private func fit(_ points: [(Double, Double)]) -> LineFit? {
        LineFit(points.map { LineFit.Point(size: $0.0, value: $0.1) })
    }

    @Test("a straight line is found again", arguments: [(3.0, 0.5), (0.0, 0.002), (1e9, 1.0), (7.0, 0.0)])
    func exact(fixed: Double, perBallot: Double) throws {
        let found = try #require(fit([100, 1000, 10_000].map { ($0, fixed + perBallot * $0) }))
        #expect(abs(found.fixed - fixed) <= 1e-6 * max(1, fixed))
        #expect(abs(found.perBallot - perBallot) <= 1e-6 * max(perBallot, fixed / 10_000))
        #expect(found.largestDeviation < 1e-6)
        let range = try #require(found.range(at: 1e6))
        #expect(range.upperBound - range.lowerBound <= 1e-4 * range.upperBound)
    }

    @Test("nothing takes less than nothing: a negative part is 0, and the other is the best without it")
    func notNegative() throws {
        let steep = try #require(fit([(10, 1), (20, 4), (40, 16)]))
        #expect(steep.fixed == 0 && steep.perBallot > 0)
        let falling = try #require(fit([(10, 4), (20, 2)]))
        #expect(falling.perBallot == 0 && falling.fixed > 2 && falling.fixed < 4)
    }

    @Test("small sizes count as much as large ones")
    func relative() throws {
        // 1% off at the largest size, exact elsewhere.
        let found = try #require(fit([(100, 11), (1000, 20), (10_000, 110 * 1.01)]))
        #expect(abs(found.fixed - 10) < 0.1 && found.largestDeviation < 0.01)
    }

    @Test("noise of one in twenty moves a prediction a hundred times beyond by less than one in eight")
    func noise() throws {
        for seed in 0..<50 {
            let points = [100.0, 1000, 10_000].enumerated().map { index, size in
                (size, (0.5 + 0.004 * size) * (1 + 0.05 * sin(Double(seed * 7 + index * 3))))
            }
            let found = try #require(fit(points))
            #expect(abs(found.value(at: 1e6) / 4000.5 - 1) < 0.125, "\(points)")
            #expect(try #require(found.range(at: 1e6)).contains(found.value(at: 1e6)))
        }
    }

    @Test("one size is taken as proportional; two leave nothing out; none, and none that is positive, give no line")
    func few() throws {
        let one = try #require(fit([(100, 5)]))
        #expect(one.fixed == 0 && abs(one.value(at: 200) - 10) < 1e-9 && one.range(at: 200) == nil)
        #expect(fit([(100, 5), (200, 6)])?.range(at: 300) == nil)
        #expect(try abs(#require(fit([(100, 5), (100, 7)])).fixed) == 0)
        #expect(fit([]) == nil)
        #expect(fit([(100, 0), (0, 1), (5, .nan)]) == nil)
    }
}
