// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Glibc

/// A file that appears under its name only when all of it is on the disk, readable by everybody.
package enum ArchiveFile {
    /// Replaces or makes `path` with what `body` writes.
    ///
    /// - Throws: whatever `body` throws, or ``ArchiveError`` if the disk fails; then `path` is as it was before.
    package static func replace(
        _ path: String, by body: (_ write: ByteSink) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        var file = try ArchiveError.catching(PendingFile(path, as: path + ".part", mode: 0o644))
        try body { (bytes) throws(ArchiveError) in try ArchiveError.catching(file.write(bytes)) }
        try ArchiveError.catching(file.replace(folderSync: .ifPossible))
    }

    /// Opens a file to read, which may not be a link.
    static func open(_ path: String) throws(FileError) -> OpenFile {
        try OpenFile(path, to: .read, O_RDONLY | O_NOFOLLOW)
    }

    /// Replaces or makes `path` with these bytes.
    package static func write(_ bytes: [UInt8], to path: String) throws(ArchiveError) {
        try replace(path) { (write) throws(ArchiveError) in try withBytes(of: bytes, write) }
    }
}
