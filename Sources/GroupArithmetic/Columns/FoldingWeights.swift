// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

extension ExponentVector {
    /// Random numbers of 128 bits under which many equations become one: a wrong one among them is overlooked with
    /// probability at most 2^-128.
    ///
    /// - Parameter random: unpredictable to whoever made the equations.
    /// - Precondition: q has more than 128 bits.
    package static func foldingWeights(
        count: Int, in group: SafePrimeGroup, from random: inout some RandomSource & ~Copyable
    ) -> ExponentVector {
        precondition(group.q.bitCount > foldingWeightBits, "a group too small for random weights")
        let storage = LimbStorage(count: count * foldingWeightBits / UInt.bitWidth)
        random.fill(UnsafeMutableRawBufferPointer(start: storage.base, count: count * foldingWeightBits / 8))
        return ExponentVector(storage: storage, bitCount: foldingWeightBits, in: group)
    }

    package static let foldingWeightBits = 128

    /// a_i · b_i: as integers, if all are sure to be below q, else modulo q.
    package func products(with other: ExponentVector) -> ExponentVector {
        precondition(count == other.count, "vectors that do not match")
        let (width, otherWidth) = (limbCount, other.limbCount)
        guard (width + otherWidth) * UInt.bitWidth < group.q.bitCount else { return self * other }
        return ExponentVector(
            count: count, bitCount: (width + otherWidth) * UInt.bitWidth, in: group, minimumChunk: 1024
        ) { out, range in
            numbers.withLimbs(range) { left in
                other.numbers.withLimbs(range) { eo_integer_products(out, left, width, $0, otherWidth, range.count) }
            }
        }
    }

    /// Σ a_i b_i mod q for short b_i: the sum is made of integers and reduced once.
    package func foldedSum(under weights: ExponentVector) -> Exponent {
        precondition(count == weights.count, "vectors that do not match")
        // One limb more holds the carries of 2^64 terms.
        var sum = [UInt](repeating: 0, count: limbCount + weights.limbCount + 1)
        let (width, sumCount) = (limbCount, sum.count)
        numbers.withLimbs(0..<count) { terms in
            weights.numbers.withLimbs(0..<count) {
                eo_integer_inner_product(&sum, sumCount, terms, width, $0, weights.limbCount, count)
            }
        }
        return Exponent(reducing: BigInteger(limbs: sum), in: group)
    }
}
