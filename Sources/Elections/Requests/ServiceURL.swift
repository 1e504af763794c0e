// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// An address that a request names: `https://HOST[:PORT]/PATH`, and nothing cleverer.
///
/// Whether HOST is somebody that may be called is decided by whoever calls; here only the form is checked: no user, no
/// fragment, no space or control character, so that it means the same to every program that reads it.
package struct ServiceURL: Sendable, Hashable, CustomStringConvertible {
    /// The text as it came.
    package let text: String
    /// In lower case; a name, or an IPv4 address. IPv6 addresses stand in brackets here as there.
    package let host: String
    package let port: Int
    /// Path and query, beginning with `/`.
    package let target: String

    package init?(_ text: String) {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x5c }),
            text.lowercased().hasPrefix("https://"), !text.contains("#")
        else { return nil }
        let rest = text.dropFirst("https://".count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let path = rest[end...]
        var authority = rest[..<end]
        var port = 443
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            let digits = authority[authority.index(after: colon)...]
            guard let number = Int(digits), (1...65535).contains(number), String(number) == digits else { return nil }
            port = number
            authority = authority[..<colon]
        }
        let host = authority.lowercased()
        guard Self.isHost(host) else { return nil }
        self.text = text
        self.host = host
        self.port = port
        target = path.hasPrefix("/") ? String(path) : "/" + path
    }

    package init(_ field: JSONField) throws(JSONShapeError) {
        let text = try field.string(maximum: 2048)
        guard let url = ServiceURL(text) else { throw field.refused(found: text, expected: "https://HOST[:PORT]/PATH") }
        self = url
    }

    package var description: String { text }

    private static func isHost(_ host: String) -> Bool {
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.utf8.count <= 47
                && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        return (1...253).contains(host.utf8.count)
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d }
            }
    }
}
