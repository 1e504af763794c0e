// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Foundation

/// Bytes of a secret in libcrypto's secure heap where there is one (``ProcessSecrecy``): locked into memory, and wiped when the last
/// owner lets go.
///
/// Unchecked, because the memory is written only before the value is handed to anybody else.
final class SecretMemory: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    /// `count` zero bytes.
    init(count: Int) {
        let allocated = max(count, 1)
        guard let memory = CRYPTO_secure_zalloc(allocated, #fileID, #line) ?? CRYPTO_zalloc(allocated, #fileID, #line)
        else { preconditionFailure("no memory for a secret") }
        bytes = UnsafeMutableRawBufferPointer(start: memory, count: count)
    }

    /// The whole of a file, without a copy elsewhere; nil if there is none.
    ///
    /// - Parameter limit: more bytes than this are refused.
    convenience init?(file path: String, limit: Int) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw FileError.now(.read, path)
        }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw FileError(operation: .read, path: path, reason: EISDIR)
        }
        guard information.st_size <= limit else { throw FileError(operation: .read, path: path, reason: EFBIG) }
        self.init(count: Int(information.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = Foundation.read(descriptor, bytes.baseAddress! + filled, bytes.count - filled)
            if count < 0 && errno == EINTR { continue }
            // A file that became shorter meanwhile is as unusable as one that cannot be read.
            guard count > 0 else {
                throw FileError(operation: .read, path: path, reason: count == 0 ? EIO : errno)
            }
            filled += count
        }
    }

    deinit { CRYPTO_secure_clear_free(bytes.baseAddress, max(bytes.count, 1), #fileID, #line) }
}
