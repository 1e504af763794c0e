// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// A value together with the way to it, so that whoever reads it can say which key is missing or mistyped.
package struct JSONField: Sendable {
    package let value: JSONValue
    /// Such as `questions[0].title`; for the outermost value its name in words, such as "the election request".
    package let path: String
    private let isRoot: Bool

    /// The outermost value; `name` is what messages call it.
    package init(_ value: JSONValue, name: String) {
        self.value = value
        path = name
        isRoot = true
    }

    private init(_ value: JSONValue, path: String) {
        self.value = value
        self.path = path
        isRoot = false
    }

    // MARK: The way down

    /// The member of a key that must be there; null counts as there.
    package func member(_ key: String) throws(JSONShapeError) -> JSONField {
        guard let found = try object()[key] else { throw .missing(key: key, in: path) }
        return JSONField(found, path: pathOf(key))
    }

    /// The member of a key, or nil if it is not there or null.
    package func optional(_ key: String) throws(JSONShapeError) -> JSONField? {
        guard let found = try object()[key], found != .null else { return nil }
        return JSONField(found, path: pathOf(key))
    }

    /// The elements of an array of a permitted size.
    package func elements(_ count: ClosedRange<Int> = 0...100_000) throws(JSONShapeError) -> [JSONField] {
        guard case .array(let elements) = value else { throw mistyped("an array") }
        guard count.contains(elements.count) else {
            throw .value(
                path: path, found: "\(elements.count) elements", expected: Self.text(count))
        }
        return elements.enumerated().map { JSONField($1, path: "\(isRoot ? "" : path)[\($0)]") }
    }

    /// All members of an object, in their order.
    package func members() throws(JSONShapeError) -> [JSONField] {
        try object().members.map { JSONField($0.value, path: pathOf($0.key)) }
    }

    // MARK: The value itself

    package func object() throws(JSONShapeError) -> JSONObject {
        guard case .object(let object) = value else { throw mistyped("an object") }
        return object
    }

    /// A string of at most `bytes` bytes of UTF-8.
    package func string(maximum bytes: Int = 1 << 20) throws(JSONShapeError) -> String {
        guard case .string(let text) = value else { throw mistyped("a string") }
        guard text.utf8.count <= bytes else {
            throw .value(path: path, found: "\(text.utf8.count) bytes", expected: "at most \(bytes)")
        }
        return text
    }

    package func integer(in range: ClosedRange<Int> = Int.min...Int.max) throws(JSONShapeError) -> Int {
        if case .number(let number) = value, number.isInteger {
            throw refused(found: number.text, expected: Self.text(range))
        }
        guard case .integer(let number) = value else { throw mistyped("an integer") }
        guard range.contains(number) else {
            throw .value(path: path, found: "\(number)", expected: Self.text(range))
        }
        return number
    }

    package func bool() throws(JSONShapeError) -> Bool {
        guard case .bool(let value) = value else { throw mistyped("true or false") }
        return value
    }

    /// The error for a value of the right type that is refused for what it says.
    package func refused(found: String, expected: String) -> JSONShapeError {
        .value(path: path, found: found, expected: expected)
    }

    /// The error for a value of the wrong type.
    package func mistyped(_ expected: String) -> JSONShapeError {
        .mistyped(path: path, found: value.kind, expected: expected)
    }

    /// Refuses an object with a key that nothing is known about: what it asks for would not be done.
    package func requireKeys(_ known: Set<String>) throws(JSONShapeError) {
        for key in try object().keys where !known.contains(key) { throw .unknown(key: key, in: path) }
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }

    private func pathOf(_ key: String) -> String { isRoot ? key : "\(path).\(key)" }
}

/// JSON that reads well but does not hold what was asked for.
package enum JSONShapeError: Error, Equatable, Sendable {
    case missing(key: String, in: String)
    case unknown(key: String, in: String)
    case mistyped(path: String, found: String, expected: String)
    case value(path: String, found: String, expected: String)
}

extension JSONShapeError: OperatorError {
    package var message: String {
        switch self {
        case .missing(let key, let whole): "\(whole) has no \(quoted(key))"
        case .unknown(let key, let whole): "\(quoted(whole)) has the unknown key \(quoted(key))"
        case .mistyped(let path, let found, let expected): "\(quoted(path)) is \(found), expected \(expected)"
        case .value(let path, let found, let expected): "\(quoted(path)) is \(Self.shown(found)), expected \(expected)"
        }
    }

    /// Our own words for what was found, and harmless foreign text, as they are; any other text in quotes.
    private static func shown(_ found: String) -> String {
        let words = found.filter { $0 != "\"" && $0 != "\\" }
        return quoted(words, limit: 200) == "\"\(words)\"" ? found : quoted(found, limit: 200)
    }
}
