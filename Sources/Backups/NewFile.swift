// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrustStores

/// A file of mode 0600 that has its name only once all of it is on the disk, and never takes another file's place.
final class NewFile {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var byteCount = 0
    private var isFinished = false

    init(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { throw BackupError.exists(path: path) }
        let url = URL(filePath: path)
        let name = ".\(url.lastPathComponent).\(UInt32.random(in: 0 ... .max)).new"
        self.path = path
        temporary = url.deletingLastPathComponent().appending(path: name).path
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BackupError.file("create", path: path, errno: errno) }
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(temporary) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var written = 0
        while written < bytes.count {
            let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw BackupError.file("write", path: path, errno: errno) }
            written += count
        }
        byteCount += bytes.count
    }

    /// Gives the file its name, and says how long it is.
    func finish() throws -> Int {
        guard fsync(descriptor) == 0 else { throw BackupError.file("write", path: path, errno: errno) }
        // A hard link fails where something stands meanwhile; a rename would not.
        guard link(temporary, path) == 0 else {
            throw errno == EEXIST ? BackupError.exists(path: path) : .file("create", path: path, errno: errno)
        }
        unlink(temporary)
        isFinished = true
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return byteCount
    }
}
