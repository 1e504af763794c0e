// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation

/// A file of mode 0600 that has its name only once all of it is on the disk, and never takes another file's place.
final class NewFile {
    private let path: String
    private let file: PendingFile
    private var byteCount = 0

    init(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { throw BackupError.exists(path: path) }
        self.path = path
        file = try PendingFile(path, mode: 0o600)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try file.write(bytes)
        byteCount += bytes.count
    }

    /// Gives the file its name, and says how long it is.
    func finish() throws -> Int {
        do throws(FileError) { try file.create() } catch {
            if error.reason == EEXIST { throw BackupError.exists(path: path) }
            throw error
        }
        return byteCount
    }
}
