// SPDX-License-Identifier: Apache-2.0

import ElGamal
package import GroupArithmetic
import Synchronization
package import TallyArchives

/// plaintexts_json: the decrypted votes of one question, each plus one, sorted as byte strings (specification of the
/// tally, 1.8): `"DECIMAL"` and LF for each element.
package enum PublishedPlaintexts {
    /// Hands the file to `sink` in pieces.
    ///
    /// A million votes may be 600 MB of text, so only the beginnings are sorted in memory (48 bytes a vote), and the lines are
    /// made when their turn comes. Lines with the same long beginning are sorted in memory all together.
    package static func stream<Failure: Error>(
        _ elements: ElementVector, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let keys = sortedKeys(of: elements)
        var start = 0
        while start < keys.count {
            var end = min(start + blockCount, keys.count)
            while end < keys.count, keys[end].continues(keys[end - 1]) { end += 1 }
            let block = lines(keys[start..<end], of: elements)
            let result = block.withUnsafeBytes { bytes in
                Result { () throws(Failure) in try sink(bytes) }
            }
            try result.get()
            start = end
        }
    }

    /// Writes the file, which appears whole or not at all.
    ///
    /// - Parameter observe: sees every byte once, in order.
    package static func write(
        _ elements: ElementVector, to path: String, observe: (UnsafeRawBufferPointer) -> Void = { _ in }
    ) throws(ArchiveError) {
        try ArchiveFile.replace(path) { (write) throws(ArchiveError) in
            try stream(elements) { (bytes) throws(ArchiveError) in
                observe(bytes)
                try write(bytes)
            }
        }
    }

    private static let blockCount = 4096

    private static func sortedKeys(of elements: ElementVector) -> [LineKey] {
        let parts = Mutex<[[LineKey]]>([])
        inParallelChunks(of: elements.count, minimum: 256) { range in
            let keys = range.map { LineKey(line(of: elements[$0]), index: $0) }
            parts.withLock { $0.append(keys) }
        }
        var keys: [LineKey] = []
        keys.reserveCapacity(elements.count)
        parts.withLock { parts in
            for part in parts { keys += part }
            parts = []
        }
        keys.sort()
        return keys
    }

    /// The lines of sorted keys, one behind the other; those whose keys do not tell them apart are sorted here.
    private static func lines(_ keys: ArraySlice<LineKey>, of elements: ElementVector) -> [UInt8] {
        let parts = Mutex<[(start: Int, lines: [[UInt8]])]>([])
        inParallelChunks(of: keys.count, minimum: 256) { range in
            let lines = range.map { line(of: elements[keys[keys.startIndex + $0].index]) }
            parts.withLock { $0.append((range.lowerBound, lines)) }
        }
        var lines = parts.withLock { $0.sorted { $0.start < $1.start }.flatMap(\.lines) }
        var start = 0
        while start < lines.count {
            var end = start + 1
            while end < lines.count, keys[keys.startIndex + end].continues(keys[keys.startIndex + end - 1]) { end += 1 }
            if end > start + 1 { lines[start..<end].sort { $0.lexicographicallyPrecedes($1) } }
            start = end
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.reduce(0) { $0 + $1.count })
        for line in lines { bytes += line }
        return bytes
    }

    /// A line sorts as its text with the quotes and the line feed: `"10"` before `"3"`.
    private static func line(of element: GroupElement) -> [UInt8] {
        Array("\"\(element.plaintext.decimal)\"\n".utf8)
    }
}

/// The first 32 bytes of a line behind its quote, which sort as the line does, and whose line it is.
private struct LineKey: Comparable {
    private let beginning: InlineArray<4, UInt64>
    let index: Int
    /// Whether the line goes on behind them.
    private let isLonger: Bool

    init(_ line: [UInt8], index: Int) {
        var words = InlineArray<4, UInt64>(repeating: 0)
        for (place, byte) in line.dropFirst().prefix(32).enumerated() {
            words[place / 8] |= UInt64(byte) << (56 - 8 * (place % 8))
        }
        beginning = words
        self.index = index
        isLonger = line.count > 33
    }

    /// Whether it takes the whole lines to say which comes first: equal short ones are one line twice.
    func continues(_ other: LineKey) -> Bool { isLonger && isEqual(other) }

    private func isEqual(_ other: LineKey) -> Bool {
        for word in 0..<4 where beginning[word] != other.beginning[word] { return false }
        return true
    }

    static func == (left: LineKey, right: LineKey) -> Bool { left.index == right.index && left.isEqual(right) }

    static func < (left: LineKey, right: LineKey) -> Bool {
        for word in 0..<4 where left.beginning[word] != right.beginning[word] {
            return left.beginning[word] < right.beginning[word]
        }
        return left.index < right.index
    }
}
