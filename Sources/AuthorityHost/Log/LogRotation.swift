// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation

/// When a log begins a new file, and how many old ones stay: `PATH.1` is the youngest, `PATH.N` the oldest.
package struct LogRotation: Sendable, Equatable {
    /// A file that would grow beyond this many bytes is put away first; nil leaves that to another program.
    package let byteLimit: Int?
    /// How many files stay besides the one that is written.
    package let keptCount: Int

    /// More files than this nobody keeps, and no reader looks for.
    package static let largestCount = 100
    package static let none = LogRotation(byteLimit: nil, keptCount: 1)

    /// - Precondition: `keptCount` is from 1 to ``largestCount``.
    package init(byteLimit: Int?, keptCount: Int) {
        precondition((1...Self.largestCount).contains(keptCount), "\(keptCount) files cannot be kept")
        self.byteLimit = byteLimit
        self.keptCount = keptCount
    }

    /// The name of an old file; number 0 is the one that is written.
    static func name(_ path: String, number: Int) -> String { number == 0 ? path : "\(path).\(number)" }

    /// Puts an empty file in the place of the log, which becomes `PATH.1`.
    ///
    /// At every moment there is a file at `path`, and a reader who looks from the newest to the oldest misses none. What a crash
    /// leaves half done is finished by the next call, and nothing is dropped for it.
    ///
    /// - Throws: ``FileError``; the log then goes on where it is.
    func rotate(_ path: String) throws(FileError) {
        let new = "\(path).new"
        unlink(new)
        _ = try OpenFile(creating: new, mode: LogFile.mode)
        do throws(FileError) {
            let first = Self.name(path, number: 1)
            if FileIdentity(path: path) != FileIdentity(path: first) {
                try shift(path)
                // A file system without hard links leaves a moment without a file at the path, for which readers wait.
                guard link(path, first) == 0 || rename(path, first) == 0 else { throw FileError.now(.create, first) }
            }
            guard rename(new, path) == 0 else { throw FileError.now(.create, path) }
        } catch {
            unlink(new)
            throw error
        }
        dropOldest(path)
    }

    /// Makes `PATH.1` free: each file up to the first free number moves on by one, from the last to the first.
    private func shift(_ path: String) throws(FileError) {
        let free = (1..<keptCount).first { FileIdentity(path: Self.name(path, number: $0)) == nil } ?? keptCount
        if keptCount == 1 { unlink(Self.name(path, number: 1)) }
        for number in stride(from: free - 1, through: 1, by: -1) {
            let target = Self.name(path, number: number + 1)
            guard rename(Self.name(path, number: number), target) == 0 || errno == ENOENT else {
                throw FileError.now(.create, target)
            }
        }
    }

    /// Files of a time when more were kept.
    private func dropOldest(_ path: String) {
        guard keptCount < Self.largestCount else { return }
        for number in (keptCount + 1)...Self.largestCount { unlink(Self.name(path, number: number)) }
    }
}

/// What stays of a file when it is renamed.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64

    init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// Nil if there is no file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}
