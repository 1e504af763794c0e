// SPDX-License-Identifier: Apache-2.0

package import TrustStores

/// What a proxy says in front of a connection that it passes on: the PROXY protocol, versions 1 and 2.
///
/// - SeeAlso: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, sections 2.1 and 2.2.
package struct ProxyHeader: Equatable, Sendable {
    /// Whom the proxy serves; nil where it asks for itself, as to see whether anybody is there.
    package let client: IPAddress?

    package init(client: IPAddress?) { self.client = client }

    /// The longest header that is taken, in bytes: what a sender gets through in one segment on any network.
    package static let byteLimit = 536

    package enum Reading: Equatable, Sendable {
        /// It may become a header when more bytes come.
        case incomplete
        case header(ProxyHeader, byteCount: Int)
        case refused(Fault)
    }

    package enum Fault: String, Sendable {
        case absent = "it does not begin with a PROXY header"
        case tooLong = "its PROXY header is too long"
        case malformed = "its PROXY header is malformed"
        case transport = "its PROXY header is for another transport than TCP"
    }

    /// Reads the first bytes of a connection. Every prefix of a header is incomplete; no 536 bytes are.
    package static func read(_ bytes: [UInt8]) -> Reading {
        if bytes.starts(with: signature) { return readVersion2(bytes) }
        if bytes.starts(with: prefix) { return readVersion1(bytes) }
        let begins = signature.starts(with: bytes) || prefix.starts(with: bytes)
        return begins ? .incomplete : .refused(.absent)
    }

    // MARK: Version 1: one line of text

    private static let prefix = Array("PROXY ".utf8)
    /// With its CR LF.
    private static let lineByteLimit = 107

    private static func readVersion1(_ bytes: [UInt8]) -> Reading {
        let start = bytes.prefix(lineByteLimit)
        guard let end = start.firstIndex(of: UInt8(ascii: "\n")) else {
            return start.count < lineByteLimit ? .incomplete : .refused(.tooLong)
        }
        guard bytes[end - 1] == UInt8(ascii: "\r") else { return .refused(.malformed) }
        let fields = bytes[prefix.count..<(end - 1)].split(
            separator: UInt8(ascii: " "), omittingEmptySubsequences: false
        )
        .map { String(decoding: $0, as: UTF8.self) }
        // The rest of the line behind UNKNOWN says nothing.
        if fields.first == "UNKNOWN" { return .header(ProxyHeader(client: nil), byteCount: end + 1) }
        guard fields.count == 5, fields[0] == "TCP4" || fields[0] == "TCP6",
            let source = IPAddress(fields[1]), let destination = IPAddress(fields[2]),
            source.isVersion6 == (fields[0] == "TCP6"), destination.isVersion6 == source.isVersion6,
            isPort(fields[3]), isPort(fields[4])
        else { return .refused(.malformed) }
        return .header(ProxyHeader(client: source), byteCount: end + 1)
    }

    private static func isPort(_ text: String) -> Bool {
        UInt16(text).map { String($0) == text } ?? false
    }

    // MARK: Version 2: a signature, four bytes, addresses, and values that nobody reads here

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    private static func readVersion2(_ bytes: [UInt8]) -> Reading {
        guard bytes.count >= 16 else { return .incomplete }
        let (versionAndCommand, familyAndTransport) = (bytes[12], bytes[13])
        guard versionAndCommand == 0x20 || versionAndCommand == 0x21 else { return .refused(.malformed) }
        let length = Int(bytes[14]) << 8 | Int(bytes[15])
        guard 16 + length <= byteLimit else { return .refused(.tooLong) }
        guard bytes.count >= 16 + length else { return .incomplete }
        let isLocal = versionAndCommand == 0x20
        if isLocal { return .header(ProxyHeader(client: nil), byteCount: 16 + length) }
        let addressByteCount: Int
        switch familyAndTransport {
        case 0x00: return .header(ProxyHeader(client: nil), byteCount: 16 + length)
        case 0x11: addressByteCount = 4
        case 0x21: addressByteCount = 16
        default: return .refused(.transport)
        }
        // Two addresses and two ports.
        guard length >= 2 * addressByteCount + 4,
            let client = IPAddress(bytes: Array(bytes[16..<(16 + addressByteCount)]))
        else { return .refused(.malformed) }
        return .header(ProxyHeader(client: client), byteCount: 16 + length)
    }
}
