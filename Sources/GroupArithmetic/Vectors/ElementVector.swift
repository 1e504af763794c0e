// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// Many elements of one group: the unit of work. They stand in memory, or stay in the mapped file that they were read from.
///
/// - Invariant: every element is a member of the group, checked where it came from.
/// - Note: 8 · ⌈bits of p / 64⌉ bytes an element in memory; copies and slices share them.
public struct ElementVector: Sendable {
    public let group: SafePrimeGroup
    package let numbers: NumberList

    package init(_ numbers: NumberList, in group: SafePrimeGroup) {
        precondition(numbers.limbCount == group.elements.limbCount, "numbers of another width")
        self.numbers = numbers
        self.group = group
    }

    /// `count` elements that `fill` writes, by ranges on all cores. It gets the place of the range's first element.
    package init(
        count: Int, in group: SafePrimeGroup, minimumChunk: Int = 8,
        fill: @Sendable (UnsafeMutablePointer<UInt>, Range<Int>) -> Void
    ) {
        self.init(
            NumberList(count: count, limbCount: group.elements.limbCount, minimumChunk: minimumChunk, fill: fill),
            in: group)
    }

    /// - Precondition: all elements are of `group`.
    public init(_ elements: [GroupElement], in group: SafePrimeGroup) {
        let limbCount = group.elements.limbCount
        let storage = LimbStorage(count: elements.count * limbCount)
        for (index, element) in elements.enumerated() {
            precondition(element.group == group, "an element of another group")
            let place = storage.base + index * limbCount
            for (offset, limb) in element.limbs.enumerated() { place[offset] = limb }
        }
        self.init(NumberList(storage, limbCount: limbCount), in: group)
    }

    public var count: Int { numbers.count }

    public subscript(index: Int) -> GroupElement {
        precondition(index >= 0 && index < count, "element \(index) of \(count)")
        var limbs = [UInt](repeating: 0, count: numbers.limbCount)
        numbers.copy(index, to: &limbs)
        return GroupElement(limbs: limbs, of: group)
    }
}

extension ElementVector: Equatable {
    public static func == (left: ElementVector, right: ElementVector) -> Bool {
        left.group == right.group && left.count == right.count && left.firstDifference(from: right) == nil
    }

    /// The first index at which two vectors of one length differ.
    package func firstDifference(from other: ElementVector) -> Int? {
        numbers.firstDifference(from: other.numbers)
    }
}

// Order
extension ElementVector {
    /// The elements at `indices`, in that order.
    package func selecting(_ indices: some RandomAccessCollection<Int> & Sendable) -> ElementVector {
        ElementVector(numbers.selecting(indices), in: group)
    }

    /// The elements in `range`, where they are.
    public func slice(_ range: Range<Int>) -> ElementVector { ElementVector(numbers.slice(range), in: group) }

    public func prefix(_ length: Int) -> ElementVector { slice(0..<min(length, count)) }

    /// The elements one after another, `first` in front and the last one left out: B_{i-1} for every i.
    package func shifted(behind first: GroupElement) -> ElementVector {
        guard count > 0 else { return self }
        return ElementVector([first], in: group).appending(prefix(count - 1))
    }

    /// Both vectors, this one first.
    package func appending(_ other: ElementVector) -> ElementVector {
        let limbCount = numbers.limbCount
        let storage = LimbStorage(count: (count + other.count) * limbCount)
        numbers.withLimbs(0..<count) { storage.base.update(from: $0, count: count * limbCount) }
        other.numbers.withLimbs(0..<other.count) {
            (storage.base + count * limbCount).update(from: $0, count: other.count * limbCount)
        }
        return ElementVector(NumberList(storage, limbCount: limbCount), in: group)
    }
}

// Products
extension ElementVector {
    /// a_i · b_i.
    package static func * (left: ElementVector, right: ElementVector) -> ElementVector {
        precondition(left.count == right.count && left.group == right.group, "vectors that do not match")
        left.group.count(.multiplication, left.count)
        return ElementVector(count: left.count, in: left.group, minimumChunk: 64) { out, range in
            left.numbers.withLimbs(range) { a in
                right.numbers.withLimbs(range) { b in
                    eo_multiply(left.group.elements.pointer, out, a, b, range.count)
                }
            }
        }
    }

    /// a_i^-1. Three multiplications each and one inversion a chunk.
    package var inverses: ElementVector {
        group.count(.multiplication, 3 * count)
        return ElementVector(count: count, in: group, minimumChunk: 256) { out, range in
            numbers.withLimbs(range) { eo_inverse_vartime(group.elements.pointer, out, $0, range.count) }
        }
    }

    /// The product of all elements, by chunks on all cores.
    public var product: GroupElement {
        group.count(.multiplication, count)
        let limbCount = numbers.limbCount
        let parts = (count + productChunk - 1) / productChunk
        let partial = NumberList(count: parts, limbCount: limbCount, minimumChunk: 1) { out, range in
            for (offset, part) in range.enumerated() {
                let chunk = part * productChunk..<min(count, (part + 1) * productChunk)
                numbers.withLimbs(chunk) {
                    eo_product(group.elements.pointer, out + offset * limbCount, $0, chunk.count)
                }
            }
        }
        var product = [UInt](repeating: 0, count: limbCount)
        partial.withLimbs(0..<parts) { eo_product(group.elements.pointer, &product, $0, parts) }
        return GroupElement(limbs: product, of: group)
    }
}

/// Elements that one thread multiplies together at a time.
private let productChunk = 4096
