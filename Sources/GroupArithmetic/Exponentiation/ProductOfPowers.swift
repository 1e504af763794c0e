// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

extension ElementVector {
    /// Π a_i^e_i, by buckets: every window of the exponents puts each base into the bucket of its digit.
    ///
    /// Variable time: for public exponents and one-time blinding numbers.
    ///
    /// - Complexity: about ⌈bits / c⌉ · (N + 2^(c+1)) multiplications with the best window c; parts of the list and groups of
    ///   windows run on all cores.
    public func productOfPowers(_ exponents: ExponentVector) -> GroupElement {
        precondition(exponents.count == count && exponents.group == group, "vectors that do not match")
        guard count > 0 else { return GroupElement(member: 1, of: group) }
        let plan = ProductPlan(bitCount: max(1, exponents.bitCount), count: count, modulus: group.elements)
        group.count(.productOfPowersBits, count * exponents.bitCount)
        group.count(.montgomeryProduct, plan.products)
        let partial = ElementVector(
            NumberList(partialProducts(exponents, plan), limbCount: numbers.limbCount), in: group)
        // The parts' products of the same window belong together.
        let windows = (1..<plan.partCount).reduce(partial.prefix(plan.windowCount)) { windows, part in
            windows * partial.slice(part * plan.windowCount..<(part + 1) * plan.windowCount)
        }
        let sum = exponents.plainSum
        var product = [UInt](repeating: 0, count: numbers.limbCount)
        windows.numbers.withLimbs(0..<plan.windowCount) {
            eo_product_of_powers_finish_vartime(
                group.elements.pointer, &product, $0, plan.window, plan.windowCount, sum, sum.count)
        }
        return GroupElement(limbs: product, of: group)
    }

    /// The product of every window, for one part of the list after another.
    private func partialProducts(_ exponents: ExponentVector, _ plan: ProductPlan) -> LimbStorage {
        let (modulus, limbCount) = (group.elements, numbers.limbCount)
        let results = LimbStorage(count: plan.partCount * plan.windowCount * limbCount)
        inParallelChunks(of: plan.partCount * plan.groupCount) { tasks in
            for task in tasks {
                let (part, first) = (task / plan.groupCount, task % plan.groupCount * plan.together)
                let windows = min(plan.together, plan.windowCount - first)
                let size = eo_buckets_size(modulus.pointer, plan.window, windows)
                let buckets = LimbStorage(uninitializedCount: size)
                eo_buckets_clear(modulus.pointer, buckets.base, plan.window, windows)
                for range in chunks(of: plan.range(of: part)) {
                    numbers.withLimbs(range) { bases in
                        exponents.numbers.withLimbs(range) { limbs in
                            eo_buckets_add_vartime(
                                modulus.pointer, buckets.base, plan.window, windows, bases, range.count, limbs,
                                exponents.limbCount, first * plan.window)
                        }
                    }
                }
                eo_buckets_powers_vartime(
                    modulus.pointer, results.base + (part * plan.windowCount + first) * limbCount, buckets.base,
                    plan.window, windows)
            }
        }
        return results
    }

    /// a_i^e_i for every i, variable time: for public exponents.
    ///
    /// - Complexity: one exponentiation of the exponents' length each, on all cores.
    package func powersVariableTime(_ exponents: ExponentVector) -> ElementVector {
        precondition(exponents.count == count, "vectors that do not match")
        group.count(.power, count)
        return ElementVector(count: count, in: group) { out, range in
            numbers.withLimbs(range) { bases in
                exponents.numbers.withLimbs(range) { limbs in
                    eo_power_vartime(
                        group.elements.pointer, out, bases, limbs, exponents.limbCount, exponents.limbCount,
                        range.count)
                }
            }
        }
    }

    /// a_i^e for every i, variable time: for a public exponent.
    ///
    /// - Complexity: one exponentiation of the exponent's length each, on all cores.
    package func powersVariableTime(_ exponent: Exponent) -> ElementVector {
        let limbs = exponent.limbs
        group.count(.power, count)
        return ElementVector(count: count, in: group) { out, range in
            numbers.withLimbs(range) {
                eo_power_vartime(group.elements.pointer, out, $0, limbs, limbs.count, 0, range.count)
            }
        }
    }
}

extension ExponentVector {
    /// Σ e_i as an integer, not modulo q.
    fileprivate var plainSum: [UInt] {
        chunks(of: count).reduce([UInt](repeating: 0, count: limbCount + 1)) { sum, range in
            numbers.withLimbs(range) { terms in
                var sum = sum
                for index in 0..<range.count { add(terms + index * limbCount, to: &sum) }
                return sum
            }
        }
    }

    private func add(_ term: UnsafePointer<UInt>, to sum: inout [UInt]) {
        var carry: UInt = 0
        for limb in 0..<limbCount {
            let (partial, overflow) = sum[limb].addingReportingOverflow(term[limb])
            let (total, overflowAgain) = partial.addingReportingOverflow(carry)
            sum[limb] = total
            carry = (overflow ? 1 : 0) + (overflowAgain ? 1 : 0)
        }
        sum[limbCount] += carry
    }
}
