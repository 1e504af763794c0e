// SPDX-License-Identifier: Apache-2.0

extension JSONParser {
    /// A string from its opening to its closing quote; a run without escapes is validated and copied once.
    mutating func string() throws(JSONSyntaxError) -> String {
        let opening = offset
        offset += 1
        var start = offset
        var assembled: String?
        while true {
            switch try peek("the end of a string") {
            case UInt8(ascii: "\""):
                let run = try text(start..<offset, of: opening)
                offset += 1
                guard let head = assembled else { return run }
                return head + run
            case UInt8(ascii: "\\"):
                assembled = (assembled ?? "") + (try text(start..<offset, of: opening))
                offset += 1
                assembled?.unicodeScalars.append(try escape())
                start = offset
            case 0x00..<0x20: throw unexpected("an escape instead of a control character")
            default: offset += 1
            }
        }
    }

    private func text(_ range: Range<Int>, of opening: Int) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else { throw .notUTF8(offset: opening) }
        return text
    }

    /// What stands behind a backslash.
    private mutating func escape() throws(JSONSyntaxError) -> UnicodeScalar {
        let kind = try peek("an escape")
        let scalar: UnicodeScalar
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = UnicodeScalar(kind)
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{c}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw unexpected("an escape: one of \" \\ / b f n r t u")
        }
        offset += 1
        return scalar
    }

    private mutating func unicodeEscape() throws(JSONSyntaxError) -> UnicodeScalar {
        let place = offset - 1
        offset += 1
        let first = try fourHexDigits()
        if let scalar = UnicodeScalar(first) { return scalar }
        guard first < 0xdc00, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        else { throw .loneSurrogate(offset: place) }
        offset += 2
        let second = try fourHexDigits()
        guard (0xdc00...0xdfff).contains(second),
            let scalar = UnicodeScalar(0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00))
        else { throw .loneSurrogate(offset: place) }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONSyntaxError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            let digit = try peek("a hex digit")
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt16(digit - 0x30)
            case 0x61...0x66: value = value << 4 | UInt16(digit - 0x61 + 10)
            case 0x41...0x46: value = value << 4 | UInt16(digit - 0x41 + 10)
            default: throw unexpected("a hex digit")
            }
            offset += 1
        }
        return value
    }

    mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = offset
        var isInteger = true
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        if try peek("a digit") == UInt8(ascii: "0") {
            offset += 1
        } else {
            try digits()
        }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            isInteger = false
            offset += 1
            try digits()
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            offset += 1
            let sign = try peek("a digit or sign")
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .integer(integer) }
        return .number(JSONNumber(checked: text))
    }

    private mutating func digits() throws(JSONSyntaxError) {
        guard (0x30...0x39).contains(try peek("a digit")) else { throw unexpected("a digit") }
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
    }
}
