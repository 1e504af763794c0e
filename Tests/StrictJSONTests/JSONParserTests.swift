// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@Suite("Reading JSON by RFC 8259")
struct JSONParserTests {
    @Test("reads every kind of value and keeps the order of keys")
    func readsAll() throws {
        let value = try JSONValue(parsing: " {\"b\": [1, -0, true, false, null], \"a\": {\"x\": \"y\"}} \n")
        #expect(value == ["b": [1, 0, true, false, nil], "a": ["x": "y"]])
        #expect(value.asObject?.keys == ["b", "a"])
    }

    @Test("keeps numbers that are no machine integer as their text")
    func numbers() throws {
        let value = try JSONValue(parsing: "[123456789012345678901234567890, 1.50, 1e3, -9223372036854775808]")
        #expect(value.compact == "[123456789012345678901234567890,1.50,1e3,-9223372036854775808]")
        let kinds = try #require(value.asArray).map(\.kind)
        #expect(kinds == ["a large integer", "a fraction", "a fraction", "an integer"])
    }

    @Test("reads escapes and surrogate pairs")
    func escapes() throws {
        let value = try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀""#)
        #expect(value == .string("\"\\/\u{8}\u{c}\n\r\té😀é😀"))
    }

    @Test(
        "refuses what is no JSON and says where",
        arguments: [
            ("", JSONSyntaxError.unexpectedEnd(expected: "a value")),
            ("{\"a\": 1,}", .unexpected(byte: 0x7d, offset: 8, expected: "a key")),
            ("[1,]", .unexpected(byte: 0x5d, offset: 3, expected: "a value")),
            ("[1 2]", .unexpected(byte: 0x32, offset: 3, expected: ", or ]")),
            ("{\"a\" 1}", .unexpected(byte: 0x31, offset: 5, expected: ":")),
            ("01", .unexpected(byte: 0x31, offset: 1, expected: "the end of the text")),
            ("+1", .unexpected(byte: 0x2b, offset: 0, expected: "a value")),
            ("1.", .unexpectedEnd(expected: "a digit")),
            ("1.e5", .unexpected(byte: 0x65, offset: 2, expected: "a digit")),
            ("-", .unexpectedEnd(expected: "a digit")),
            ("tru", .unexpectedEnd(expected: "true")),
            ("NaN", .unexpected(byte: 0x4e, offset: 0, expected: "a value")),
            ("'a'", .unexpected(byte: 0x27, offset: 0, expected: "a value")),
            ("\"a", .unexpectedEnd(expected: "the end of a string")),
            ("\"\n\"", .unexpected(byte: 0x0a, offset: 1, expected: "an escape instead of a control character")),
            ("\"\\x\"", .unexpected(byte: 0x78, offset: 2, expected: "an escape: one of \" \\ / b f n r t u")),
            ("\"\\ud800\"", .loneSurrogate(offset: 1)),
            ("\"\\ud800\\u0041\"", .loneSurrogate(offset: 1)),
            ("\"\\udc00\"", .loneSurrogate(offset: 1)),
            ("{\"a\":1,\"\\u0061\":2}", .duplicateKey("a", offset: 7)),
            ("{} {}", .unexpected(byte: 0x7b, offset: 3, expected: "the end of the text")),
            ("\u{feff}{}", .unexpected(byte: 0xef, offset: 0, expected: "a value")),
        ])
    func refuses(text: String, error: JSONSyntaxError) {
        #expect(throws: error) { try JSONValue(parsing: text) }
    }

    @Test(
        "refuses strings that are not UTF-8",
        arguments: [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xc3]] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.notUTF8(offset: 1)) {
            try JSONValue(parsing: [0x5b, 0x22] + bytes + [0x22, 0x5d])
        }
    }

    @Test("finds a repeated key also in an object with many")
    func duplicateAmongMany() {
        let members = (0..<100).map { "\"k\($0)\":0" }
        #expect(throws: Never.self) { try JSONValue(parsing: "{" + members.joined(separator: ",") + "}") }
        let repeated = "{" + (members + ["\"k3\":1"]).joined(separator: ",") + "}"
        #expect(throws: JSONSyntaxError.duplicateKey("k3", offset: repeated.utf8.count - 7)) {
            try JSONValue(parsing: repeated)
        }
    }

    @Test("takes two spellings of one letter for two keys, as Python does")
    func canonicalEquivalence() throws {
        let value = try JSONValue(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}")
        #expect(value["e\u{301}"] == 2)
    }

    @Test("bounds depth and size")
    func limits() {
        let limits = JSONLimits(byteCount: 8, depth: 2)
        #expect(throws: Never.self) { try JSONValue(parsing: "[[]]", limits: limits) }
        #expect(throws: JSONSyntaxError.tooDeep(offset: 2, limit: 2)) {
            try JSONValue(parsing: "[[[]]]", limits: limits)
        }
        #expect(throws: JSONSyntaxError.tooLarge(byteCount: 9, limit: 8)) {
            try JSONValue(parsing: "[1,2,3,4]", limits: limits)
        }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONSyntaxError.tooDeep(offset: 32, limit: 32)) { try JSONValue(parsing: deep) }
    }
}
