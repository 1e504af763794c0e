// SPDX-License-Identifier: Apache-2.0

package import AgeFiles
package import Foundation
import TrustStores

/// Writes the members of a backup below a new folder that nobody else may enter.
package final class Unpacking {
    private let folder: URL
    /// Of the files so far.
    private var names: Set<String> = []

    /// More than any authority has.
    private static let memberLimit = 5_000_000

    package init(into folder: URL) { self.folder = folder }

    /// - Returns: the names of all members.
    package func run(_ path: String, passphrase: Passphrase) throws -> Set<String> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BackupError.file("read", path: path, errno: errno) }
        defer { close(descriptor) }
        let content = try AgeReader(passphrase) { buffer in
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw BackupError.file("read", path: path, errno: errno) }
                return count
            }
        }
        try TarReader { try content.read(into: $0) }.members { block, content in
            guard BackupLayout.accepts(block.name), names.count < Self.memberLimit,
                names.insert(block.name).inserted
            else { throw BackupError.malformed("a name") }
            let file = folder.appending(path: block.name)
            try DurableFile.makeFolder(file.deletingLastPathComponent(), isPublic: BackupLayout.isPublic(block.name))
            let mode: mode_t = BackupLayout.isPublic(block.name) ? 0o644 : 0o600
            if block.kind == .link {
                guard names.contains(block.target), block.target != block.name else {
                    throw BackupError.malformed("a link")
                }
                guard link(folder.appending(path: block.target).path, file.path) == 0 else {
                    throw BackupError.file("write", path: file.path, errno: errno)
                }
                if mode == 0o644 { chmod(file.path, mode) }
            } else {
                try write(content, to: file.path, mode: mode, modified: block.modified)
            }
        }
        return names
    }

    private func write(
        _ content: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void, to path: String, mode: mode_t,
        modified: Int
    ) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw BackupError.file("write", path: path, errno: errno) }
        defer { close(descriptor) }
        try content { bytes in
            var written = 0
            while written < bytes.count {
                let count = Foundation.write(
                    descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw BackupError.file("write", path: path, errno: errno) }
                written += count
            }
        }
        // When an entry of a board came is when its file was written.
        let time = timespec(tv_sec: modified, tv_nsec: 0)
        guard fchmod(descriptor, mode) == 0, futimens(descriptor, [time, time]) == 0 else {
            throw BackupError.file("write", path: path, errno: errno)
        }
    }
}

extension DurableFile {
    /// Makes a folder and those above it, which are their owner's alone but for what is published.
    fileprivate static func makeFolder(_ folder: URL, isPublic: Bool) throws {
        var information = stat()
        if stat(folder.path, &information) == 0 { return }
        try makeFolder(folder.deletingLastPathComponent(), isPublic: isPublic)
        try makeFolder(folder.path, mode: isPublic ? 0o755 : 0o700)
    }
}
