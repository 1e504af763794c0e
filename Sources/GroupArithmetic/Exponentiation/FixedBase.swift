// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// A table for many powers of one base: one multiplication per window of the exponent instead of a full exponentiation.
///
/// Looks up memory by the exponents' digits: for public exponents, and for one-time randomness as docs/threat-model.md
/// discusses; never for key shares or the nonces of proofs about them.
public struct FixedBase: Sendable {
    public let base: GroupElement
    private let bitCount: Int
    private let window: Int
    private let table: Table

    /// A table whose size suits the number of powers that will be asked of it.
    ///
    /// - Parameters:
    ///   - bitCount: bits of the longest exponent; all of q's if `nil`.
    ///   - uses: powers to come. A table for ten thousand of 2048 bits takes 67 MB and the time of a hundred exponentiations.
    ///   - memory: where the table's memory comes from and goes to.
    public init(_ base: GroupElement, bitCount: Int? = nil, uses: Int, in memory: TableMemory? = nil) {
        self.base = base
        self.bitCount = bitCount ?? base.group.q.bitCount
        window = FixedBase.bestWindow(
            bitCount: self.bitCount, uses: uses, kernel: base.group.elements.kernel)
        let modulus = base.group.elements
        let (bits, window) = (self.bitCount, window)
        base.group.count(.fixedBaseTable, 1)
        let table = Table(count: eo_fixed_base_size(modulus.pointer, bits, window), in: memory)
        let rows = (bits + window - 1) / window
        let rowBases = LimbStorage(count: rows * modulus.limbCount)
        eo_fixed_base_rows(modulus.pointer, rowBases.base, base.limbs, bits, window)
        // By eight rows, which a vector kernel makes at once.
        base.group.count(.montgomeryProduct, rows << window)
        inParallelChunks(of: (rows + 7) / 8) { eights in
            eo_fixed_base_init(
                modulus.pointer, table.base, rowBases.base, window, eights.lowerBound * 8,
                min(rows, eights.upperBound * 8))
        }
        self.table = table
    }

    private var rowCount: Int { (bitCount + window - 1) / window }

    /// The window with the least work for table and powers together. An entry costs a product and, as fresh memory, about as
    /// much again. One bit more than a vector kernel's largest window would save 6 % of a power, and take 123 MB instead of 67.
    private static func bestWindow(bitCount: Int, uses: Int, kernel: Kernel) -> Int {
        let largest = kernel == .ifma ? 10 : 11
        let cost = { (window: Int) in (bitCount + window - 1) / window * (uses + 2 << window) }
        return (1...largest).min { cost($0) < cost($1) } ?? 1
    }

    /// base^e_i for every exponent.
    ///
    /// - Complexity: ⌈bits / window⌉ multiplications each, on all cores.
    public func powers(_ exponents: ExponentVector) -> ElementVector {
        precondition(exponents.bitCount <= bitCount, "exponents of \(exponents.bitCount) bits, a table for \(bitCount)")
        base.group.count(.fixedBasePower, exponents.count)
        base.group.count(.montgomeryProduct, exponents.count * rowCount)
        return ElementVector(count: exponents.count, in: base.group, minimumChunk: 16) { out, range in
            exponents.numbers.withLimbs(range) { limbs in
                eo_fixed_base_power_vartime(
                    base.group.elements.pointer, out, table.base, bitCount, window, limbs, exponents.limbCount,
                    range.count)
            }
        }
    }

    public func power(_ exponent: Exponent) -> GroupElement {
        powers(ExponentVector([exponent], in: base.group))[0]
    }
}
