// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Numbers as people read them.
package enum Figures {
    /// `1234567` as `1,234,567`.
    package static func count(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    /// Three digits that count, such as `0.123 s`, `12.3 s`, `4 min 5 s`, `3 h 20 min`.
    package static func seconds(_ seconds: Double) -> String {
        let whole = Int(clamping: seconds)
        switch seconds {
        case ..<100: return "\(decimal(seconds, digits: 3)) s"
        case ..<3600: return "\(whole / 60) min \(whole % 60) s"
        case ..<172_800: return "\(whole / 3600) h \(whole % 3600 / 60) min"
        default: return "\(whole / 86_400) days \(whole % 86_400 / 3600) h"
        }
    }

    /// In units of 1000, such as `12.3 MB`.
    package static func bytes(_ bytes: Double) -> String {
        var (value, unit) = (bytes, 0)
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB"]
        while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        return "\(unit == 0 ? String(Int(clamping: value)) : decimal(value, digits: 3)) \(units[unit])"
    }

    /// With so many digits that count, but never fewer than the whole part has.
    package static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return "-" }
        let magnitude = abs(value) < 0.001 ? 0 : Int(log10(abs(value)).rounded(.down))
        let places = max(0, min(digits, digits - 1 - magnitude))
        return fixed(value, places: places)
    }

    /// With so many digits behind the point.
    package static func fixed(_ value: Double, places: Int) -> String {
        let scale = pow(10, Double(places))
        let scaled = Int(clamping: (abs(value) * scale).rounded())
        let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int(scale))
        let fraction = String(rest)
        return (value < 0 && scaled > 0 ? "-" : "") + count(whole)
            + (places == 0 ? "" : "." + String(repeating: "0", count: places - fraction.count) + fraction)
    }
}

extension Int {
    /// The nearest whole number towards zero that there is.
    fileprivate init(clamping value: Double) {
        self = value.isNaN ? 0 : value >= 9e18 ? .max : value <= -9e18 ? .min : Int(value)
    }
}
