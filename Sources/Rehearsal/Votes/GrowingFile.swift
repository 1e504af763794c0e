// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import GroupArithmetic

/// A file that is written piece by piece and hashed on the way; it has its name only when it is whole and on the disk.
final class GrowingFile {
    private var file: PendingFile
    private var hash = IncrementalHash(.sha256)

    /// Only the owner can read it.
    init(path: String) throws(FileError) {
        file = try PendingFile(path, as: "\(path).new", mode: 0o600)
    }

    func append(_ bytes: [UInt8]) throws(FileError) {
        try bytes.withUnsafeBytes { bytes in
            hash.append(bytes)
            return Result { () throws(FileError) in try file.write(bytes) }
        }.get()
    }

    /// Gives the file its name, and its SHA-256 to the caller.
    func finish() throws(FileError) -> [UInt8] {
        try file.replace(folderSync: .ifPossible)
        return hash.digest()
    }
}
