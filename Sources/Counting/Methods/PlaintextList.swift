// SPDX-License-Identifier: Apache-2.0

package import Foundation
import GroupArithmetic
import Synchronization

/// The decrypted ballots of one question: one or more plaintexts_json, one behind the other.
///
/// A file is lines of `"DECIMAL"` and LF. A line of another form is a ballot too, and null (specification of counting, 3.1).
package struct PlaintextList: Sendable {
    package private(set) var files: [Data]

    package init(_ file: Data) { files = [file] }
    package init() { files = [] }

    var byteCount: Int { files.reduce(0) { $0 + $1.count } }

    package mutating func append(_ other: PlaintextList) { files += other.files }

    /// Whether the last line is whole, so that another file may follow.
    package var endsWithLine: Bool { files.last(where: { !$0.isEmpty }).map { $0.last == 0x0a } ?? true }

    /// Counts by parts on all cores.
    ///
    /// - Parameter count: is given the lines of one part.
    /// - Returns: what `count` made of each part, in the order of the lines.
    func inParts<Part: Sendable>(_ count: @Sendable @escaping (UnsafeRawBufferPointer) -> Part) -> [Part] {
        files.flatMap { file in
            file.withUnsafeBytes { bytes in
                let ranges = Self.parts(of: bytes)
                let results = Mutex<[(Int, Part)]>([])
                // The file stays where it is while this call lasts.
                nonisolated(unsafe) let bytes = bytes
                inParallelChunks(of: ranges.count) { indexes in
                    for index in indexes {
                        let part = count(UnsafeRawBufferPointer(rebasing: bytes[ranges[index]]))
                        results.withLock { $0.append((index, part)) }
                    }
                }
                return results.withLock { $0.sorted { $0.0 < $1.0 }.map(\.1) }
            }
        }
    }

    /// Ranges that end behind a line feed or at the end of the file, some for each core.
    private static func parts(of bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
        let target = max(1 << 16, bytes.count / (processorCount * 8) + 1)
        var ranges: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let least = min(bytes.count, start + target) - 1
            let end = bytes[least...].firstIndex(of: 0x0a).map { $0 + 1 } ?? bytes.count
            ranges.append(start..<end)
            start = end
        }
        return ranges
    }
}

/// The lines of a part one after the other, equal neighbours together: published plaintexts are sorted, so that ballots that
/// say the same are decoded once.
struct LineRuns {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The plaintext of the next lines, nil if they are no numbers, and how many there are; nil behind the last.
    mutating func next() -> (plaintext: Plaintext?, count: Int)? {
        guard offset < bytes.count, let base = bytes.baseAddress else { return nil }
        let start = offset
        guard let end = bytes[start...].firstIndex(of: 0x0a) else {
            offset = bytes.count
            return (nil, 1)
        }
        let length = end + 1 - start
        var count = 1
        offset = end + 1
        while offset + length <= bytes.count, memcmp(base + offset, base + start, length) == 0 {
            count += 1
            offset += length
        }
        return (Self.plaintext(UnsafeRawBufferPointer(rebasing: bytes[start..<end])), count)
    }

    private static func plaintext(_ line: UnsafeRawBufferPointer) -> Plaintext? {
        let quote = UInt8(ascii: "\"")
        guard line.count > 2, line.first == quote, line.last == quote else { return nil }
        return Plaintext(digits: UnsafeRawBufferPointer(rebasing: line[1..<line.count - 1]))
    }
}
