// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// Many elements of one group in one allocation: the unit of work.
///
/// - Invariant: every element is a member of the group, checked where it came from.
/// - Note: 8 · ⌈bits of p / 64⌉ bytes an element; copies share them.
public struct ElementVector: Sendable {
    public let group: SafePrimeGroup
    public let count: Int
    private let storage: LimbStorage

    package init(storage: LimbStorage, count: Int, in group: SafePrimeGroup) {
        precondition(storage.count == count * group.elements.limbCount, "storage of another size")
        self.storage = storage
        self.count = count
        self.group = group
    }

    /// `count` elements that `fill` writes, by ranges on all cores. It gets the place of the range's first element.
    package init(
        count: Int, in group: SafePrimeGroup, minimumChunk: Int = 1,
        fill: @Sendable (UnsafeMutablePointer<UInt>, Range<Int>) -> Void
    ) {
        let storage = LimbStorage(count: count * group.elements.limbCount)
        inParallelChunks(of: count, minimum: minimumChunk) { range in
            fill(storage.base + range.lowerBound * group.elements.limbCount, range)
        }
        self.init(storage: storage, count: count, in: group)
    }

    /// - Precondition: all elements are of `group`.
    public init(_ elements: [GroupElement], in group: SafePrimeGroup) {
        let storage = LimbStorage(count: elements.count * group.elements.limbCount)
        for (index, element) in elements.enumerated() {
            precondition(element.group == group, "an element of another group")
            let place = storage.base + index * group.elements.limbCount
            for (offset, limb) in element.limbs.enumerated() { place[offset] = limb }
        }
        self.init(storage: storage, count: elements.count, in: group)
    }

    public subscript(index: Int) -> GroupElement {
        precondition(index >= 0 && index < count, "element \(index) of \(count)")
        let place = UnsafeBufferPointer(start: pointer(at: index), count: group.elements.limbCount)
        return GroupElement(limbs: Array(place), of: group)
    }

    /// Where element `index` begins; valid while the vector lives.
    package func pointer(at index: Int) -> UnsafePointer<UInt> {
        UnsafePointer(storage.base) + index * group.elements.limbCount
    }
}

extension ElementVector: Equatable {
    public static func == (left: ElementVector, right: ElementVector) -> Bool {
        left.group == right.group && left.count == right.count && left.firstDifference(from: right) == nil
    }

    /// The first index at which two vectors of one length differ.
    package func firstDifference(from other: ElementVector) -> Int? {
        let limbCount = group.elements.limbCount
        for index in 0..<count {
            let (here, there) = (pointer(at: index), other.pointer(at: index))
            for limb in 0..<limbCount where here[limb] != there[limb] { return index }
        }
        return nil
    }
}

// Order
extension ElementVector {
    /// The elements at `indices`, in that order.
    package func selecting(_ indices: [Int]) -> ElementVector {
        ElementVector(count: indices.count, in: group, minimumChunk: 4096) { out, range in
            let limbCount = group.elements.limbCount
            for (offset, index) in indices[range].enumerated() {
                (out + offset * limbCount).update(from: pointer(at: index), count: limbCount)
            }
        }
    }

    /// The elements one after another, `first` in front and the last one left out: B_{i-1} for every i.
    package func shifted(behind first: GroupElement) -> ElementVector {
        guard count > 0 else { return self }
        let storage = LimbStorage(count: count * group.elements.limbCount)
        for (offset, limb) in first.limbs.enumerated() { storage.base[offset] = limb }
        (storage.base + group.elements.limbCount).update(
            from: pointer(at: 0), count: (count - 1) * group.elements.limbCount)
        return ElementVector(storage: storage, count: count, in: group)
    }

    public func prefix(_ length: Int) -> ElementVector { length >= count ? self : selecting(Array(0..<length)) }

    /// Both vectors, this one first.
    package func appending(_ other: ElementVector) -> ElementVector {
        let limbCount = group.elements.limbCount
        let storage = LimbStorage(count: (count + other.count) * limbCount)
        storage.base.update(from: pointer(at: 0), count: count * limbCount)
        (storage.base + count * limbCount).update(from: other.pointer(at: 0), count: other.count * limbCount)
        return ElementVector(storage: storage, count: count + other.count, in: group)
    }
}

// Products
extension ElementVector {
    /// a_i · b_i.
    package static func * (left: ElementVector, right: ElementVector) -> ElementVector {
        precondition(left.count == right.count && left.group == right.group, "vectors that do not match")
        return ElementVector(count: left.count, in: left.group, minimumChunk: 64) { out, range in
            eo_multiply(
                left.group.elements.pointer, out, left.pointer(at: range.lowerBound),
                right.pointer(at: range.lowerBound), range.count)
        }
    }

    /// a_i^-1. Three multiplications each and one inversion a chunk.
    package var inverses: ElementVector {
        ElementVector(count: count, in: group, minimumChunk: 256) { out, range in
            eo_inverse_vartime(group.elements.pointer, out, pointer(at: range.lowerBound), range.count)
        }
    }

    /// The product of all elements.
    public var product: GroupElement {
        var product = [UInt](repeating: 0, count: group.elements.limbCount)
        eo_product(group.elements.pointer, &product, pointer(at: 0), count)
        return GroupElement(limbs: product, of: group)
    }
}
