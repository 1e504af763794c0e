// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
import Testing

@Suite("Quoting foreign text")
struct QuotingTests {
    @Test("leaves ordinary text as it is, in quotes")
    func ordinary() {
        #expect(quoted("peer.example.org:5000") == "\"peer.example.org:5000\"")
        #expect(quoted("Zoë") == "\"Zoë\"")
    }

    @Test("escapes quotes, line ends, terminal sequences and marks of direction")
    func escapes() {
        #expect(quoted("a\"b\\c") == #""a\"b\\c""#)
        #expect(quoted("a\r\n\u{1B}[31m") == #""a\u{d}\u{a}\u{1b}[31m""#)
        #expect(quoted("\u{202E}x\u{200B}") == #""\u{202e}x\u{200b}""#)
    }

    @Test("cuts long text and shows the cut")
    func cuts() {
        #expect(quoted(String(repeating: "x", count: 81)) == "\"" + String(repeating: "x", count: 80) + "\"…")
        #expect(quoted("abcd", limit: 4) == "\"abcd\"")
    }
}
