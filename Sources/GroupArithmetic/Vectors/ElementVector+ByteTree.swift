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

/// Items converted between limbs and bytes at a time: a megabyte, so that a list never stands in memory twice.
private let chunkCount = 2048

extension ElementVector {
    /// Reads ⟨[a_0], …, [a_{count-1}]⟩ and checks every number: exact length, range, Jacobi symbol.
    ///
    /// - Complexity: one Jacobi symbol each, on all cores.
    public init(
        reading reader: inout ByteTreeReader, count: Int, in group: SafePrimeGroup
    ) throws(VectorError) {
        let storage: LimbStorage
        do throws(ByteTreeError) { try reader.node(of: count) } catch { throw .byteTree(error) }
        storage = try readLeaves(
            &reader, count: count, width: group.elementByteCount, limbCount: group.elements.limbCount,
            tooLong: { .notInGroup(index: $0) })
        self.init(storage: storage, count: count, in: group)
        if let index = firstNonMember { throw .notInGroup(index: index) }
    }

    /// The index of the first number that is no member of the group.
    private var firstNonMember: Int? {
        firstIndexInParallel(of: count, minimum: 32) { [self] range in
            let first = eo_first_nonresidue_vartime(
                group.elements.pointer, pointer(at: range.lowerBound), range.count)
            return first == range.count ? nil : range.lowerBound + first
        }
    }

    /// Takes numbers that somebody sent as elements of `group`, or names the first that is none.
    ///
    /// - Complexity: one Jacobi symbol each, on all cores.
    public init(checking numbers: [BigInteger], in group: SafePrimeGroup) throws(VectorError) {
        let limbCount = group.elements.limbCount
        let storage = LimbStorage(count: numbers.count * limbCount)
        for (index, number) in numbers.enumerated() {
            guard number < group.p else { throw .notInGroup(index: index) }
            for (offset, limb) in number.limbs.enumerated() { storage.base[index * limbCount + offset] = limb }
        }
        self.init(storage: storage, count: numbers.count, in: group)
        if let index = firstNonMember { throw .notInGroup(index: index) }
    }

    /// Writes ⟨[a_0], …, [a_{count-1}]⟩.
    public func write(to sink: inout some ByteTreeSink & ~Copyable) {
        sink.appendNodeHeader(count)
        writeLeaves(
            to: &sink, count: count, width: group.elementByteCount, limbCount: group.elements.limbCount,
            from: pointer(at: 0))
    }
}

extension ExponentVector {
    /// Reads ⟨[x_0], …, [x_{count-1}]⟩ of exponents below q.
    public init(
        reading reader: inout ByteTreeReader, count: Int, in group: SafePrimeGroup
    ) throws(VectorError) {
        do throws(ByteTreeError) { try reader.node(of: count) } catch { throw .byteTree(error) }
        let limbCount = group.exponents.limbCount
        let storage = try readLeaves(
            &reader, count: count, width: group.exponentByteCount, limbCount: limbCount,
            tooLong: { .notBelowOrder(index: $0) })
        let q = group.q.limbs(count: limbCount)
        for index in 0..<count {
            let number = UnsafeBufferPointer(start: storage.base + index * limbCount, count: limbCount)
            guard number.reversed().lexicographicallyPrecedes(q.reversed()) else {
                throw .notBelowOrder(index: index)
            }
        }
        self.init(
            storage: storage, count: count,
            bitCount: limbCount == (group.q.bitCount + 63) / 64 ? group.q.bitCount : limbCount * 64, in: group)
    }

    /// Writes ⟨[x_0], …, [x_{count-1}]⟩, each in κ_q bytes however short it is.
    public func write(to sink: inout some ByteTreeSink & ~Copyable) {
        sink.appendNodeHeader(count)
        writeLeaves(
            to: &sink, count: count, width: group.exponentByteCount, limbCount: limbCount, from: pointer(at: 0))
    }

    /// The same exponents known to be below 2^bits, or `nil` if one is not.
    package func narrowed(to bits: Int) -> ExponentVector? {
        let narrow = (bits + 63) / 64
        guard narrow <= limbCount else { return self }
        for index in 0..<count {
            let number = BigInteger(limbs: UnsafeBufferPointer(start: pointer(at: index), count: limbCount))
            guard number.bitCount <= bits else { return nil }
        }
        return ExponentVector(count: count, bitCount: bits, in: group, minimumChunk: 4096) { out, range in
            for (offset, index) in range.enumerated() {
                (out + offset * narrow).update(from: pointer(at: index), count: narrow)
            }
        }
    }
}

private func readLeaves(
    _ reader: inout ByteTreeReader, count: Int, width: Int, limbCount: Int, tooLong: (Int) -> VectorError
) throws(VectorError) -> LimbStorage {
    let bytes: UnsafeRawBufferPointer
    do throws(ByteTreeError) { bytes = try reader.leaves(count, width: width) } catch { throw .byteTree(error) }
    let storage = LimbStorage(count: count * limbCount)
    guard count > 0, let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return storage }
    let header = ByteTreeTag.leaf.header(width)
    let stride = header.count + width
    let first = eo_first_other_header(base, header, header.count, stride, count)
    guard first == count else { throw .leaf(index: first) }
    let read = eo_from_big_endian(storage.base, limbCount, base + header.count, width, stride, count)
    guard read == count else { throw tooLong(read) }
    return storage
}

private func writeLeaves(
    to sink: inout some ByteTreeSink & ~Copyable, count: Int, width: Int, limbCount: Int,
    from limbs: UnsafePointer<UInt>
) {
    let header = ByteTreeTag.leaf.header(width)
    let stride = header.count + width
    var bytes = [UInt8](repeating: 0, count: min(chunkCount, count) * stride)
    for index in 0..<min(chunkCount, count) {
        bytes.replaceSubrange(index * stride..<index * stride + header.count, with: header)
    }
    for start in Swift.stride(from: 0, to: count, by: chunkCount) {
        let length = min(chunkCount, count - start)
        bytes.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            eo_to_big_endian(base + header.count, width, stride, limbs + start * limbCount, limbCount, length)
            sink.append(UnsafeRawBufferPointer(start: base, count: length * stride))
        }
    }
}
