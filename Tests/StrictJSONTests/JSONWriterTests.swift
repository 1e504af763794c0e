// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    static let value: JSONValue = [
        "z": [], "é": "ñ/\u{2028}", "a": [1, ["b": nil]], "A": [:], "": "\"\\\u{8}\t\n\u{c}\r\u{1f}\u{7f}",
    ]

    @Test("writes compact text with keys by code point")
    func compact() {
        #expect(
            Self.value.compact
                == #"{"":"\"\\\b\t\n\f\r\u001f"# + "\u{7f}" + #"","A":{},"a":[1,{"b":null}],"z":[],"é":"ñ/"#
                + "\u{2028}\"}")
    }

    @Test("writes what Python's json.dumps with indent=4, sort_keys and ensure_ascii=False writes")
    func indented() {
        let expected = """
            {
                "": "\\"\\\\\\b\\t\\n\\f\\r\\u001f\u{7f}",
                "A": {},
                "a": [
                    1,
                    {
                        "b": null
                    }
                ],
                "z": [],
                "é": "ñ/\u{2028}"
            }
            """
        #expect(String(decoding: Self.value.indentedBytes, as: UTF8.self) == expected)
    }

    @Test("sorts keys beyond the basic plane by code point, not by UTF-16")
    func astralKeys() {
        let value: JSONValue = ["\u{1f600}": 1, "\u{ffff}": 2]
        #expect(value.compact == "{\"\u{ffff}\":2,\"\u{1f600}\":1}")
    }

    @Test("reads back what it wrote")
    func roundTrip() throws {
        #expect(try JSONValue(parsing: Self.value.indentedBytes).compact == Self.value.compact)
    }
}
