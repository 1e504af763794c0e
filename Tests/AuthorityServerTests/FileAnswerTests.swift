// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AuthorityServer

@Suite("What a request for a file asks for")
struct FileAnswerTests {
    @Test(
        "is the range of RFC 9110, or everything",
        arguments: [
            ("bytes=0-9", ByteRange.part(0...9)), ("bytes=90-", .part(90...99)), ("bytes=-10", .part(90...99)),
            ("bytes=0-1000", .part(0...99)), ("bytes=-1000", .part(0...99)), ("bytes=100-", .unsatisfiable),
            ("bytes=-0", .unsatisfiable), ("bytes=9-3", .whole), ("bytes=-", .whole), ("bytes=0-1,5-6", .whole),
            ("lines=0-9", .whole), ("bytes=99999999999999999999-", .whole),
        ])
    func ranges(header: String, expected: ByteRange) {
        #expect(ByteRange(header, in: 100) == expected)
    }

    @Test(
        "is a file below an election's public folder",
        arguments: [["8", "tally.tar.gz"], ["8", "0-ab", "protInfo.xml"]])
    func publicPaths(names: [String]) {
        #expect(PublicPath(names)?.text == names.joined(separator: "/"))
    }

    @Test(
        "is nothing else",
        arguments: [
            ["8"], ["..", "private"], ["8", ".."], ["8", ".hidden"], ["8", ""], ["8", "a/b"], ["8", "a\u{0}"],
            ["8", "1", "2", "3"],
        ])
    func otherPaths(names: [String]) {
        #expect(PublicPath(names) == nil)
    }
}
