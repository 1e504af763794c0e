// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
import StrictJSON
import Testing

@Suite("Asking JSON for what it should hold")
struct JSONFieldTests {
    let field = JSONField(
        ["title": "t", "max": 3, "null": nil, "answers": [["id": 0], ["id": "x"]]], name: "the request")

    @Test("names the missing key and where it is missing")
    func missing() throws {
        #expect(throws: JSONShapeError.missing(key: "id", in: "the request")) { try field.member("id") }
        let answer = try field.member("answers").elements()[1]
        #expect(throws: JSONShapeError.missing(key: "text", in: "answers[1]")) { try answer.member("text") }
        #expect(try field.optional("id") == nil)
        #expect(try field.optional("null") == nil)
    }

    @Test("names the mistyped key, what it is and what was expected")
    func mistyped() throws {
        let id = try field.member("answers").elements()[1].member("id")
        let error = #expect(throws: JSONShapeError.self) { try id.integer() }
        #expect(error?.message == "\(quoted("answers[1].id")) is a string, expected an integer")
    }

    @Test("refuses integers, strings and arrays out of bounds")
    func bounds() throws {
        #expect(try field.member("max").integer(in: 0...3) == 3)
        #expect(throws: JSONShapeError.value(path: "max", found: "3", expected: "4 to 5")) {
            try field.member("max").integer(in: 4...5)
        }
        let large = JSONField(try JSONValue(parsing: "[99999999999999999999]"), name: "the request")
        #expect(throws: JSONShapeError.value(path: "[0]", found: "99999999999999999999", expected: "0 to 5")) {
            try large.elements()[0].integer(in: 0...5)
        }
        #expect(throws: JSONShapeError.value(path: "title", found: "1 bytes", expected: "at most 0")) {
            try field.member("title").string(maximum: 0)
        }
        #expect(throws: JSONShapeError.value(path: "answers", found: "2 elements", expected: "3 to 4")) {
            try field.member("answers").elements(3...4)
        }
    }

    @Test("shows what was found as it is, or in quotes where it would drive a terminal or fill it")
    func shown() {
        func message(_ found: String) -> String { field.refused(found: found, expected: "text").message }
        #expect(message("2 elements").hasSuffix("is 2 elements, expected text"))
        #expect(message("\"a \\\\ b\"").hasSuffix("is \"a \\\\ b\", expected text"))
        #expect(message("\u{1b}[2J").hasSuffix("is \"\\u{1b}[2J\", expected text"))
        #expect(message(String(repeating: "9", count: 5000)).utf8.count < 300)
    }
}

private func == (field: JSONField?, other: JSONField?) -> Bool { field?.value == other?.value }
