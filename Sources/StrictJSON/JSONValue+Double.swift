// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// A double as Python writes it: the shortest decimal that reads back to the same double, with `.0` if it is whole, and
    /// with an exponent of two digits at least from 1e16 on and below 1e-4 (specification of counting, 3.5).
    ///
    /// - Precondition: `double` is finite.
    package init(double: Double) {
        precondition(double.isFinite, "JSON has no \(double)")
        self = .number(JSONNumber(checked: Self.pythonText(double)))
    }

    /// The value with every fraction written as Python writes the double that it reads; nil if one is beyond doubles.
    package var withPythonFractions: JSONValue? {
        switch self {
        case .number(let number) where !number.isInteger:
            guard let double = Double(number.text), double.isFinite else { return nil }
            return JSONValue(double: double)
        case .array(let elements):
            var written: [JSONValue] = []
            for element in elements {
                guard let element = element.withPythonFractions else { return nil }
                written.append(element)
            }
            return .array(written)
        case .object(let object):
            var members = object.members
            for index in members.indices {
                guard let value = members[index].value.withPythonFractions else { return nil }
                members[index].value = value
            }
            return .object(JSONObject(distinct: members))
        default: return self
        }
    }

    private static func pythonText(_ double: Double) -> String {
        let sign = double.sign == .minus ? "-" : ""
        if double == 0 { return sign + "0.0" }
        // Swift finds the same shortest digits, but changes to an exponent elsewhere.
        let parts = String(double.magnitude.description).split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = mantissa.joined()
        var point = mantissa[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.hasPrefix("0") {
            digits.removeFirst()
            point -= 1
        }
        while digits.hasSuffix("0") { digits.removeLast() }
        let exponent = point - 1
        if exponent < -4 || exponent >= 16 {
            let power = String(exponent.magnitude)
            return sign + digits.prefix(1) + (digits.count > 1 ? "." + digits.dropFirst() : "")
                + "e" + (exponent < 0 ? "-" : "+") + (power.count < 2 ? "0" : "") + power
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if digits.count <= point {
            return sign + digits + String(repeating: "0", count: point - digits.count) + ".0"
        }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }
}
