// SPDX-License-Identifier: Apache-2.0

public import ByteTrees
import CGroupKernels

/// Why an array of numbers in a byte tree was refused.
public enum VectorError: Error, Equatable, Sendable {
    case byteTree(ByteTreeError)
    /// The leaf at that index has another tag or length than elements of the group have.
    case leaf(index: Int)
    /// The number at that index is not in 1..<p, or no quadratic residue.
    case notInGroup(index: Int)
    /// The number at that index is not below q.
    case notBelowOrder(index: Int)
}

extension VectorError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .byteTree(let error): error.description
        case .leaf(let index): "number \(index) has another length than the group's numbers have"
        case .notInGroup(let index): "number \(index) is not an element of the group"
        case .notBelowOrder(let index): "number \(index) is not below the group's order"
        }
    }
}

extension ElementVector {
    /// Reads ⟨[a_0], …, [a_{count-1}]⟩ and checks every number: exact length, range, membership. If somebody owns the bytes,
    /// the elements stay in them.
    ///
    /// - Complexity: that of ``firstNonMember``.
    public init(
        reading reader: inout ByteTreeReader, count: Int, in group: SafePrimeGroup
    ) throws(VectorError) {
        try self.init(ownList: &reader, count: count, in: group)
        if let index = firstNonMember { throw .notInGroup(index: index) }
    }

    /// Reads ⟨[a_0], …, [a_{count-1}]⟩ that this party computed itself, or has checked before: lengths are checked, membership
    /// is not.
    package init(
        ownList reader: inout ByteTreeReader, count: Int, in group: SafePrimeGroup
    ) throws(VectorError) {
        do throws(ByteTreeError) { try reader.node(of: count) } catch { throw .byteTree(error) }
        let numbers = try readLeaves(
            &reader, count: count, width: group.elementByteCount, limbCount: group.elements.limbCount,
            tooLong: { .notInGroup(index: $0) })
        self.init(numbers, in: group)
    }

    /// Takes numbers that somebody sent as elements of `group`, or names the first that is none.
    ///
    /// - Complexity: that of ``firstNonMember``.
    public init(checking numbers: [BigInteger], in group: SafePrimeGroup) throws(VectorError) {
        let limbCount = group.elements.limbCount
        let storage = LimbStorage(count: numbers.count * limbCount)
        for (index, number) in numbers.enumerated() {
            guard number < group.p else { throw .notInGroup(index: index) }
            for (offset, limb) in number.limbs.enumerated() { storage.base[index * limbCount + offset] = limb }
        }
        self.init(NumberList(storage, limbCount: limbCount), in: group)
        if let index = firstNonMember { throw .notInGroup(index: index) }
    }

    /// Writes ⟨[a_0], …, [a_{count-1}]⟩.
    public func write(to sink: inout some ByteTreeSink & ~Copyable) {
        sink.appendNodeHeader(count)
        numbers.write(to: &sink, width: group.elementByteCount)
    }
}

extension ExponentVector {
    /// Reads ⟨[x_0], …, [x_{count-1}]⟩ of exponents below q. If somebody owns the bytes, they stay in them.
    public init(
        reading reader: inout ByteTreeReader, count: Int, in group: SafePrimeGroup
    ) throws(VectorError) {
        do throws(ByteTreeError) { try reader.node(of: count) } catch { throw .byteTree(error) }
        let limbCount = group.exponents.limbCount
        let numbers = try readLeaves(
            &reader, count: count, width: group.exponentByteCount, limbCount: limbCount,
            tooLong: { .notBelowOrder(index: $0) })
        let wrong = firstIndexInParallel(of: count, minimum: 1024) { range in
            let first = numbers.withLimbs(range) { eo_first_not_reduced(group.exponents.pointer, $0, range.count) }
            return first == range.count ? nil : range.lowerBound + first
        }
        if let wrong { throw .notBelowOrder(index: wrong) }
        self.init(
            numbers, bitCount: limbCount == (group.q.bitCount + 63) / 64 ? group.q.bitCount : limbCount * 64, in: group)
    }

    /// Writes ⟨[x_0], …, [x_{count-1}]⟩, each in κ_q bytes however short it is.
    public func write(to sink: inout some ByteTreeSink & ~Copyable) {
        sink.appendNodeHeader(count)
        numbers.write(to: &sink, width: group.exponentByteCount)
    }

    /// The same exponents known to be below 2^bits, in memory, or `nil` if one is not.
    package func narrowed(to bits: Int) -> ExponentVector? {
        let (narrow, wide) = ((bits + 63) / 64, limbCount)
        guard narrow <= wide else { return self }
        let tooLong = firstIndexInParallel(of: count, minimum: 1024) { range in
            numbers.withLimbs(range) { limbs in
                range.first { index in
                    let number = limbs + (index - range.lowerBound) * wide
                    let top = bits % 64 == 0 ? 0 : number[narrow - 1] >> UInt(bits % 64)
                    return (narrow..<wide).reduce(top) { $0 | number[$1] } != 0
                }
            }
        }
        guard tooLong == nil else { return nil }
        return ExponentVector(count: count, bitCount: bits, in: group, minimumChunk: 4096) { out, range in
            numbers.withLimbs(range) { limbs in
                for offset in 0..<range.count {
                    (out + offset * narrow).update(from: limbs + offset * wide, count: narrow)
                }
            }
        }
    }
}

/// The next `count` leaves as numbers that fit their limbs.
private func readLeaves(
    _ reader: inout ByteTreeReader, count: Int, width: Int, limbCount: Int, tooLong: (Int) -> VectorError
) throws(VectorError) -> NumberList {
    let start = reader.offset
    let bytes: UnsafeRawBufferPointer
    do throws(ByteTreeError) { bytes = try reader.leaves(count, width: width) } catch { throw .byteTree(error) }
    let leaves = UnsafeLeaves(bytes, width: width)
    if let first = leaves.firstOtherHeader(count: count) { throw .leaf(index: first) }
    if let owner = reader.owner {
        if let first = leaves.firstTooLong(count: count, limbCount: limbCount) { throw tooLong(first) }
        return NumberList(LeafRun(owner, offset: start, width: width, count: count), limbCount: limbCount)
    }
    let storage = LimbStorage(count: count * limbCount)
    if let first = leaves.convert(into: storage.base, count: count, limbCount: limbCount) { throw tooLong(first) }
    return NumberList(storage, limbCount: limbCount)
}
