// SPDX-License-Identifier: Apache-2.0

import RequestHeaders
import Testing
import TrustStores

@Suite("PROXY headers, versions 1 and 2")
struct ProxyHeaderTests {
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
    private static let version4 = signature + [0x21, 0x11, 0, 12, 192, 0, 2, 7, 10, 0, 0, 1, 0xC0, 0, 0x13, 0x88]
    private static let version6 =
        signature + [0x21, 0x21, 0, 36] + [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [9]
        + [UInt8](repeating: 0, count: 15) + [1, 0, 80, 1, 187]

    private static let good: [([UInt8], String?)] = [
        (Array("PROXY TCP4 192.0.2.7 10.0.0.1 49152 5000\r\n".utf8), "192.0.2.7"),
        (Array("PROXY TCP6 2001:db8::9 ::1 80 443\r\n".utf8), "2001:db8::9"),
        (Array("PROXY UNKNOWN\r\n".utf8), nil),
        (Array("PROXY UNKNOWN ffff::1 whatever it says\r\n".utf8), nil),
        (version4, "192.0.2.7"),
        (version6, "2001:db8::9"),
        // LOCAL, unspecified, and values behind the addresses.
        (signature + [0x20, 0, 0, 0], nil),
        (signature + [0x21, 0, 0, 3, 1, 2, 3], nil),
        (Array(version4[..<15]) + [19] + version4[16...] + [3, 0, 4, 1, 2, 3, 4], "192.0.2.7"),
    ]

    @Test(
        "a whole header is read to its last byte, whatever follows, and every prefix of it is incomplete",
        arguments: good)
    func wholeHeaders(header: [UInt8], client: String?) throws {
        let expected = ProxyHeader.Reading.header(
            ProxyHeader(client: client.flatMap { IPAddress($0) }), byteCount: header.count)
        #expect(ProxyHeader.read(header) == expected)
        #expect(ProxyHeader.read(header + [0x16, 0x03, 0x01, 13, 10]) == expected)
        for count in header.indices {
            #expect(ProxyHeader.read(Array(header.prefix(count))) == .incomplete, "\(count) bytes")
        }
    }

    @Test(
        "a line that is not exactly as it must be is refused",
        arguments: [
            "PROXY TCP4 192.0.2.7 10.0.0.1 49152 5000\n", "PROXY  TCP4 192.0.2.7 10.0.0.1 49152 5000\r\n",
            "PROXY TCP4 192.0.2.7 10.0.0.1 49152 5000 \r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 49152\r\n",
            "PROXY TCP4 192.0.2.7 ::1 49152 5000\r\n", "PROXY TCP6 192.0.2.7 10.0.0.1 49152 5000\r\n",
            "PROXY TCP4 192.0.2.07 10.0.0.1 49152 5000\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 049152 5000\r\n",
            "PROXY TCP4 192.0.2.7 10.0.0.1 65536 5000\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 -1 5000\r\n",
            "PROXY TCP4 192.0.2.7 10.0.0.1 +1 5000\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 1 65536\r\n",
            "PROXY UDP4 192.0.2.7 10.0.0.1 1 5000\r\n",
            "PROXY TCP4 a.example 10.0.0.1 1 5000\r\n", "PROXY TCP4 192.0.2.7\u{0} 10.0.0.1 1 5000\r\n", "PROXY \r\n",
            "PROXY TCP4\r192.0.2.7 10.0.0.1 1 5000\r\n",
        ])
    func malformedLines(line: String) {
        #expect(ProxyHeader.read(Array(line.utf8)) == .refused(.malformed))
    }

    @Test("what begins as no header does is refused at its first wrong byte")
    func noHeader() {
        #expect(ProxyHeader.read([0x16, 0x03, 0x01]) == .refused(.absent))
        #expect(ProxyHeader.read(Array("GET / HTTP/1.1\r\n".utf8)) == .refused(.absent))
        #expect(ProxyHeader.read(Array("PROXX".utf8)) == .refused(.absent))
        #expect(ProxyHeader.read([13, 10, 13, 10, 1]) == .refused(.absent))
        #expect(ProxyHeader.read(Array("proxy TCP4".utf8)) == .refused(.absent))
    }

    @Test("a header that does not end is refused when it is too long, not when the memory is full")
    func tooLong() {
        let line = Array("PROXY UNKNOWN ".utf8) + [UInt8](repeating: 0x20, count: 200)
        #expect(ProxyHeader.read(Array(line.prefix(106))) == .incomplete)
        #expect(ProxyHeader.read(Array(line.prefix(107))) == .refused(.tooLong))
        #expect(ProxyHeader.read(Self.signature + [0x21, 0x11, 0x02, 0x09]) == .refused(.tooLong))
        #expect(ProxyHeader.read(Self.signature + [0x21, 0x11, 0x02, 0x08]) == .incomplete)
    }

    @Test("a binary header of another version, command, transport, or shorter than its addresses is refused")
    func malformedBinary() {
        for (byte, value) in [(12, 0x11), (12, 0x22), (12, 0x31)] as [(Int, UInt8)] {
            #expect(ProxyHeader.read(changed(byte, to: value)) == .refused(.malformed))
        }
        for value in [0x12, 0x22, 0x31, 0x32, 0x01, 0xFF] as [UInt8] {
            #expect(ProxyHeader.read(changed(13, to: value)) == .refused(.transport))
        }
        #expect(ProxyHeader.read(changed(15, to: 11)) == .refused(.malformed))
        #expect(ProxyHeader.read(changed(13, to: 0x21)) == .refused(.malformed))
    }

    private func changed(_ index: Int, to value: UInt8) -> [UInt8] {
        var bytes = Self.version4
        bytes[index] = value
        return bytes
    }
}
