// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// A total as it is published: a whole number, or for methods with fractions an IEEE double.
///
/// Doubles are what results.json holds for `borda-nauru` and for fractional weights, so they are added exactly as the
/// published rule says: in the order of the ballots, without compensation (specification of counting, 3.2).
package enum Points: Hashable, Sendable {
    case whole(Int)
    case double(Double)

    package static let zero = Points.whole(0)

    package var asDouble: Double {
        switch self {
        case .whole(let number): Double(number)
        case .double(let number): number
        }
    }

    package var json: JSONValue {
        switch self {
        case .whole(let number): .integer(number)
        case .double(let number): JSONValue(double: number)
        }
    }

    package func adding(_ other: Points) throws(CountingError) -> Points {
        switch (self, other) {
        case (.whole(let left), .whole(let right)):
            let (sum, overflow) = left.addingReportingOverflow(right)
            guard !overflow else { throw .tooLarge }
            return .whole(sum)
        default:
            let sum = asDouble + other.asDouble
            guard sum.isFinite else { throw .tooLarge }
            return .double(sum)
        }
    }
}

extension Points {
    package func multiplied(by other: Points) throws(CountingError) -> Points {
        switch (self, other) {
        case (.whole(let left), .whole(let right)):
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            guard !overflow else { throw .tooLarge }
            return .whole(product)
        default:
            let product = asDouble * other.asDouble
            guard product.isFinite else { throw .tooLarge }
            return .double(product)
        }
    }
}

extension JSONField {
    /// A number that points are or are multiplied by.
    package func points() throws(JSONShapeError) -> Points {
        switch value {
        case .integer(let number): return .whole(number)
        case .number(let number):
            guard !number.isInteger, let double = Double(number.text), double.isFinite else {
                throw refused(found: number.text, expected: "a number that can be added")
            }
            return .double(double)
        default: throw mistyped("a number")
        }
    }
}

extension Points: Comparable {
    /// Exact, also between a whole number beyond 2^53 and a double.
    package static func < (left: Points, right: Points) -> Bool {
        switch (left, right) {
        case (.whole(let left), .whole(let right)): left < right
        case (.double(let left), .double(let right)): left < right
        case (.whole(let left), .double(let right)): compare(left, right) < 0
        case (.double(let left), .whole(let right)): compare(right, left) > 0
        }
    }

    package static func == (left: Points, right: Points) -> Bool { !(left < right) && !(right < left) }

    package func hash(into hasher: inout Hasher) { hasher.combine(asDouble) }

    /// The sign of `whole` − `double`.
    private static func compare(_ whole: Int, _ double: Double) -> Int {
        if double >= 0x1p63 { return -1 }
        if double < -0x1p63 { return 1 }
        let floor = Int(double.rounded(.down))
        if whole != floor { return whole < floor ? -1 : 1 }
        return Double(floor) == double ? 0 : -1
    }
}
