// SPDX-License-Identifier: Apache-2.0

/// Reads the little of XML that protInfo.xml is made of: elements without attributes, text, comments between elements.
///
/// No declaration, no DOCTYPE, no processing instruction, no CDATA, no entity but the five of XML itself: nothing that two
/// XML readers could understand differently.
struct ElementOnlyXML {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Skips white space and comments.
    mutating func skipBetweenElements() throws(ProtocolInfoError) {
        while offset < bytes.count {
            if [0x20, 0x09, 0x0a, 0x0d].contains(bytes[offset]) {
                offset += 1
            } else if startsWith("<!--") {
                offset += 4
                while !startsWith("--") {
                    guard offset < bytes.count else { throw unexpected("the end of a comment") }
                    offset += 1
                }
                try take("-->")
            } else {
                return
            }
        }
    }

    /// Whether the next element has this name.
    mutating func isAt(_ name: String) throws(ProtocolInfoError) -> Bool {
        try skipBetweenElements()
        return startsWith("<\(name)>")
    }

    mutating func open(_ name: String) throws(ProtocolInfoError) {
        try skipBetweenElements()
        try take("<\(name)>")
    }

    mutating func close(_ name: String) throws(ProtocolInfoError) {
        try skipBetweenElements()
        try take("</\(name)>")
    }

    mutating func end() throws(ProtocolInfoError) {
        try skipBetweenElements()
        if offset < bytes.count { throw unexpected("the end of the file") }
    }

    /// An element that holds text only.
    mutating func text(_ name: String) throws(ProtocolInfoError) -> String {
        try open(name)
        var text: [UInt8] = []
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "<") {
            if bytes[offset] == UInt8(ascii: "&") {
                text.append(try entity())
            } else {
                guard bytes[offset] >= 0x20 || [0x09, 0x0a, 0x0d].contains(bytes[offset]) else {
                    throw unexpected("text without control characters")
                }
                text.append(bytes[offset])
                offset += 1
            }
        }
        try take("</\(name)>")
        guard let text = String(validating: text, as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    static let entities: [(text: String, byte: UInt8)] = [
        ("&amp;", 0x26), ("&lt;", 0x3c), ("&gt;", 0x3e), ("&quot;", 0x22), ("&apos;", 0x27),
    ]

    private mutating func entity() throws(ProtocolInfoError) -> UInt8 {
        for (text, byte) in Self.entities where startsWith(text) {
            offset += text.utf8.count
            return byte
        }
        throw unexpected("one of &amp; &lt; &gt; &quot; &apos;")
    }

    private func startsWith(_ text: String) -> Bool {
        bytes[offset...].starts(with: text.utf8)
    }

    private mutating func take(_ text: String) throws(ProtocolInfoError) {
        guard startsWith(text) else { throw unexpected(text) }
        offset += text.utf8.count
    }

    private func unexpected(_ expected: String) -> ProtocolInfoError {
        .syntax(line: bytes[..<min(offset, bytes.count)].count { $0 == 0x0a } + 1, expected: expected)
    }
}
