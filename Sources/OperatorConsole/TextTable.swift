// SPDX-License-Identifier: Apache-2.0

/// Rows in columns that line up, two spaces apart, with a header.
package struct TextTable: Sendable {
    package enum Alignment: Sendable { case left, right }

    private let header: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// - Parameter alignments: one for each column; columns beyond them stand left.
    package init(_ header: [String], alignments: [Alignment] = []) {
        self.header = header
        self.alignments = alignments
    }

    /// - Precondition: as many cells as the header has.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == header.count, "\(cells.count) cells under \(header.count) headings")
        rows.append(cells)
    }

    /// The lines, header first, without spaces at their ends.
    package var lines: [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                let isRight = column < alignments.count && alignments[column] == .right
                return isRight ? padding + row[column] : row[column] + padding
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension TextOutput {
    package func print(_ table: TextTable) {
        for (index, text) in table.lines.enumerated() {
            line(index == 0 ? painted(text, .bold) : text)
        }
    }
}
