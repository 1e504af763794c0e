// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// One allocation of limbs, wiped when the last owner lets go of it.
///
/// - Invariant: written only by whoever allocated it, before anybody else can see it; read-only from then on. That is
///   why it may be `@unchecked Sendable`, the only type of the number wing that is.
package final class LimbStorage: @unchecked Sendable {
    package let base: UnsafeMutablePointer<UInt>
    package let count: Int

    /// `count` limbs, all zero.
    package init(count: Int) {
        self.count = count
        // One limb for an empty array, so that there is always a valid pointer; cache lines for vector kernels.
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<UInt>.stride, alignment: 64)
        base = bytes.initializeMemory(as: UInt.self, repeating: 0, count: max(count, 1))
    }

    package convenience init(_ limbs: [UInt]) {
        self.init(count: limbs.count)
        for (index, limb) in limbs.enumerated() { base[index] = limb }
    }

    deinit {
        eo_wipe(base, max(count, 1) * MemoryLayout<UInt>.stride)
        base.deallocate()
    }
}
