// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Bytes of a key: no printed form, wiped at the end.
///
/// Unchecked, because the memory is written only by whoever makes the value, before anybody else sees it.
final class WipedBytes: @unchecked Sendable {
    let memory: UnsafeMutableRawBufferPointer

    init(count: Int) {
        memory = .allocate(byteCount: count, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
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
    var count: Int { memory.count }

    /// For functions of C that take bytes.
    var start: UnsafeMutablePointer<UInt8>? { memory.baseAddress?.assumingMemoryBound(to: UInt8.self) }

    /// A copy, of what is no secret.
    var copy: [UInt8] { withExtendedLifetime(self) { Array(bytes) } }

    deinit {
        OPENSSL_cleanse(memory.baseAddress, memory.count)
        memory.deallocate()
    }
}
