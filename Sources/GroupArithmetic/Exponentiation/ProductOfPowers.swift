// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

extension ElementVector {
    /// Π a_i^e_i, by buckets: every window of the exponents puts each base into the bucket of its digit.
    ///
    /// Variable time: for public exponents and one-time blinding numbers.
    ///
    /// - Complexity: about ⌈bits / c⌉ · (N + 2^(c+1)) multiplications with the best window c; windows run on all cores.
    public func productOfPowers(_ exponents: ExponentVector) -> GroupElement {
        precondition(exponents.count == count && exponents.group == group, "vectors that do not match")
        guard count > 0 else { return GroupElement(member: 1, of: group) }
        let bitCount = max(1, exponents.bitCount)
        let modulus = group.elements
        let together = eo_windows_at_once(modulus.pointer)
        let window = ElementVector.bestWindow(bitCount: bitCount, count: count, together: together)
        let windows = (bitCount + window - 1) / window
        let limbCount = modulus.limbCount
        let results = LimbStorage(count: windows * limbCount)
        inParallelChunks(of: (windows + together - 1) / together) { range in
            let buckets = LimbStorage(count: eo_product_of_powers_scratch(modulus.pointer, window))
            for index in range {
                let first = index * together
                eo_product_of_powers_windows_vartime(
                    modulus.pointer, results.base + first * limbCount, buckets.base, pointer(at: 0),
                    exponents.pointer(at: 0), exponents.limbCount, first * window, window,
                    min(together, windows - first), count)
            }
        }
        let sum = exponents.plainSum
        var product = [UInt](repeating: 0, count: limbCount)
        eo_product_of_powers_finish_vartime(
            modulus.pointer, &product, results.base, window, windows, sum, sum.count)
        return GroupElement(limbs: product, of: group)
    }

    /// The window with the least work, where `together` windows cost one.
    private static func bestWindow(bitCount: Int, count: Int, together: Int) -> Int {
        let cost = { (window: Int) in
            let windows = (bitCount + window - 1) / window
            return (windows + together - 1) / together * (count + 2 << window)
        }
        return (1...16).min { cost($0) < cost($1) } ?? 1
    }

    /// a_i^e_i for every i, variable time: for public exponents.
    ///
    /// - Complexity: one exponentiation of the exponents' length each, on all cores.
    package func powersVariableTime(_ exponents: ExponentVector) -> ElementVector {
        precondition(exponents.count == count, "vectors that do not match")
        return ElementVector(count: count, in: group) { out, range in
            eo_power_vartime(
                group.elements.pointer, out, pointer(at: range.lowerBound),
                exponents.pointer(at: range.lowerBound), exponents.limbCount, exponents.limbCount, range.count)
        }
    }
}

extension ExponentVector {
    /// Σ e_i as an integer, not modulo q.
    fileprivate var plainSum: [UInt] {
        var sum = [UInt](repeating: 0, count: limbCount + 1)
        for index in 0..<count {
            let term = pointer(at: index)
            var carry: UInt = 0
            for limb in 0..<limbCount {
                let (partial, overflow) = sum[limb].addingReportingOverflow(term[limb])
                let (total, overflowAgain) = partial.addingReportingOverflow(carry)
                sum[limb] = total
                carry = (overflow ? 1 : 0) + (overflowAgain ? 1 : 0)
            }
            sum[limbCount] += carry
        }
        return sum
    }
}
