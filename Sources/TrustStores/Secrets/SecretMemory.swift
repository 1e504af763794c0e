// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import DurableFiles

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
        guard let file = try OpenFile.existing(path) else { return nil }
        self.init(count: try file.byteCount(atMost: limit))
        try file.fill(bytes)
    }

    deinit { CRYPTO_secure_clear_free(bytes.baseAddress, max(bytes.count, 1), #fileID, #line) }
}
