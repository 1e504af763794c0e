// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import CGroupKernels

/// Numbers of one width, one after another: limbs in memory, or leaves of a byte tree that stay in its file.
///
/// A list of a million numbers in a mapped file takes no memory of the process; whoever reads it converts a chunk at a time.
package struct NumberList: Sendable {
    private enum Place: Sendable {
        case limbs(LimbStorage)
        case leaves(LeafRun)
    }

    private let place: Place
    /// Index of this list's first number among those of its place.
    private let first: Int
    package let count: Int
    /// Limbs of a number, least significant first.
    package let limbCount: Int

    private init(_ place: Place, first: Int, count: Int, limbCount: Int) {
        self.place = place
        self.first = first
        self.count = count
        self.limbCount = limbCount
    }

    /// - Precondition: `storage` holds whole numbers.
    package init(_ storage: LimbStorage, limbCount: Int) {
        precondition(limbCount > 0 && storage.count % limbCount == 0, "storage of another size")
        self.init(.limbs(storage), first: 0, count: storage.count / limbCount, limbCount: limbCount)
    }

    /// `count` numbers of which `fill` writes every limb, by ranges on all cores. It gets the place of the range's first number.
    package init(
        count: Int, limbCount: Int, minimumChunk: Int,
        fill: @Sendable (UnsafeMutablePointer<UInt>, Range<Int>) -> Void
    ) {
        let storage = LimbStorage(uninitializedCount: count * limbCount)
        inParallelChunks(of: count, minimum: minimumChunk) { range in
            fill(storage.base + range.lowerBound * limbCount, range)
        }
        self.init(storage, limbCount: limbCount)
    }

    /// - Precondition: every leaf fits `limbCount` limbs.
    init(_ leaves: LeafRun, limbCount: Int) {
        self.init(.leaves(leaves), first: 0, count: leaves.count, limbCount: limbCount)
    }

    /// The numbers in `range`, where they are.
    package func slice(_ range: Range<Int>) -> NumberList {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "numbers \(range) of \(count)")
        return NumberList(place, first: first + range.lowerBound, count: range.count, limbCount: limbCount)
    }

    /// Hands out the limbs of the numbers in `range`; leaves are converted for the time of the call.
    package func withLimbs<Value>(_ range: Range<Int>, _ body: (UnsafePointer<UInt>) -> Value) -> Value {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "numbers \(range) of \(count)")
        switch place {
        case .limbs(let storage):
            return withExtendedLifetime(storage) {
                body(UnsafePointer(storage.base) + (first + range.lowerBound) * limbCount)
            }
        case .leaves(let leaves):
            let limbs = UnsafeMutablePointer<UInt>.allocate(capacity: max(1, range.count * limbCount))
            defer { limbs.deallocate() }
            leaves.read(first + range.lowerBound..<first + range.upperBound, into: limbs, limbCount: limbCount)
            return body(limbs)
        }
    }

    /// The same numbers as limbs in memory, for those who need them more than once.
    package var inMemory: NumberList {
        guard case .leaves = place else { return self }
        return NumberList(count: count, limbCount: limbCount, minimumChunk: 1024) { out, range in
            withLimbs(range) { out.update(from: $0, count: range.count * limbCount) }
        }
    }

    /// Writes the limbs of number `index` to `place`.
    package func copy(_ index: Int, to place: UnsafeMutablePointer<UInt>) {
        switch self.place {
        case .limbs(let storage): place.update(from: storage.base + (first + index) * limbCount, count: limbCount)
        case .leaves(let leaves):
            leaves.read(first + index..<first + index + 1, into: place, limbCount: limbCount)
        }
    }

    /// The numbers at `indices`, in that order.
    package func selecting(_ indices: some RandomAccessCollection<Int> & Sendable) -> NumberList {
        NumberList(count: indices.count, limbCount: limbCount, minimumChunk: 1024) { out, range in
            for (offset, position) in range.enumerated() {
                copy(indices[indices.index(indices.startIndex, offsetBy: position)], to: out + offset * limbCount)
            }
        }
    }

    /// The bytes of the leaves, headers included, if the numbers stay in a file as leaves of that width.
    func leafBytes(width: Int) -> UnsafeRawBufferPointer? {
        guard case .leaves(let leaves) = place, leaves.width == width else { return nil }
        return leaves.bytes(first..<first + count)
    }

    /// The first index at which two lists of one shape differ, by chunks on all cores.
    package func firstDifference(from other: NumberList) -> Int? {
        precondition(count == other.count && limbCount == other.limbCount, "lists of two shapes")
        return firstIndexInParallel(of: count, minimum: 1024) { range in
            withLimbs(range) { here in
                other.withLimbs(range) { there in
                    let limbs = (0..<range.count * limbCount).first { here[$0] != there[$0] }
                    return limbs.map { range.lowerBound + $0 / limbCount }
                }
            }
        }
    }
}
