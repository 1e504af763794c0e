// SPDX-License-Identifier: Apache-2.0

import RequestHeaders
import Testing

@Suite("What a path of /public_data names")
struct PublicPathTests {
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
