// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Costs of some operations for several sizes of input, per item: a row an operation, a column a size, so that growth shows.
public struct CostTable {
    /// In what the costs are printed.
    public enum Unit: Double {
        case milliseconds = 1e3
        case microseconds = 1e6
    }

    private let unit: Unit
    private var sizes: [Int] = []
    private var operations: [String] = []
    private var cells: [String: [Int: Double]] = [:]

    public init(in unit: Unit) { self.unit = unit }

    /// Notes the cost of an operation on `size` items.
    public mutating func add(_ operation: String, size: Int, _ seconds: Double) {
        if !sizes.contains(size) { sizes.append(size) }
        if !operations.contains(operation) { operations.append(operation) }
        cells[operation, default: [:]][size] = seconds * unit.rawValue / Double(size)
    }

    /// The rows, and where there are two sizes or more, what the last costs beside the first.
    public func print() {
        let width = operations.map(\.count).max() ?? 0
        let title = "\(unit) of CPU per item; items:"
        line(title, sizes.map { $0.formatted() } + (sizes.count > 1 ? ["growth"] : []), max(width, title.count))
        for operation in operations {
            let costs = sizes.map { cells[operation]?[$0] }
            var columns = costs.map { cost in cost.map { String(format: "%.3f", $0) } ?? "" }
            if sizes.count > 1, let first = costs.first ?? nil, let last = costs.last ?? nil, first > 0 {
                columns.append(String(format: "%+.0f %%", (last / first - 1) * 100))
            }
            line(operation, columns, max(width, title.count))
        }
    }

    private func line(_ name: String, _ columns: [String], _ width: Int) {
        let padded = columns.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }
        Swift.print(name + String(repeating: " ", count: width - name.count) + padded.joined())
    }
}
