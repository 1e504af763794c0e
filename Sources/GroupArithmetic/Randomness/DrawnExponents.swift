// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import CGroupKernels

/// Exponents that a prover draws for a whole list: computed where they are needed, from a seed, or given.
///
/// A million of them would take a quarter of a gigabyte; derived, they take a key of 32 bytes that is wiped at the end. Number i
/// depends on seed, label, context and i alone. Secret.
public struct DrawnExponents: Sendable {
    private enum Source: Sendable {
        case given(ExponentVector)
        /// - Parameter drawnBits: bits of the numbers of the stream; more than an exponent has if they are reduced modulo q.
        case derived(SharedSecretBytes, drawnBits: Int)
    }

    private let source: Source
    private let group: SafePrimeGroup
    public let count: Int
    /// Bits of the longest that may occur.
    public let bitCount: Int

    /// For vectors and tests, whose secrets are public.
    package init(_ exponents: ExponentVector) {
        source = .given(exponents)
        (group, count, bitCount) = (exponents.group, exponents.count, exponents.bitCount)
    }

    /// `count` exponents that are uniform in 0..<q. Each comes from 128 bits more than q has, reduced: uniform but for 2^-128.
    public static func uniform(
        count: Int, in group: SafePrimeGroup, from seed: borrowing SecretSeed, label: String, context: [UInt8] = []
    ) -> DrawnExponents {
        DrawnExponents(
            count: count, bitCount: group.q.bitCount, drawnBits: group.q.bitCount + 128, in: group,
            key: seed.key(label, context: context))
    }

    /// `count` exponents that are uniform in 0..<2^bitCount.
    ///
    /// - Precondition: 2^bitCount <= q.
    public static func uniform(
        count: Int, bitCount: Int, in group: SafePrimeGroup, from seed: borrowing SecretSeed, label: String,
        context: [UInt8] = []
    ) -> DrawnExponents {
        precondition(bitCount < group.q.bitCount, "blinding numbers of \(bitCount) bits do not fit the group")
        return DrawnExponents(
            count: count, bitCount: bitCount, drawnBits: bitCount, in: group, key: seed.key(label, context: context))
    }

    private init(count: Int, bitCount: Int, drawnBits: Int, in group: SafePrimeGroup, key: consuming SecretBytes) {
        source = .derived(SharedSecretBytes(key), drawnBits: drawnBits)
        self.group = group
        self.count = count
        self.bitCount = bitCount
    }

    /// All of them, in memory.
    public var all: ExponentVector { self[0..<count] }

    /// Those in `range`, computed on all cores.
    public subscript(range: Range<Int>) -> ExponentVector {
        switch source {
        case .given(let exponents): exponents.slice(range)
        case .derived(let key, let drawnBits):
            vector(range.count, drawnBits) { out, part in
                pseudorandomNumbers(
                    .sha256, seed: key.bytes, bitCount: drawnBits, limbCount: (drawnBits + 63) / 64,
                    range: range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound, into: out)
            }
        }
    }

    /// Those at `indices`, in that order.
    package func selecting(_ indices: some RandomAccessCollection<Int> & Sendable) -> ExponentVector {
        switch source {
        case .given(let exponents): exponents.selecting(indices)
        case .derived(let key, let drawnBits):
            vector(indices.count, drawnBits) { out, part in
                let limbCount = (drawnBits + 63) / 64
                for (offset, position) in part.enumerated() {
                    let index = indices[indices.index(indices.startIndex, offsetBy: position)]
                    pseudorandomNumbers(
                        .sha256, seed: key.bytes, bitCount: drawnBits, limbCount: limbCount, range: index..<index + 1,
                        into: out + offset * limbCount)
                }
            }
        }
    }

    /// `count` exponents, from drawn numbers that `draw` writes.
    private func vector(
        _ count: Int, _ drawnBits: Int, _ draw: @Sendable (UnsafeMutablePointer<UInt>, Range<Int>) -> Void
    ) -> ExponentVector {
        let wide = (drawnBits + 63) / 64
        return ExponentVector(count: count, bitCount: bitCount, in: group, minimumChunk: 64) { out, range in
            guard drawnBits > bitCount else { return draw(out, range) }
            let numbers = LimbStorage(count: range.count * wide)
            draw(numbers.base, range)
            eo_reduce(group.exponents.pointer, out, numbers.base, wide, range.count)
        }
    }

    /// Σ a_i mod q, a chunk at a time.
    package var sum: Exponent {
        chunks(of: count).reduce(Exponent(reducing: 0, in: group)) { $0 + self[$1].sum }
    }

    /// Σ a_i b_i mod q, a chunk at a time.
    package func innerProduct(with other: ExponentVector) -> Exponent {
        precondition(count == other.count, "vectors that do not match")
        return chunks(of: count).reduce(Exponent(reducing: 0, in: group)) { sum, range in
            sum + self[range].innerProduct(with: other.slice(range))
        }
    }
}

extension ExponentVector {
    /// `count` exponents that are uniform in 0..<q, all in memory.
    public static func uniform(
        count: Int, in group: SafePrimeGroup, from seed: borrowing SecretSeed, label: String, context: [UInt8] = []
    ) -> ExponentVector {
        DrawnExponents.uniform(count: count, in: group, from: seed, label: label, context: context).all
    }
}

extension Exponent {
    /// Uniform in 0..<q but for 2^-128.
    public static func uniform(in group: SafePrimeGroup, from source: inout some RandomSource & ~Copyable) -> Exponent {
        let bytes = source.bytes((group.q.bitCount + 128 + 7) / 8)
        return Exponent(reducing: BigInteger(bigEndian: bytes), in: group)
    }
}
