// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic

extension ProtocolInfo {
    /// Makes the parameters of a new session and their file, the same bytes for the same arguments: the format's values
    /// for everything that is not an argument.
    ///
    /// - Parameter parties: in any order; they are sorted by name, by code unit. Names are distinct.
    /// - Throws: ``ProtocolInfoError`` for what a reader would refuse, and for text that is not ASCII, which readers of the
    ///   original would hash in their own way (3.7).
    package init(
        sessionID: String, electionName: String, description: String, threshold: Int, group: SafePrimeGroup,
        parties: [Party]
    ) throws(ProtocolInfoError) {
        let sorted = parties.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
        let elements: [(String, String)] = [
            ("version", "0.1"), ("sid", sessionID), ("name", electionName), ("descr", description),
            ("nopart", String(parties.count)), ("thres", String(threshold)),
            ("pgroup", GroupDescription.text(of: group)), ("width", "1"), ("inter", "native"), ("maxciph", "0"),
            ("statdist", "100"), ("cbitlen", "100"), ("cbitlenro", "200"), ("vbitlen", "100"), ("vbitlenro", "200"),
            ("prg", HashFunction.sha256.rawValue), ("rohash", HashFunction.sha256.rawValue),
            ("corr", "noninteractive"),
        ]
        var text = "\n<protocol>\n"
        for (name, value) in elements { text += try "\n   " + Self.element(name, value) + "\n" }
        for party in sorted {
            text += "\n   <party>\n"
            for (name, value) in [
                ("srtbyrole", "anyrole"), ("name", party.name), ("pdescr", party.description),
                ("pkey", party.publicKey), ("http", party.http), ("hint", party.hint),
            ] { text += try "      " + Self.element(name, value) + "\n" }
            text += "   </party>\n"
        }
        text += "\n</protocol>\n\n"
        // Read back, so that what is written is what a reader takes.
        try self.init(parsing: Array(text.utf8))
    }

    private static func element(_ name: String, _ value: String) throws(ProtocolInfoError) -> String {
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) else {
            throw .value(element: name, found: value, expected: "printable ASCII")
        }
        var escaped = ""
        for character in value {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
        return "<\(name)>\(escaped)</\(name)>"
    }
}
