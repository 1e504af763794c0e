// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import CGroupKernels

/// Leaves of one width that somebody sent, before anything about them is known but their number. Valid while their bytes are.
struct UnsafeLeaves {
    private let base: UnsafePointer<UInt8>?
    private let width: Int
    private let header: [UInt8]

    init(_ bytes: UnsafeRawBufferPointer, width: Int) {
        base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        self.width = width
        header = ByteTreeTag.leaf.header(width)
    }

    private var stride: Int { header.count + width }

    /// The index of the first leaf with another tag or length.
    func firstOtherHeader(count: Int) -> Int? {
        guard let base, count > 0 else { return nil }
        let first = eo_first_other_header(base, header, header.count, stride, count)
        return first == count ? nil : first
    }

    /// The index of the first number that does not fit `limbCount` limbs.
    func firstTooLong(count: Int, limbCount: Int) -> Int? {
        guard let base else { return nil }
        let excess = width - limbCount * MemoryLayout<UInt>.stride
        guard excess > 0 else { return nil }
        return (0..<count).first { index in
            let number = base + index * stride + header.count
            return (0..<excess).contains { number[$0] != 0 }
        }
    }

    /// Writes all numbers as limbs.
    ///
    /// - Returns: the index of the first number that does not fit.
    func convert(into limbs: UnsafeMutablePointer<UInt>, count: Int, limbCount: Int) -> Int? {
        guard let base, count > 0 else { return nil }
        let read = eo_from_big_endian(limbs, limbCount, base + header.count, width, stride, count)
        return read == count ? nil : read
    }
}
