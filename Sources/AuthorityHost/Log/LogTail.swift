// SPDX-License-Identifier: Apache-2.0

import Foundation
package import TrustStores

/// Reads a growing log: first its last lines, then what is appended, through rotation and truncation.
package struct LogTail: ~Copyable {
    /// Longer lines are cut here, in bytes.
    package static let lineLimit = 1 << 20

    private let path: String
    private let filter: LogFilter
    private var descriptor: Int32 = -1
    private var offset = 0
    private var partial: [UInt8] = []

    /// Opens nothing yet.
    package init(path: String, filter: LogFilter = LogFilter()) {
        self.path = path
        self.filter = filter
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The last `count` complete lines that pass the filter, oldest first. Following goes on behind them.
    ///
    /// - Throws: ``FileError`` with `ENOENT` when there is no file (yet).
    package mutating func lastLines(_ count: Int) throws(FileError) -> [String] {
        guard open() else { throw FileError.now(.read, path) }
        let end = size(of: descriptor)
        var found: [String] = []
        var tail: [UInt8] = []
        var position = end
        var isAtEnd = true
        while position > 0 && (found.count < count || isAtEnd) {
            let length = min(position, 1 << 16)
            position -= length
            tail = read(at: position, length) + tail
            if isAtEnd {
                // What stands behind the last line end is not a line yet.
                guard let last = tail.lastIndex(of: 0x0A) else { continue }
                partial = Array(tail[(last + 1)...].prefix(Self.lineLimit))
                tail.removeSubrange(last...)
                isAtEnd = false
            }
            takeLines(from: &tail, into: &found, upTo: count, isStart: position == 0)
        }
        if isAtEnd { partial = tail }
        offset = end
        return found.reversed()
    }

    /// The complete lines that came since the last call. Does not wait.
    package mutating func newLines() -> [String] {
        var lines: [String] = []
        if descriptor >= 0 {
            // A file that shrank was emptied for reuse: what is in it now is new.
            if size(of: descriptor) < offset { (offset, partial) = (0, []) }
            readOn(into: &lines)
            guard wasMoved else { return lines }
            readOn(into: &lines)
            close(descriptor)
            descriptor = -1
        }
        if open() {
            (offset, partial) = (0, [])
            readOn(into: &lines)
        }
        return lines
    }

    private mutating func open() -> Bool {
        if descriptor < 0 { descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC) }
        return descriptor >= 0
    }

    /// Another file stands at the path. None at all is a rotation that is not over yet.
    private var wasMoved: Bool {
        var (current, opened) = (stat(), stat())
        guard stat(path, &current) == 0, fstat(descriptor, &opened) == 0 else { return false }
        return current.st_ino != opened.st_ino || current.st_dev != opened.st_dev
    }

    private mutating func readOn(into lines: inout [String]) {
        while true {
            let bytes = read(at: offset, 1 << 16)
            if bytes.isEmpty { return }
            offset += bytes.count
            var rest = bytes[...]
            while let end = rest.firstIndex(of: 0x0A) {
                take(partial + rest[..<end], into: &lines)
                partial = []
                rest = rest[(end + 1)...]
            }
            partial = Array((partial + rest).prefix(Self.lineLimit))
        }
    }

    /// Takes whole lines off the end of `tail`, which has no line end behind the last; the first line may be cut off at its front.
    private func takeLines(from tail: inout [UInt8], into found: inout [String], upTo count: Int, isStart: Bool) {
        while found.count < count {
            if let end = tail.lastIndex(of: 0x0A) {
                take(Array(tail[(end + 1)...]), into: &found)
                tail.removeSubrange(end...)
            } else {
                if isStart { take(tail, into: &found) }
                if isStart || tail.count > Self.lineLimit { tail = Array(tail.prefix(isStart ? 0 : Self.lineLimit)) }
                return
            }
        }
    }

    private func take(_ bytes: [UInt8], into lines: inout [String]) {
        let line = String(decoding: bytes.prefix(Self.lineLimit), as: UTF8.self)
        if !line.isEmpty && filter.passes(line) { lines.append(line) }
    }

    private func read(at position: Int, _ length: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        let count = pread(descriptor, &bytes, length, position)
        return count > 0 ? Array(bytes.prefix(count)) : []
    }

    private func size(of descriptor: Int32) -> Int {
        var information = stat()
        return fstat(descriptor, &information) == 0 ? Int(information.st_size) : 0
    }
}
