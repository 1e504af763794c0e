// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// Many exponents in one allocation, which is wiped at its end: secret or public.
///
/// Exponents that are known to be short (batching numbers, blinding numbers) take only the limbs that they need.
///
/// - Invariant: 0 <= e_i < 2^bitCount, and e_i < q.
public struct ExponentVector: Sendable {
    public let group: SafePrimeGroup
    public let count: Int
    /// Bits of the longest exponent that may occur.
    public let bitCount: Int
    private let storage: LimbStorage

    package init(storage: LimbStorage, count: Int, bitCount: Int, in group: SafePrimeGroup) {
        precondition(storage.count == count * ExponentVector.limbCount(bitCount), "storage of another size")
        self.storage = storage
        self.count = count
        self.bitCount = bitCount
        self.group = group
    }

    /// `count` exponents of `bitCount` bits that `fill` writes, by ranges on all cores.
    package init(
        count: Int, bitCount: Int, in group: SafePrimeGroup, minimumChunk: Int = 1,
        fill: @Sendable (UnsafeMutablePointer<UInt>, Range<Int>) -> Void
    ) {
        let limbCount = ExponentVector.limbCount(bitCount)
        let storage = LimbStorage(count: count * limbCount)
        inParallelChunks(of: count, minimum: minimumChunk) { range in
            fill(storage.base + range.lowerBound * limbCount, range)
        }
        self.init(storage: storage, count: count, bitCount: bitCount, in: group)
    }

    package init(_ exponents: [Exponent], in group: SafePrimeGroup) {
        self.init(exponents.map(\.value), bitCount: group.q.bitCount, in: group)
    }

    /// - Precondition: every value is below 2^bitCount and below q.
    package init(_ values: [BigInteger], bitCount: Int, in group: SafePrimeGroup) {
        let limbCount = ExponentVector.limbCount(bitCount)
        let storage = LimbStorage(count: values.count * limbCount)
        for (index, value) in values.enumerated() {
            precondition(value.bitCount <= bitCount && value < group.q, "an exponent out of range")
            for (offset, limb) in value.limbs.enumerated() { storage.base[index * limbCount + offset] = limb }
        }
        self.init(storage: storage, count: values.count, bitCount: bitCount, in: group)
    }

    /// Takes any numbers below 2^bitCount; in a group whose order is no longer than that, modulo the order.
    package init(reducing values: [BigInteger], bitCount: Int, in group: SafePrimeGroup) {
        if bitCount < group.q.bitCount {
            self.init(values, bitCount: bitCount, in: group)
        } else {
            self.init(values.map { $0 % group.q }, bitCount: group.q.bitCount, in: group)
        }
    }

    package var limbCount: Int { ExponentVector.limbCount(bitCount) }
    private static func limbCount(_ bitCount: Int) -> Int { (bitCount + 63) / 64 }

    package func pointer(at index: Int) -> UnsafePointer<UInt> { UnsafePointer(storage.base) + index * limbCount }

    public subscript(index: Int) -> Exponent {
        precondition(index >= 0 && index < count, "exponent \(index) of \(count)")
        return Exponent(limbs: Array(UnsafeBufferPointer(start: pointer(at: index), count: limbCount)), in: group)
    }

    /// The exponents at `indices`, in that order.
    package func selecting(_ indices: [Int]) -> ExponentVector {
        ExponentVector(count: indices.count, bitCount: bitCount, in: group, minimumChunk: 4096) { out, range in
            for (offset, index) in indices[range].enumerated() {
                (out + offset * limbCount).update(from: pointer(at: index), count: limbCount)
            }
        }
    }

    /// The same exponents in as many limbs as q has.
    package var widened: ExponentVector {
        let full = group.exponents.limbCount
        guard limbCount != full else { return self }
        return ExponentVector(count: count, bitCount: group.q.bitCount, in: group, minimumChunk: 4096) { out, range in
            for (offset, index) in range.enumerated() {
                (out + offset * full).update(from: pointer(at: index), count: limbCount)
            }
        }
    }
}

// Arithmetic modulo q
extension ExponentVector {
    /// factor · a_i + b_i mod q.
    package func multiplied(by factor: Exponent, adding other: ExponentVector) -> ExponentVector {
        let (left, right) = (widened, other.widened)
        precondition(left.count == right.count, "vectors that do not match")
        return ExponentVector(count: count, bitCount: group.q.bitCount, in: group, minimumChunk: 1024) { out, range in
            let q = group.exponents.pointer
            eo_scale(q, out, left.pointer(at: range.lowerBound), factor.limbs, range.count)
            eo_add(q, out, out, right.pointer(at: range.lowerBound), range.count)
        }
    }

    /// a_i · b_i mod q.
    package static func * (left: ExponentVector, right: ExponentVector) -> ExponentVector {
        let (left, right) = (left.widened, right.widened)
        precondition(left.count == right.count, "vectors that do not match")
        return ExponentVector(
            count: left.count, bitCount: left.group.q.bitCount, in: left.group, minimumChunk: 1024
        ) { out, range in
            eo_multiply(
                left.group.exponents.pointer, out, left.pointer(at: range.lowerBound),
                right.pointer(at: range.lowerBound), range.count)
        }
    }

    /// a_i + b_i mod q.
    package static func + (left: ExponentVector, right: ExponentVector) -> ExponentVector {
        let (left, right) = (left.widened, right.widened)
        precondition(left.count == right.count, "vectors that do not match")
        return ExponentVector(
            count: left.count, bitCount: left.group.q.bitCount, in: left.group, minimumChunk: 4096
        ) { out, range in
            eo_add(
                left.group.exponents.pointer, out, left.pointer(at: range.lowerBound),
                right.pointer(at: range.lowerBound), range.count)
        }
    }

    /// Σ a_i mod q.
    package var sum: Exponent {
        let terms = widened
        var sum = [UInt](repeating: 0, count: group.exponents.limbCount)
        eo_sum(group.exponents.pointer, &sum, terms.pointer(at: 0), count)
        return Exponent(limbs: sum, in: group)
    }

    /// Π a_i mod q.
    package var product: Exponent {
        let factors = widened
        var product = [UInt](repeating: 0, count: group.exponents.limbCount)
        eo_product(group.exponents.pointer, &product, factors.pointer(at: 0), count)
        return Exponent(limbs: product, in: group)
    }

    /// Σ a_i b_i mod q.
    package func innerProduct(with other: ExponentVector) -> Exponent { (self * other).sum }
}
