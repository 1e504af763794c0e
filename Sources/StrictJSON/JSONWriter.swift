// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The text without any white space, keys sorted by code point, non-ASCII characters as they are.
    package var compact: String { String(decoding: compactBytes, as: UTF8.self) }

    package var compactBytes: [UInt8] {
        var writer = JSONWriter(indentation: nil)
        writer.write(self, depth: 0)
        return writer.bytes
    }

    /// The text as Python's `json.dumps(…, sort_keys=True, indent=4, ensure_ascii=False)` writes it, without a final
    /// newline (specification of the tally, 1.5 and 1.6). Fractions stand as they were read.
    package var indentedBytes: [UInt8] {
        var writer = JSONWriter(indentation: 4)
        writer.write(self, depth: 0)
        return writer.bytes
    }
}

private struct JSONWriter {
    let indentation: Int?
    var bytes: [UInt8] = []

    init(indentation: Int?) {
        self.indentation = indentation
    }

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .number(let number): append(number.text)
        case .string(let text): writeString(text)
        case .array(let elements):
            list(elements, "[", "]", depth: depth) { writer, element in writer.write(element, depth: depth + 1) }
        case .object(let object):
            list(object.sortedMembers, "{", "}", depth: depth) { writer, member in
                writer.writeString(member.key)
                writer.append(writer.indentation == nil ? ":" : ": ")
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func list<Element>(
        _ elements: [Element], _ opening: StaticString, _ closing: StaticString, depth: Int,
        each: (inout JSONWriter, Element) -> Void
    ) {
        append("\(opening)")
        var isFirst = true
        for element in elements {
            if !isFirst { append(",") }
            isFirst = false
            newLine(depth: depth + 1)
            each(&self, element)
        }
        if !elements.isEmpty { newLine(depth: depth) }
        append("\(closing)")
    }

    private mutating func newLine(depth: Int) {
        guard let indentation else { return }
        bytes.append(0x0a)
        bytes.append(contentsOf: repeatElement(0x20, count: indentation * depth))
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func writeString(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0a: append("\\n")
            case 0x0c: append("\\f")
            case 0x0d: append("\\r")
            case 0x00..<0x20: append("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONValue {
    /// One line as Python's `json.dumps` writes it where nobody asks for anything: `", "` and `": "`, keys as they came, what is
    /// not printable ASCII escaped.
    package var lineBytes: [UInt8] {
        var bytes: [UInt8] = []
        appendLine(to: &bytes)
        return bytes
    }

    private func appendLine(to bytes: inout [UInt8]) {
        switch self {
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes += Array(", ".utf8) }
                element.appendLine(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { bytes += Array(", ".utf8) }
                JSONValue.string(member.key).appendLine(to: &bytes)
                bytes += Array(": ".utf8)
                member.value.appendLine(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .string(let text):
            // Escaped as elsewhere, and then unit by unit what is not printable ASCII.
            for unit in String(decoding: JSONValue.string(text).compactBytes, as: UTF8.self).utf16 {
                if (0x20...0x7e).contains(unit) {
                    bytes.append(UInt8(unit))
                } else {
                    let digits = String(unit, radix: 16)
                    bytes += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
                }
            }
        default: bytes += compactBytes
        }
    }
}
