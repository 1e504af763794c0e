// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import CGroupKernels

extension ElementVector {
    /// h_0 … h_{count-1}: generators whose logarithms nobody knows. A longer list starts with the shorter one.
    ///
    /// - Parameters:
    ///   - function: H of the session.
    ///   - statisticalDistance: n_s of the session, in bits.
    /// - Complexity: one squaring and ⌈(bits of p + n_s) / |H|⌉ hashes each, on all cores.
    /// - SeeAlso: specification of the published tally, section 3.9.
    public static func independentGenerators(
        count: Int, in group: SafePrimeGroup, oracle: RandomOracle, function: HashFunction, statisticalDistance: Int
    ) -> ElementVector {
        let seed = SharedSecretBytes(
            oracle.output(bitCount: function.byteCount * 8) { $0.append(tree: .string("generators")) })
        let bitCount = group.p.bitCount + statisticalDistance
        let wide = (bitCount + 63) / 64
        return ElementVector(count: count, in: group, minimumChunk: 64) { out, range in
            let numbers = LimbStorage(count: range.count * wide)
            pseudorandomNumbers(
                function, seed: seed.bytes, bitCount: bitCount, limbCount: wide, range: range, into: numbers.base)
            let p = group.elements.pointer
            eo_reduce(p, out, numbers.base, wide, range.count)
            eo_multiply(p, out, out, out, range.count)
        }
    }
}

extension ExponentVector {
    /// e_0 … e_{count-1}: the batching numbers of `bitCount` bits from a seed.
    ///
    /// - SeeAlso: specification of the published tally, section 3.8.
    public static func batchingNumbers(
        count: Int, bitCount: Int, seed: [UInt8], prg function: HashFunction, in group: SafePrimeGroup
    ) -> ExponentVector {
        let limbCount = (bitCount + 63) / 64
        let seed = SharedSecretBytes(seed)
        return ExponentVector(count: count, bitCount: bitCount, in: group, minimumChunk: 256) { out, range in
            pseudorandomNumbers(
                function, seed: seed.bytes, bitCount: bitCount, limbCount: limbCount, range: range, into: out)
        }
    }
}
