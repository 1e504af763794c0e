// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import CGroupKernels

extension ExponentVector {
    /// `count` exponents that are uniform in 0..<q, from a seed, on all cores.
    ///
    /// Each comes from 128 bits more than q has, reduced: uniform but for 2^-128. The numbers depend on seed, label and
    /// context alone, not on the number of cores.
    public static func uniform(
        count: Int, in group: SafePrimeGroup, from seed: borrowing SecretSeed, label: String, context: [UInt8] = []
    ) -> ExponentVector {
        let key = SharedSecretBytes(seed.key(label, context: context))
        let bitCount = group.q.bitCount + 128
        let wide = (bitCount + 63) / 64
        return ExponentVector(count: count, bitCount: group.q.bitCount, in: group, minimumChunk: 64) { out, range in
            let numbers = LimbStorage(count: range.count * wide)
            pseudorandomNumbers(
                .sha256, seed: key.bytes, bitCount: bitCount, limbCount: wide, range: range, into: numbers.base)
            eo_reduce(group.exponents.pointer, out, numbers.base, wide, range.count)
        }
    }

    /// `count` exponents that are uniform in 0..<2^bitCount, from a seed, on all cores.
    ///
    /// - Precondition: 2^bitCount <= q.
    public static func uniform(
        count: Int, bitCount: Int, in group: SafePrimeGroup, from seed: borrowing SecretSeed, label: String,
        context: [UInt8] = []
    ) -> ExponentVector {
        precondition(bitCount < group.q.bitCount, "blinding numbers of \(bitCount) bits do not fit the group")
        let key = SharedSecretBytes(seed.key(label, context: context))
        let limbCount = (bitCount + 63) / 64
        return ExponentVector(count: count, bitCount: bitCount, in: group, minimumChunk: 256) { out, range in
            pseudorandomNumbers(
                .sha256, seed: key.bytes, bitCount: bitCount, limbCount: limbCount, range: range, into: out)
        }
    }
}

extension Exponent {
    /// Uniform in 0..<q but for 2^-128.
    public static func uniform(in group: SafePrimeGroup, from source: inout some RandomSource & ~Copyable) -> Exponent {
        let bytes = source.bytes((group.q.bitCount + 128 + 7) / 8)
        return Exponent(reducing: BigInteger(bigEndian: bytes), in: group)
    }
}
