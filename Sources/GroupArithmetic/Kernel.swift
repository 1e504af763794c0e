// SPDX-License-Identifier: Apache-2.0

import CGroupKernels
internal import Foundation

/// What does the arithmetic on arrays. Both give the same numbers.
public enum Kernel: String, Sendable, CaseIterable {
    /// The GNU library, one number at a time, on any processor.
    case gmp
    /// AVX-512 IFMA, eight numbers at a time.
    case ifma

    /// The fastest that this processor has, or the one that the environment variable EO_KERNEL names if it has that.
    public static let chosen: Kernel = {
        let forced = ProcessInfo.processInfo.environment["EO_KERNEL"].flatMap { Kernel(rawValue: $0) }
        let kernel = forced ?? .ifma
        return kernel.isAvailable ? kernel : .gmp
    }()

    public var isAvailable: Bool { eo_kernel_is_available(code) }

    var code: eo_kernel {
        switch self {
        case .gmp: EO_KERNEL_GMP
        case .ifma: EO_KERNEL_IFMA
        }
    }
}
