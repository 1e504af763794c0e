// SPDX-License-Identifier: Apache-2.0

private import CCrypto
import CGroupKernels
private import Glibc

/// One allocation of limbs, wiped when the last owner lets go of it.
///
/// - Invariant: written only by whoever allocated it, before anybody else can see it; read-only from then on. That is
///   why it may be `@unchecked Sendable`, the only type of this module that is.
package final class LimbStorage: @unchecked Sendable {
    package let base: UnsafeMutablePointer<UInt>
    package let count: Int

    /// `count` limbs, all zero.
    package convenience init(count: Int) {
        self.init(uninitializedCount: count)
        base.initialize(repeating: 0, count: max(count, 1))
    }

    /// `count` limbs of which whoever asks for them writes every one.
    package init(uninitializedCount count: Int) {
        self.count = count
        // One limb for an empty array, so that there is always a valid pointer.
        let byteCount = max(count, 1) * MemoryLayout<UInt>.stride
        let isLarge = byteCount >= 8 * LimbStorage.hugePage
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: byteCount, alignment: isLarge ? LimbStorage.hugePage : LimbStorage.cacheLine)
        // Tables are read at random places: with small pages the processor would look up an address for every entry.
        if isLarge { madvise(bytes, byteCount, MADV_HUGEPAGE) }
        isSecure = false
        base = bytes.bindMemory(to: UInt.self, capacity: max(count, 1))
    }

    private static let hugePage = 2 << 20
    private static let cacheLine = 64

    package convenience init(_ limbs: [UInt]) {
        self.init(count: limbs.count)
        base.update(from: limbs, count: limbs.count)
    }

    /// `count` limbs of a secret, all zero: in libcrypto's secure heap where the process has made one, which is locked into memory
    /// and in no dump.
    ///
    /// libcrypto cannot work without room in that heap, so half of it is left: what does not fit stands in ordinary memory.
    init(secretCount count: Int) {
        self.count = count
        let byteCount = max(count, 1) * MemoryLayout<UInt>.stride
        var bytes: UnsafeMutableRawPointer?
        if CRYPTO_secure_malloc_initialized() == 1, CRYPTO_secure_used() + byteCount <= LimbStorage.secureByteCount {
            bytes = CRYPTO_secure_malloc(byteCount, #fileID, #line)
        }
        isSecure = bytes != nil
        let place = bytes ?? .allocate(byteCount: byteCount, alignment: LimbStorage.cacheLine)
        base = place.bindMemory(to: UInt.self, capacity: max(count, 1))
        base.initialize(repeating: 0, count: max(count, 1))
    }

    /// Whether it stands in libcrypto's secure heap.
    let isSecure: Bool
    /// Half of what ``ProcessSecrecy`` of the host makes.
    private static let secureByteCount = 1 << 20

    deinit {
        let byteCount = max(count, 1) * MemoryLayout<UInt>.stride
        if isSecure {
            CRYPTO_secure_clear_free(base, byteCount, #fileID, #line)
        } else {
            eo_wipe(base, byteCount)
            base.deallocate()
        }
    }
}
