// SPDX-License-Identifier: Apache-2.0

/// One JSON value (RFC 8259) as it was read, or as it is to be written.
///
/// Numbers that are integers of this machine are ``integer(_:)``; every other number is kept as its text, because
/// no caller here wants a rounded one.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    /// An integer beyond `Int`, a fraction or a number with an exponent.
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The text of a number that is no `Int`, by the grammar of RFC 8259, section 6.
package struct JSONNumber: Sendable, Hashable {
    package let text: String

    /// Whether the text is digits with at most a sign: an integer, though a large one.
    package var isInteger: Bool { text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || ($0 >= 0x30 && $0 <= 0x39) } }

    init(checked text: String) {
        self.text = text
    }
}

extension JSONValue {
    /// What a value is in words for a message, such as "a string".
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .integer: "an integer"
        case .number(let number): number.isInteger ? "a large integer" : "a fraction"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    package var asString: String? { if case .string(let value) = self { value } else { nil } }
    package var asInteger: Int? { if case .integer(let value) = self { value } else { nil } }
    package var asBool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var asArray: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    package var asObject: JSONObject? { if case .object(let value) = self { value } else { nil } }

    /// The value of a key if this is an object that has it.
    package subscript(key: String) -> JSONValue? { asObject?[key] }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// - Precondition: no key occurs twice.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (key, value) in elements {
            precondition(object[key] == nil, "the key \(key) occurs twice in a literal")
            object.append(key, value)
        }
        self = .object(object)
    }
}
