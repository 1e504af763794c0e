// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file that appears under its name only when all of it is on the disk.
package enum DurableFile {
    /// Replaces or makes `path` with what `body` writes, readable by everybody.
    ///
    /// - Throws: whatever `body` throws, or ``ArchiveError`` if the disk fails; then `path` is as it was before.
    package static func replace(
        _ path: String, by body: (_ write: ByteSink) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        let temporary = path + ".part"
        unlink(temporary)
        do throws(ArchiveError) {
            let file = try FileDescriptor(creating: temporary, mode: 0o644)
            try body { (bytes) throws(ArchiveError) in try file.write(bytes) }
            try file.synchronize()
            if rename(temporary, path) != 0 { throw failure("rename", lastComponent(of: path)) }
        } catch {
            unlink(temporary)
            throw error
        }
        synchronizeFolder(of: path)
    }

    /// Replaces or makes `path` with these bytes, readable by everybody.
    package static func write(_ bytes: [UInt8], to path: String) throws(ArchiveError) {
        try replace(path) { (write) throws(ArchiveError) in try withBytes(of: bytes, write) }
    }

    /// Makes the new name durable; a file system that cannot do that for folders is not held against the file.
    private static func synchronizeFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }
}
