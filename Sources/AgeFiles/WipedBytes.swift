// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Bytes of a key, or of what is secret in a file: no printed form, wiped at the end, and in libcrypto's secure heap where the process has
/// made one.
///
/// Unchecked, because the memory is written only by whoever made the value: of keys before anybody else sees them, of the buffers of
/// readers and writers, which are filled again and again, while nobody else holds them.
package final class WipedBytes: @unchecked Sendable {
    package let memory: UnsafeMutableRawBufferPointer

    /// Zeros.
    package init(count: Int) {
        let allocated = max(count, 1)
        guard let start = CRYPTO_secure_zalloc(allocated, #fileID, #line) ?? CRYPTO_zalloc(allocated, #fileID, #line)
        else { preconditionFailure("no memory for a secret") }
        memory = UnsafeMutableRawBufferPointer(start: start, count: count)
    }

    convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count)
        memory.copyMemory(from: bytes)
    }

    convenience init(copying bytes: [UInt8]) {
        self.init(count: bytes.count)
        memory.copyBytes(from: bytes)
    }

    /// Fresh random ones.
    static func random(_ count: Int) throws(AgeError) -> WipedBytes {
        let bytes = WipedBytes(count: count)
        guard RAND_priv_bytes(bytes.start, Int32(count)) == 1 else { throw .libraryFailure("draw random bytes") }
        return bytes
    }

    /// Valid as long as somebody holds this object: of a temporary one it would show memory that is wiped already.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }
    package var count: Int { memory.count }

    /// For functions of C that take bytes.
    var start: UnsafeMutablePointer<UInt8>? { memory.baseAddress?.assumingMemoryBound(to: UInt8.self) }

    /// A copy, of what is no secret.
    var copy: [UInt8] { withExtendedLifetime(self) { Array(bytes) } }

    deinit { CRYPTO_secure_clear_free(memory.baseAddress, max(memory.count, 1), #fileID, #line) }
}
