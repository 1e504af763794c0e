// SPDX-License-Identifier: Apache-2.0

/// Horizontal bars: a group of them for each row, one of each series.
package struct BarChart {
    let title: String
    let series: [String]
    let rows: [(name: String, values: [Double?])]
    let format: (Double) -> String

    package init(
        title: String, series: [String], rows: [(name: String, values: [Double?])],
        format: @escaping (Double) -> String
    ) {
        self.title = title
        self.series = series
        self.rows = rows
        self.format = format
    }

    private static let (labelWidth, valueWidth, width, bar, gap) = (150.0, 90.0, 960.0, 13.0, 10.0)
    /// As many colours as the style has; further series begin anew.
    static let colourCount = 6

    package var markup: Markup {
        let largest = rows.flatMap { $0.values.compactMap { $0 } }.max() ?? 0
        var (y, drawn) = (2.0, [] as [Markup])
        for row in rows {
            let height = Self.bar * Double(row.values.count)
            drawn.append(
                """
                <text x="\(place: Self.labelWidth - 10)" y="\(place: y + height / 2 + 4)" text-anchor="end">\(row.name)</text>

                """)
            for (index, value) in row.values.enumerated() {
                guard let value else { continue }
                drawn.append(bar(value, of: largest, series: index, row: row.name, y: y + Self.bar * Double(index)))
            }
            y += height + Self.gap
        }
        return """
            <figure><figcaption>\(title)</figcaption>
            <svg viewBox="0 0 \(place: Self.width) \(place: y)" role="img" aria-label="\(title)">
            <line class="axis" x1="\(place: Self.labelWidth)" x2="\(place: Self.labelWidth)" y1="0" y2="\(place: y)"/>
            \(drawn)</svg></figure>

            """
    }

    private func bar(_ value: Double, of largest: Double, series index: Int, row: String, y: Double) -> Markup {
        let room = Self.width - Self.labelWidth - Self.valueWidth
        let length = largest > 0 ? max(1, value / largest * room) : 1
        let text = format(value)
        return """
            <g><title>\(row), \(series[index]): \(text)</title>\
            <rect class="f\(index % Self.colourCount)" x="\(place: Self.labelWidth)" y="\(place: y + 0.5)" rx="2" \
            width="\(place: length)" height="\(place: Self.bar - 1.5)"/>\
            <text class="faint small" x="\(place: Self.labelWidth + length + 6)" y="\(place: y + 10)">\(text)</text></g>

            """
    }

    /// Which colour is whose.
    package static func legend(_ series: [String]) -> Markup {
        let items = series.enumerated().map { index, name in
            "<li><i class=\"f\(index % colourCount)\"></i>\(name)</li>" as Markup
        }
        return "<ul class=\"legend\">\(items)</ul>"
    }
}
