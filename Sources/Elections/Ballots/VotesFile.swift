// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A votes file: one ballot a line, in one of three forms (ballots and counting, 4.1).
///
/// The file is mapped, not read: besides it there are eight bytes of memory a line.
package struct VotesFile: Sendable {
    /// How all lines of a file are written.
    package enum Form: String, Sendable {
        /// `BALLOT`
        case bare
        /// `BALLOT|VOTER.W`
        case plain
        /// `"BALLOT"|VOTER.W` with every `"` of BALLOT doubled.
        case quoted
    }

    /// More than a ballot of 20 questions with 4096 bits needs.
    package static let lineByteLimit = 1 << 20

    private let data: Data
    /// Where each line begins, and behind them the size of the file.
    private let starts: [Int]
    /// Nil for a file without lines.
    package let form: Form?

    package init(path: String) throws(VotesFileError) {
        do {
            self.init(data: try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped))
        } catch {
            throw .unreadable(reason: (error as NSError).localizedDescription)
        }
    }

    package init(data: Data) {
        self.data = data
        starts = data.withUnsafeBytes { bytes in
            var starts = [0]
            var offset = 0
            while offset < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + offset, 0x0a, bytes.count - offset)
            {
                offset = base.distance(to: UnsafeRawPointer(found)) + 1
                starts.append(offset)
            }
            // A last line without a line feed is a line all the same.
            if offset < bytes.count { starts.append(bytes.count) }
            return starts
        }
        form = starts.count > 1 ? Self.form(of: data[..<starts[1]]) : nil
    }

    package var lineCount: Int { starts.count - 1 }
    package var byteCount: Int { data.count }

    private static func form(of line: Data) -> Form {
        if line.first == UInt8(ascii: "\"") { return .quoted }
        let last = line.last { $0 != 0x0a && $0 != 0x0d }
        return last == UInt8(ascii: "}") || !line.contains(UInt8(ascii: "|")) ? .bare : .plain
    }

    /// A line, from index 0, taken apart.
    package func line(_ index: Int) throws(BallotFault) -> BallotLine {
        guard byteCount(ofLine: index) <= Self.lineByteLimit else {
            throw .form("the line has more than \(Self.lineByteLimit) bytes")
        }
        let bytes = rawLine(index)
        guard !bytes.isEmpty else { throw .form("the line is empty") }
        return try BallotLine(bytes, form: form ?? .bare)
    }

    /// The bytes of a line, its end included.
    private func byteCount(ofLine index: Int) -> Int { starts[index + 1] - starts[index] }

    /// The first line with fewer bytes; `lineCount` if there is none.
    func firstLine(shorterThan count: Int) -> Int {
        (0..<lineCount).first { byteCount(ofLine: $0) < count } ?? lineCount
    }

    /// A line without its line feed or carriage return and line feed.
    private func rawLine(_ index: Int) -> [UInt8] {
        var end = starts[index + 1]
        let start = starts[index]
        return data.withUnsafeBytes { bytes in
            if end > start, bytes[end - 1] == 0x0a { end -= 1 }
            if end > start, bytes[end - 1] == 0x0d { end -= 1 }
            return Array(bytes[start..<end])
        }
    }
}

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
