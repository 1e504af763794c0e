// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// An odd modulus with what the kernels need of it: Montgomery constants beside its limbs.
///
/// - Invariant: odd, greater than 2, at most 8192 bits.
package final class Modulus: Sendable {
    package let value: BigInteger
    /// Limbs of every number modulo this one.
    package let limbCount: Int
    private let storage: LimbStorage

    package init(_ value: BigInteger, kernel: Kernel = .chosen) {
        precondition(value.isOdd && value > 2 && value.bitCount <= 8192, "not a modulus: \(value.bitCount) bits")
        self.value = value
        limbCount = value.limbs.count
        storage = LimbStorage(count: eo_modulus_size(limbCount))
        eo_modulus_init(storage.base, value.limbs, limbCount, kernel.code)
    }

    /// What computes modulo this number: the kernel that was asked for, or GMP where that one does not take it.
    package var kernel: Kernel { eo_modulus_kernel(pointer) == EO_KERNEL_IFMA ? .ifma : .gmp }

    /// The flat form that kernels read.
    package var pointer: UnsafePointer<UInt> { UnsafePointer(storage.base) }
}
