// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic
import TrustStores

/// A file that is written piece by piece and hashed on the way; it has its name only when it is whole and on the disk.
final class GrowingFile {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var hash: IncrementalHash
    private var isFinished = false

    /// Only the owner can read it.
    init(path: String) throws(FileError) {
        self.path = path
        temporaryPath = "\(path).new"
        unlink(temporaryPath)
        let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError.now(.create, path) }
        self.descriptor = descriptor
        hash = IncrementalHash(.sha256)
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(temporaryPath) }
    }

    func append(_ bytes: [UInt8]) throws(FileError) {
        bytes.withUnsafeBytes { hash.append($0) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                write(descriptor, all.baseAddress?.advanced(by: written), all.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError.now(.write, path) }
            written += count
        }
    }

    /// Gives the file its name, and its SHA-256 to the caller.
    func finish() throws(FileError) -> [UInt8] {
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else { throw FileError.now(.write, path) }
        isFinished = true
        return hash.digest()
    }
}
