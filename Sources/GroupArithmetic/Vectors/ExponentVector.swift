// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// Many exponents, secret or public: in memory, which is wiped at its end, or in the mapped file that they were read from.
///
/// Exponents that are known to be short (batching numbers, blinding numbers) take only the limbs that they need.
///
/// - Invariant: 0 <= e_i < 2^bitCount, and e_i < q.
public struct ExponentVector: Sendable {
    public let group: SafePrimeGroup
    /// Bits of the longest exponent that may occur.
    public let bitCount: Int
    package let numbers: NumberList

    package init(_ numbers: NumberList, bitCount: Int, in group: SafePrimeGroup) {
        precondition(numbers.limbCount == ExponentVector.limbCount(bitCount), "numbers of another width")
        self.numbers = numbers
        self.bitCount = bitCount
        self.group = group
    }

    package init(storage: LimbStorage, bitCount: Int, in group: SafePrimeGroup) {
        self.init(
            NumberList(storage, limbCount: ExponentVector.limbCount(bitCount)), bitCount: bitCount, in: group)
    }

    /// `count` exponents of `bitCount` bits that `fill` writes, by ranges on all cores.
    package init(
        count: Int, bitCount: Int, in group: SafePrimeGroup, minimumChunk: Int = 1,
        fill: @Sendable (UnsafeMutablePointer<UInt>, Range<Int>) -> Void
    ) {
        let limbCount = ExponentVector.limbCount(bitCount)
        self.init(
            NumberList(count: count, limbCount: limbCount, minimumChunk: minimumChunk, fill: fill), bitCount: bitCount,
            in: group)
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
        self.init(storage: storage, bitCount: bitCount, in: group)
    }

    /// Takes any numbers below 2^bitCount; in a group whose order is no longer than that, modulo the order.
    package init(reducing values: [BigInteger], bitCount: Int, in group: SafePrimeGroup) {
        if bitCount < group.q.bitCount {
            self.init(values, bitCount: bitCount, in: group)
        } else {
            self.init(values.map { $0 % group.q }, bitCount: group.q.bitCount, in: group)
        }
    }

    /// `count` times the same exponent.
    package init(repeating exponent: Exponent, count: Int) {
        let (limbs, limbCount) = (exponent.limbs, exponent.group.exponents.limbCount)
        self.init(count: count, bitCount: exponent.group.q.bitCount, in: exponent.group, minimumChunk: 4096) {
            out, range in
            for offset in 0..<range.count { (out + offset * limbCount).update(from: limbs, count: limbCount) }
        }
    }

    public var count: Int { numbers.count }
    package var limbCount: Int { numbers.limbCount }
    private static func limbCount(_ bitCount: Int) -> Int { (bitCount + 63) / 64 }

    public subscript(index: Int) -> Exponent {
        precondition(index >= 0 && index < count, "exponent \(index) of \(count)")
        var limbs = [UInt](repeating: 0, count: limbCount)
        numbers.copy(index, to: &limbs)
        return Exponent(limbs: limbs, in: group)
    }

    /// The exponents at `indices`, in that order.
    package func selecting(_ indices: some RandomAccessCollection<Int> & Sendable) -> ExponentVector {
        ExponentVector(numbers.selecting(indices), bitCount: bitCount, in: group)
    }

    /// The exponents in `range`, where they are.
    package func slice(_ range: Range<Int>) -> ExponentVector {
        ExponentVector(numbers.slice(range), bitCount: bitCount, in: group)
    }

    /// The same exponents in as many limbs as q has.
    package var widened: ExponentVector {
        let (full, narrow) = (group.exponents.limbCount, limbCount)
        guard narrow != full else { return self }
        return ExponentVector(count: count, bitCount: group.q.bitCount, in: group, minimumChunk: 4096) { out, range in
            numbers.withLimbs(range) { limbs in
                for offset in 0..<range.count {
                    (out + offset * full).update(from: limbs + offset * narrow, count: narrow)
                    (out + offset * full + narrow).update(repeating: 0, count: full - narrow)
                }
            }
        }
    }
}

// Arithmetic modulo q
extension ExponentVector {
    /// factor · a_i + b_i mod q.
    package func multiplied(by factor: Exponent, adding other: ExponentVector) -> ExponentVector {
        let factor = factor.limbs
        return combined(with: other) { q, out, a, b, count in
            eo_scale(q, out, a, factor, count)
            eo_add(q, out, out, b, count)
        }
    }

    /// a_i · b_i mod q.
    package static func * (left: ExponentVector, right: ExponentVector) -> ExponentVector {
        left.combined(with: right) { q, out, a, b, count in eo_multiply(q, out, a, b, count) }
    }

    /// a_i + b_i mod q.
    package static func + (left: ExponentVector, right: ExponentVector) -> ExponentVector {
        left.combined(with: right) { q, out, a, b, count in eo_add(q, out, a, b, count) }
    }

    /// What `operation` makes of modulus, place, a_i, b_i and their number, by chunks on all cores.
    private func combined(
        with other: ExponentVector,
        _ operation:
            @Sendable (
                UnsafePointer<UInt>, UnsafeMutablePointer<UInt>, UnsafePointer<UInt>, UnsafePointer<UInt>, Int
            ) -> Void
    ) -> ExponentVector {
        let (left, right) = (widened, other.widened)
        precondition(left.count == right.count, "vectors that do not match")
        return ExponentVector(count: count, bitCount: group.q.bitCount, in: group, minimumChunk: 512) { out, range in
            left.numbers.withLimbs(range) { a in
                right.numbers.withLimbs(range) { b in
                    operation(group.exponents.pointer, out, a, b, range.count)
                }
            }
        }
    }

    /// Σ a_i mod q.
    package var sum: Exponent { folded { eo_sum($0, $1, $2, $3) } }

    /// Π a_i mod q.
    package var product: Exponent { folded { eo_product($0, $1, $2, $3) } }

    /// One exponent of all: `fold` takes modulus, place, numbers and how many. By chunks on all cores, then once over them.
    private func folded(
        _ fold: @Sendable (UnsafePointer<UInt>, UnsafeMutablePointer<UInt>, UnsafePointer<UInt>, Int) -> Void
    ) -> Exponent {
        let (q, limbCount, ranges) = (group.exponents, group.exponents.limbCount, chunks(of: count))
        let parts = NumberList(count: ranges.count, limbCount: limbCount, minimumChunk: 1) { out, selected in
            for (offset, index) in selected.enumerated() {
                let terms = slice(ranges[index]).widened.numbers
                terms.withLimbs(0..<terms.count) { fold(q.pointer, out + offset * limbCount, $0, terms.count) }
            }
        }
        var result = [UInt](repeating: 0, count: limbCount)
        parts.withLimbs(0..<parts.count) { fold(q.pointer, &result, $0, parts.count) }
        return Exponent(limbs: result, in: group)
    }

    /// Σ a_i b_i mod q. Holds a chunk of the products at a time.
    package func innerProduct(with other: ExponentVector) -> Exponent {
        precondition(count == other.count, "vectors that do not match")
        var sum = Exponent(reducing: 0, in: group)
        for range in chunks(of: count) { sum = sum + (slice(range) * other.slice(range)).sum }
        return sum
    }
}
