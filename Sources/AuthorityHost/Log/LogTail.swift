// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
import Foundation

/// Reads a growing log: first its last lines, then what is appended, each line once, through any number of rotations.
///
/// A file that another program empties is read from its start again.
package struct LogTail: Sendable {
    /// Longer lines are cut here, in bytes.
    package static let lineLimit = 1 << 20

    private let path: String
    private let filter: LogFilter
    private var current: LogSegment?
    /// What was begun after the current file, oldest first.
    private var newer: [LogSegment] = []
    /// Where the current file is read on, and where the line begins that is not whole yet.
    private var offset = 0
    private var lineStart = 0
    private var partial: [UInt8] = []

    /// Opens nothing yet.
    package init(path: String, filter: LogFilter = LogFilter()) {
        self.path = path
        self.filter = filter
    }

    /// The last `count` complete lines that pass the filter, oldest first, old files included. Following goes on behind them.
    ///
    /// - Parameter scanLimit: no more bytes than about this are looked through.
    /// - Throws: ``FileError`` with `ENOENT` when there is no file (yet).
    package mutating func lastLines(_ count: Int, scanLimit: Int = .max) throws(FileError) -> [String] {
        let segments = LogSegment.all(of: path)
        guard let newest = segments.first else { throw absence }
        let end = newest.byteCount
        var reader = BackwardReader(count: count, filter: filter, scanLimit: scanLimit)
        reader.read(newest, end: end, isNewest: true)
        begin(newest, at: end)
        partial = reader.unfinished
        lineStart = reader.unfinishedStart
        for segment in segments.dropFirst() where !reader.isDone {
            reader.read(segment, end: segment.byteCount, isNewest: false)
        }
        return reader.found.reversed()
    }

    /// Begins with the first line of the filter's `since`, or with the oldest there is: ``newLines()`` gives all from there.
    ///
    /// - Throws: ``FileError`` with `ENOENT` when there is no file (yet).
    package mutating func begin() throws(FileError) {
        let segments = LogSegment.all(of: path)
        // Nothing in a file is younger than its last line. Times in it are cut to milliseconds.
        let index = segments.lastIndex { segment in
            filter.since.map { segment.lastWrite.addingTimeInterval(1) >= $0.date } ?? true
        }
        guard let newest = segments.first else { throw absence }
        begin(index.map { segments[$0] } ?? newest, at: 0)
        newer = segments.prefix(index ?? 0).reversed()
    }

    /// The complete lines that came since the last call. Does not wait.
    package mutating func newLines() -> [String] {
        var lines: [String] = []
        while readOn(into: &lines) {}
        return lines
    }

    /// Reads on a little.
    ///
    /// - Returns: false at the end of all there is.
    package mutating func readOn(into lines: inout [String]) -> Bool {
        guard let current else {
            guard let first = LogSegment.all(of: path).first else { return false }
            begin(first, at: 0)
            return true
        }
        // A file that shrank was emptied for reuse: what is in it now is new.
        if current.byteCount < offset { begin(current, at: 0) }
        if take(from: current, into: &lines) { return true }
        if newer.isEmpty { newer = successors(of: current) }
        guard !newer.isEmpty else { return false }
        // What was written before the rotation and after we had looked.
        if take(from: current, into: &lines) { return true }
        if !partial.isEmpty { Self.take(partial, into: &lines, filter) }
        begin(newer[0], at: 0, newer: Array(newer.dropFirst()))
        return true
    }

    /// Why there is nothing to read.
    private var absence: FileError {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return FileError.now(.read, path) }
        close(descriptor)
        return FileError(operation: .read, path: path, reason: EISDIR)
    }

    private mutating func begin(_ segment: LogSegment, at offset: Int, newer: [LogSegment] = []) {
        current = segment
        self.newer = newer
        (self.offset, lineStart, partial) = (offset, offset, [])
    }

    private mutating func take(from segment: LogSegment, into lines: inout [String]) -> Bool {
        let bytes = segment.bytes(at: offset, 1 << 16)
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            Self.take(partial + rest[..<end], into: &lines, filter)
            partial = []
            rest = rest[(end + 1)...]
            lineStart = offset + end + 1
        }
        offset += bytes.count
        partial = Array((partial + rest).prefix(Self.lineLimit))
        return !bytes.isEmpty
    }

    static func take(_ bytes: [UInt8], into lines: inout [String], _ filter: LogFilter) {
        let line = String(decoding: bytes.prefix(lineLimit), as: UTF8.self)
        if !line.isEmpty && filter.passes(line) { lines.append(line) }
    }

    /// The files that were begun after that one, oldest first.
    private func successors(of segment: LogSegment) -> [LogSegment] {
        if FileIdentity(path: path) == segment.identity { return [] }
        let segments = LogSegment.all(of: path)
        if let index = segments.firstIndex(where: { $0.identity == segment.identity }) {
            return segments.prefix(index).reversed()
        }
        // It was moved elsewhere, or is gone. Who was written to later, is later.
        return segments.filter { $0.lastWrite >= segment.lastWrite }.reversed()
    }
}

// MARK: - Coming back

extension LogTail {
    /// Behind the last complete line that was read; nil before anything was.
    package var position: LogPosition? { current.map { LogPosition(file: $0.identity, offset: lineStart) } }

    /// Goes on where somebody has been.
    ///
    /// - Returns: false if that file is not here any more, or no line begins there; nothing has changed then.
    package mutating func resume(at position: LogPosition) -> Bool {
        let segments = LogSegment.all(of: path)
        guard let index = segments.firstIndex(where: { $0.identity == position.file }) else { return false }
        let segment = segments[index]
        guard position.offset == 0 || segment.bytes(at: position.offset - 1, 1) == [0x0A] else { return false }
        begin(segment, at: position.offset, newer: segments.prefix(index).reversed())
        return true
    }
}

/// A place in a log that outlives rotation, as text: `DEVICE-INODE-OFFSET` in hexadecimal.
package struct LogPosition: Sendable, Equatable {
    let file: FileIdentity
    let offset: Int

    init(file: FileIdentity, offset: Int) {
        self.file = file
        self.offset = offset
    }

    package init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,15})/),
            let device = UInt64(match.1, radix: 16), let inode = UInt64(match.2, radix: 16),
            let offset = Int(match.3, radix: 16)
        else { return nil }
        self.init(file: FileIdentity(device: device, inode: inode), offset: offset)
    }

    package var text: String {
        [file.device, file.inode, UInt64(offset)].map { String($0, radix: 16) }.joined(separator: "-")
    }
}
