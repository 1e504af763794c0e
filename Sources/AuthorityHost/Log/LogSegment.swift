// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One file of a log, open for reading: it stays the same when it is renamed, or dropped.
final class LogSegment: Sendable {
    private let descriptor: Int32
    let identity: FileIdentity

    /// Nil if there is no such file, or none that may be read.
    init?(path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        identity = FileIdentity(status)
    }

    deinit { close(descriptor) }

    /// The files of the log at `path`, newest first, each once.
    ///
    /// While they are looked for from the newest on, a rotation can only move one to a place that is yet to be looked at.
    static func all(of path: String) -> [LogSegment] {
        var found: [LogSegment] = []
        for number in 0...LogRotation.largestCount {
            guard let segment = LogSegment(path: LogRotation.name(path, number: number)) else { continue }
            if !found.contains(where: { $0.identity == segment.identity }) { found.append(segment) }
        }
        return found
    }

    var byteCount: Int { Int(status.st_size) }

    /// When the last line was written.
    var lastWrite: Date {
        let time = status.st_mtim
        return Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }

    /// As many of `count` bytes as there are.
    func bytes(at position: Int, _ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = pread(descriptor, &bytes, count, position)
        return read > 0 ? Array(bytes.prefix(read)) : []
    }

    private var status: stat {
        var status = stat()
        fstat(descriptor, &status)
        return status
    }
}
