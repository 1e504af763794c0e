// SPDX-License-Identifier: Apache-2.0

package import ByteTrees
import CGroupKernels

/// Numbers converted to bytes at a time: half a megabyte, so that a list never stands in memory twice.
private let writtenAtATime = 2048

extension NumberList {
    /// Appends all numbers as leaves of `width` bytes.
    package func write(to sink: inout some ByteTreeSink & ~Copyable, width: Int) {
        if let bytes = leafBytes(width: width) { return sink.append(bytes) }
        let stride = ByteTreeTag.headerByteCount + width
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(writtenAtATime, count) * stride, alignment: 1)
        defer { buffer.deallocate() }
        for start in Swift.stride(from: 0, to: count, by: writtenAtATime) {
            let length = min(writtenAtATime, count - start)
            let leaves = UnsafeMutableRawBufferPointer(rebasing: buffer[0..<length * stride])
            slice(start..<start + length).write(to: leaves, width: width)
            sink.append(UnsafeRawBufferPointer(leaves))
        }
    }

    /// Writes all numbers as leaves of `width` bytes, by chunks on all cores.
    ///
    /// - Precondition: `bytes` has the room of `count` leaves.
    package func write(to bytes: UnsafeMutableRawBufferPointer, width: Int) {
        let header = ByteTreeTag.leaf.header(width)
        let stride = header.count + width
        precondition(bytes.count == count * stride, "\(bytes.count) bytes for \(count) leaves of \(width)")
        guard let address = bytes.baseAddress else { return }
        // Threads write disjoint ranges of the caller's bytes.
        nonisolated(unsafe) let base = address.assumingMemoryBound(to: UInt8.self)
        inParallelChunks(of: count, minimum: 2048) { range in
            let place = base + range.lowerBound * stride
            for offset in 0..<range.count { (place + offset * stride).update(from: header, count: header.count) }
            withLimbs(range) { eo_to_big_endian(place + header.count, width, stride, $0, limbCount, range.count) }
        }
    }
}
