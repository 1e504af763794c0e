// SPDX-License-Identifier: Apache-2.0

import RequestHeaders
import Testing

@Suite("What a request for a file asks for")
struct ByteRangeTests {
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
}
