// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic

extension BallotCode {
    /// The bases of a ballot without names: with names on, the zero byte behind each is there.
    private var allBases: [UInt] { bases + (carriesNames ? writeIns.map { _ in 256 } : []) }

    /// The largest plaintext that a ballot without names can have (specification of counting, 1.7).
    package var largestPlaintext: BigInteger {
        var product = MixedRadixNumber(1)
        for base in allBases { product.insertDigit(0, base: base) }
        return product.number
    }

    /// Whether every ballot without names has a plaintext in a group of order `q`: what booths demand, v + 1 < q.
    package func fits(order q: BigInteger) -> Bool { largestPlaintext < q }

    /// How many bytes all names of a ballot together may have in a group of order `q`; nil if not even ballots without names
    /// fit.
    package func nameByteCapacity(order q: BigInteger) -> Int? {
        guard fits(order: q) else { return nil }
        var rest = MixedRadixNumber(q - 1)
        for base in allBases { _ = rest.removeDigit(base: base) }
        let digits = (rest.number.bitCount + 7) / 8
        return digits - 1
    }
}
