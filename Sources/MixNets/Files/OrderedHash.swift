// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
private import Glibc
internal import GroupArithmetic

/// The SHA-256 of a file whose parts are not written in their order: what comes in its turn is hashed from memory, what comes before its
/// turn is read back when that comes, mostly from the system's cache.
struct OrderedHash: ~Copyable {
    private var hash = IncrementalHash(.sha256)
    /// Bytes from the file's beginning on that are hashed.
    private(set) var byteCount = 0
    /// Parts that were written before their turn, by where they begin; neighbours are joined.
    private var early: [Int: Int] = [:]

    /// Takes bytes that stand in the file from `offset` on, where nothing stood before.
    ///
    /// - Returns: the errno that reading back met.
    mutating func append(_ bytes: UnsafeRawBufferPointer, at offset: Int, of descriptor: Int32) -> Int32? {
        guard !bytes.isEmpty else { return nil }
        guard offset == byteCount else {
            remember(offset..<offset + bytes.count)
            return nil
        }
        hash.append(bytes)
        byteCount += bytes.count
        while let end = early.removeValue(forKey: byteCount) {
            if let failure = readBack(to: end, of: descriptor) { return failure }
        }
        return nil
    }

    mutating func digest() -> [UInt8] { hash.digest() }

    private mutating func remember(_ part: Range<Int>) {
        let before = early.first { $0.value == part.lowerBound }?.key ?? part.lowerBound
        early[before] = early.removeValue(forKey: part.upperBound) ?? part.upperBound
    }

    private mutating func readBack(to end: Int, of descriptor: Int32) -> Int32? {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: min(1 << 20, end - byteCount), alignment: 8)
        defer { piece.deallocate() }
        while byteCount < end {
            let count = pread(descriptor, piece.baseAddress, min(piece.count, end - byteCount), byteCount)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            hash.append(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            byteCount += count
        }
        return nil
    }
}
