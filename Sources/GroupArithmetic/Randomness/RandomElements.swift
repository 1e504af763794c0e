// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

extension ElementVector {
    /// `count` elements that are uniform in the group, from a seed, on all cores: squares of uniform numbers.
    ///
    /// Each number comes from 128 bits more than p has, reduced: uniform but for 2^-128, which is also more than the
    /// probability of the number 0, whose square is no element.
    ///
    /// - Complexity: one squaring each, where a random number that is tested for membership costs a Jacobi symbol.
    public static func uniform(
        count: Int, in group: SafePrimeGroup, from seed: borrowing SecretSeed, label: String
    ) -> ElementVector {
        let key = SharedSecretBytes(seed.key(label, context: []))
        let bitCount = group.p.bitCount + 128
        let wide = (bitCount + 63) / 64
        return ElementVector(count: count, in: group, minimumChunk: 64) { out, range in
            let numbers = LimbStorage(count: range.count * wide)
            pseudorandomNumbers(
                .sha256, seed: key.bytes, bitCount: bitCount, limbCount: wide, range: range, into: numbers.base)
            let p = group.elements.pointer
            eo_reduce(p, out, numbers.base, wide, range.count)
            eo_multiply(p, out, out, out, range.count)
        }
    }
}
