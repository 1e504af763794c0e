// SPDX-License-Identifier: Apache-2.0

package import ByteTrees
import CGroupKernels

/// Leaves of one width that follow each other in a byte tree: where a list of numbers stands in a file.
///
/// It is a view of bytes that its owner keeps; numbers are big-endian and were checked to fit when it was made.
package struct LeafRun: Sendable {
    private let owner: SharedBytes
    /// Bytes from the owner's start to the first leaf's header.
    private let offset: Int
    /// Bytes of a number.
    let width: Int
    let count: Int

    private var stride: Int { width + ByteTreeTag.headerByteCount }

    /// - Precondition: `count` leaves of `width` bytes stand there, and their headers were checked.
    package init(_ owner: SharedBytes, offset: Int, width: Int, count: Int) {
        precondition(
            offset >= 0 && offset + count * (width + ByteTreeTag.headerByteCount) <= owner.count,
            "leaves beyond the end of their file")
        self.owner = owner
        self.offset = offset
        self.width = width
        self.count = count
    }

    /// Converts numbers to limbs. A number that no longer fits, as its file was damaged meanwhile, and those behind it become
    /// 0: what is computed from them does not verify.
    func read(_ range: Range<Int>, into limbs: UnsafeMutablePointer<UInt>, limbCount: Int) {
        guard let base = owner.bytes.baseAddress, !range.isEmpty else { return }
        let first = base + offset + range.lowerBound * stride + ByteTreeTag.headerByteCount
        let read = eo_from_big_endian(
            limbs, limbCount, first.assumingMemoryBound(to: UInt8.self), width, stride, range.count)
        (limbs + read * limbCount).update(repeating: 0, count: (range.count - read) * limbCount)
    }

    /// The leaves in `range`, headers included.
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        let start = offset + range.lowerBound * stride
        return UnsafeRawBufferPointer(rebasing: owner.bytes[start..<start + range.count * stride])
    }
}
