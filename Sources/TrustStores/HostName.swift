// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A host name by RFC 1123, section 2.1, in lower case: safe in a path, a hosts line and a certificate.
public struct HostName: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public var description: String { text }

    /// Refuses what is empty or longer than 253 bytes, a label that is empty, longer than 63 bytes, or holds anything but
    /// letters, digits and inner hyphens, and names that read as an address.
    public init?(_ text: String) {
        guard (1...253).contains(text.utf8.count), IPAddress(text) == nil else { return nil }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.count), label.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }),
                label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-")
            else { return nil }
        }
        // A last label of digits alone would be taken for an address by some resolvers (0177.1, 1.2.3).
        guard let last = labels.last, !last.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self.text = text.lowercased()
    }

    public var isLocalhost: Bool { text == "localhost" || text.hasSuffix(".localhost") || text.hasPrefix("localhost.") }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
}

/// An IPv4 or IPv6 address as `inet_pton` takes it.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// In the form that `inet_ntop` gives it, so that equal addresses are equal texts.
    public let text: String
    public let isVersion6: Bool
    public var description: String { text }

    public init?(_ text: String) {
        guard text.utf8.count <= 45, !text.utf8.contains(0), let bytes = networkBytes(of: text) else { return nil }
        self.init(bytes: bytes)
    }

    /// 4 or 16 bytes in network order, as certificates hold them.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        isVersion6 = bytes.count == 16
        var form = [CChar](repeating: 0, count: 46)
        guard inet_ntop(isVersion6 ? AF_INET6 : AF_INET, bytes, &form, 46) != nil else { return nil }
        text = String(decoding: form.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether one host can be reached there: false for 0.0.0.0 and ::, which stand for this host itself, and for addresses of many.
    public var isOfOneHost: Bool {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        let version4 = bytes.starts(with: mapped) ? Array(bytes.dropFirst(mapped.count)) : bytes
        if version4.count == 4 {
            let isMulticast = (224...239).contains(version4[0])
            return version4[0] != 0 && !isMulticast && version4 != [255, 255, 255, 255]
        }
        return bytes[0] != 0xFF && bytes.contains { $0 != 0 }
    }

    /// 4 or 16 bytes in network order.
    package var bytes: [UInt8] { networkBytes(of: text) ?? [] }

    /// With a port, as it stands in a URL or a log line.
    public func joined(port: Int) -> String { isVersion6 ? "[\(text)]:\(port)" : "\(text):\(port)" }
}

private func networkBytes(of text: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
    return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
}
