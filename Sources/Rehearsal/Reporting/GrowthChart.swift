// SPDX-License-Identifier: Apache-2.0

import Foundation
import ReportPages

/// What was measured at several sizes, the line that was laid through it, and where that leads: both axes logarithmic.
struct GrowthChart {
    let title: String
    /// Sizes and values; all positive.
    let points: [(size: Double, value: Double)]
    let fit: (Double) -> Double
    let target: Double
    let format: (Double) -> String
    /// Of a whole power of ten, for the axis.
    let tick: (Double) -> String

    private static let (width, height, left, right, top, bottom) = (440.0, 250.0, 66.0, 14.0, 10.0, 30.0)

    private struct Axis {
        let low: Double
        let high: Double
        let from: Double
        let to: Double

        /// Whole powers of ten around all values.
        init(_ values: [Double], from: Double, to: Double) {
            let positive = values.filter { $0 > 0 && $0.isFinite }
            low = log10(positive.min() ?? 1).rounded(.down)
            high = max(low + 1, log10(positive.max() ?? 10).rounded(.up))
            (self.from, self.to) = (from, to)
        }

        func place(_ value: Double) -> Double {
            from + (log10(max(value, pow(10, low))) - low) / (high - low) * (to - from)
        }

        var ticks: [Double] {
            let step = max(1, ((high - low) / 6).rounded(.up))
            return stride(from: low, through: high, by: step).map { pow(10, $0) }
        }
    }

    var markup: Markup {
        let sizes = points.map(\.size) + [target]
        let x = Axis(sizes, from: Self.left, to: Self.width - Self.right)
        let y = Axis(points.map(\.value) + [fit(target)], from: Self.height - Self.bottom, to: Self.top)
        let measured = points.map(\.size).max() ?? target
        let dots = points.map { point -> Markup in
            """
            <circle class="point" cx="\(place: x.place(point.size))" cy="\(place: y.place(point.value))" r="4.5">\
            <title>\(Figures.count(Int(point.size))) ballots: \(format(point.value))</title></circle>

            """
        }
        let predicted = format(fit(target))
        return """
            <figure><figcaption>\(title)</figcaption>
            <svg viewBox="0 0 \(place: Self.width) \(place: Self.height)" role="img" aria-label="\(title) by number of ballots">
            \(grid(x, y))\(line(x, y, from: sizes.min() ?? 1, to: measured, kind: "fit"))\
            \(line(x, y, from: measured, to: target, kind: "fit beyond"))\(dots)\
            <circle class="target" cx="\(place: x.place(target))" cy="\(place: y.place(fit(target)))" r="5">\
            <title>\(Figures.count(Int(target))) ballots, predicted: \(predicted)</title></circle>
            </svg></figure>

            """
    }

    private func grid(_ x: Axis, _ y: Axis) -> Markup {
        let columns = x.ticks.map { tick -> Markup in
            """
            <line class="axis" x1="\(place: x.place(tick))" x2="\(place: x.place(tick))" y1="\(place: Self.top)" \
            y2="\(place: Self.height - Self.bottom)"/>\
            <text class="faint" x="\(place: x.place(tick))" y="\(place: Self.height - 10)" text-anchor="middle">\
            \(Self.short(tick))</text>

            """
        }
        let rows = y.ticks.map { tick -> Markup in
            """
            <line class="axis" x1="\(place: Self.left)" x2="\(place: Self.width - Self.right)" y1="\(place: y.place(tick))" \
            y2="\(place: y.place(tick))"/>\
            <text class="faint" x="\(place: Self.left - 8)" y="\(place: y.place(tick) + 4)" text-anchor="end">\(self.tick(tick))</text>

            """
        }
        return "\(columns)\(rows)"
    }

    private func line(_ x: Axis, _ y: Axis, from: Double, to: Double, kind: String) -> Markup {
        guard to > from, from > 0 else { return "" }
        let steps = 40
        let places = (0...steps).map { step in
            let size = from * pow(to / from, Double(step) / Double(steps))
            return "\((x.place(size) * 10).rounded() / 10),\((y.place(fit(size)) * 10).rounded() / 10)"
        }
        return "<polyline class=\"\(kind)\" points=\"\(places.joined(separator: " "))\"/>\n"
    }

    /// `10k`, `1M`.
    private static func short(_ size: Double) -> String {
        switch size {
        case ..<1000: Figures.decimal(size, digits: 1)
        case ..<1e6: "\(Figures.count(Int(size / 1000)))k"
        default: "\(Figures.count(Int(size / 1e6)))M"
        }
    }
}
