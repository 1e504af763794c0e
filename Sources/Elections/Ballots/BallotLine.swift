// SPDX-License-Identifier: Apache-2.0

/// A line of a votes file: the text of the ballot as the voter's booth sent it, and whose it is.
package struct BallotLine: Sendable, Equatable {
    /// The ballot's text, never re-serialised: the tracker is its hash.
    package let ballot: [UInt8]
    /// Nil in the bare form.
    package let voter: VoterID?

    init(_ line: [UInt8], form: VotesFile.Form) throws(BallotFault) {
        let bar = UInt8(ascii: "|")
        switch form {
        case .bare:
            guard line.last == UInt8(ascii: "}"), !line.contains(bar) else {
                throw .form("the line is not a ballot alone, as the first line is")
            }
            ballot = line
            voter = nil
        case .plain:
            let parts = line.split(separator: bar, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw .form("the line is not BALLOT|VOTER.W, as the first line is") }
            ballot = Array(parts[0])
            voter = try VoterID(parts[1])
        case .quoted:
            guard let (text, rest) = Self.unquoted(line), rest.first == bar else {
                throw .form(
                    "the line is not \"BALLOT\"|VOTER.W with every quote of BALLOT doubled, as the first line is")
            }
            ballot = text
            voter = try VoterID(rest.dropFirst())
        }
    }

    /// What stands between the quotes, and what follows; nil without both quotes.
    private static func unquoted(_ line: [UInt8]) -> ([UInt8], ArraySlice<UInt8>)? {
        let quote = UInt8(ascii: "\"")
        guard line.first == quote else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(line.count)
        var index = 1
        while index < line.count {
            if line[index] == quote {
                guard index + 1 < line.count, line[index + 1] == quote else { return (text, line[(index + 1)...]) }
                index += 1
            }
            text.append(line[index])
            index += 1
        }
        return nil
    }

    /// Whether this line repeats `previous` as the next vote of one weighted ballot: same text, same voter, next index.
    func continues(_ previous: BallotLine) -> Bool {
        guard let voter, let other = previous.voter else { return false }
        return voter.index == other.index + 1 && voter.name == other.name && ballot == previous.ballot
    }
}

/// `<opaque id>.<weight index>`: which vote of which voter a line is.
package struct VoterID: Sendable, Equatable, CustomStringConvertible {
    /// 1 to 256 bytes without `.`, `|`, quotes and control characters.
    package let name: String
    /// 1 for the first or only vote of a ballot.
    package let index: Int

    init(_ text: ArraySlice<UInt8>) throws(BallotFault) {
        guard let dot = text.firstIndex(of: UInt8(ascii: ".")), text.lastIndex(of: UInt8(ascii: ".")) == dot else {
            throw .voterID("expected exactly one dot, in front of the weight index")
        }
        let (name, digits) = (text[..<dot], text[(dot + 1)...])
        guard (1...256).contains(name.count), let readable = String(validating: name, as: UTF8.self),
            name.allSatisfy({ $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "|") })
        else { throw .voterID("expected 1 to 256 bytes of text without quotes in front of the dot") }
        let number = String(decoding: digits, as: UTF8.self)
        guard digits.count <= 9, let index = Int(number), index > 0, String(index) == number else {
            throw .voterID("expected a weight index of 1 or more behind the dot")
        }
        self.name = readable
        self.index = index
    }

    package var description: String { "\(name).\(index)" }
}
