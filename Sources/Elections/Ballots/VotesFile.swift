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
    func byteCount(ofLine index: Int) -> Int { starts[index + 1] - starts[index] }

    /// A line without its line feed or carriage return and line feed.
    private func rawLine(_ index: Int) -> [UInt8] { withRawLine(index) { Array($0) } }

    /// Hands out a line without its line feed or carriage return and line feed, as it stands in the file.
    func withRawLine<Value>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        var end = starts[index + 1]
        let start = starts[index]
        return data.withUnsafeBytes { bytes in
            if end > start, bytes[end - 1] == 0x0a { end -= 1 }
            if end > start, bytes[end - 1] == 0x0d { end -= 1 }
            return UnsafeRawBufferPointer(rebasing: bytes[start..<end]).withMemoryRebound(to: UInt8.self, body)
        }
    }

    /// Tells the system that these lines will be read soon.
    func prepare(_ lines: Range<Int>) {
        let page = Int(getpagesize())
        data.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, !lines.isEmpty else { return }
            let first = UnsafeMutableRawPointer(mutating: base) + starts[lines.lowerBound]
            let start = first - Int(bitPattern: first) % page
            posix_madvise(
                start, starts[lines.upperBound] - starts[lines.lowerBound] + (first - start), POSIX_MADV_WILLNEED)
        }
    }
}
