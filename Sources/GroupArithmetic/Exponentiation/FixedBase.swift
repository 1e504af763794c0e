// SPDX-License-Identifier: Apache-2.0

import CGroupKernels
private import Dispatch
private import Synchronization

/// A base of which many powers are asked: one multiplication per window of the exponent instead of a full exponentiation.
///
/// Looks up memory by the exponents' digits: for public exponents, and for one-time randomness as docs/threat-model.md
/// discusses; never for key shares or the nonces of proofs about them.
public struct FixedBase: Sendable {
    public let base: GroupElement
    private let bitCount: Int
    /// base^(2^j) for every bit of an exponent that is rounded up to whole windows.
    private let squares: LimbStorage

    /// - Parameter bitCount: bits of the longest exponent; all of q's if `nil`.
    /// - Complexity: one squaring a bit, on one core.
    public init(_ base: GroupElement, bitCount: Int? = nil) {
        self.base = base
        self.bitCount = bitCount ?? base.group.q.bitCount
        let (modulus, count) = (base.group.elements, self.bitCount + RowPlan.largestWindow)
        squares = LimbStorage(uninitializedCount: count * modulus.limbCount)
        eo_squares(modulus.pointer, squares.base, base.limbs, count)
        base.group.count(.montgomeryProduct, count)
    }

    /// base^e_i for every exponent.
    ///
    /// - Complexity: ⌈bits / w⌉ · (N + 2^w) multiplications with the best window w, on all cores.
    public func powers(_ exponents: ExponentVector) -> ElementVector { powers([exponents])[0] }

    public func power(_ exponent: Exponent) -> GroupElement {
        powers(ExponentVector([exponent], in: base.group))[0]
    }

    /// The powers of several lists, which cost less together: a window's table serves all of them.
    public func powers(_ lists: [ExponentVector]) -> [ElementVector] {
        let longest = lists.map(\.bitCount).max() ?? 0
        precondition(longest <= bitCount, "exponents of \(longest) bits of a base for \(bitCount)")
        let (group, total) = (base.group, lists.reduce(0) { $0 + $1.count })
        let plan = RowPlan(bitCount: max(1, longest), count: total, modulus: group.elements)
        group.count(.fixedBasePower, total)
        group.count(.montgomeryProduct, plan.products)
        let limbCount = group.elements.limbCount
        let results = lists.map { LimbStorage(uninitializedCount: $0.count * limbCount) }
        for piece in 0..<plan.pieceCount {
            let ranges = lists.map { $0.count * piece / plan.pieceCount..<$0.count * (piece + 1) / plan.pieceCount }
            let exponents = zip(lists, ranges).map { $0.numbers.slice($1).inMemory }
            compute(exponents, to: results, from: ranges.map(\.lowerBound), plan)
        }
        return results.map { ElementVector(NumberList($0, limbCount: limbCount), in: group) }
    }

    /// Writes the powers of lists of exponents to one storage a list, from the number `first` on.
    private func compute(_ lists: [NumberList], to results: [LimbStorage], from first: [Int], _ plan: RowPlan) {
        let modulus = base.group.elements
        // Each list begins at a multiple of eight.
        let starts = lists.reduce(into: [0]) { $0.append(($0.last ?? 0) + ($1.count + 7) / 8 * 8) }
        let step = eo_row_products_size(modulus.pointer, starts.last ?? 0)
        let products = LimbStorage(uninitializedCount: plan.workerCount * step)
        let nextRow = Atomic(plan.workerCount)
        DispatchQueue.concurrentPerform(iterations: plan.workerCount) { worker in
            let table = LimbStorage(uninitializedCount: eo_row_size(modulus.pointer, plan.window))
            var row = worker
            while row < plan.rowCount {
                let shift = row * plan.window
                eo_row_init(modulus.pointer, table.base, squares.base + shift * modulus.limbCount, plan.window)
                for (list, start) in zip(lists, starts) {
                    let place = products.base + worker * step + eo_row_products_size(modulus.pointer, start)
                    list.withLimbs(0..<list.count) {
                        eo_row_multiply_vartime(
                            modulus.pointer, place, table.base, plan.window, shift, $0, list.limbCount,
                            list.count, row == worker)
                    }
                }
                row = nextRow.wrappingAdd(1, ordering: .relaxed).oldValue
            }
        }
        for (index, list) in lists.enumerated() {
            inParallelChunks(of: list.count, minimum: 64) { range in
                let from = eo_row_products_size(modulus.pointer, starts[index] + range.lowerBound)
                eo_row_products_finish(
                    modulus.pointer, results[index].base + (first[index] + range.lowerBound) * modulus.limbCount,
                    products.base + from, step, plan.workerCount, range.count)
            }
        }
    }
}
