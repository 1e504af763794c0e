// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

extension ElementVector {
    /// The index of the first number that is not in 1..<p or no quadratic residue.
    ///
    /// Long lists are tested by products of random subsets: a list with a number outside the group passes with probability at
    /// most 2^-128, since whoever made it knows nothing of the subsets. Only a list that fails is looked at number by number.
    ///
    /// - Complexity: two Montgomery products in eight lanes each; one Jacobi symbol each where those cost more.
    package var firstNonMember: Int? {
        group.count(.membership, count)
        let minimum = eo_residue_batch_minimum(group.elements.pointer)
        precondition(minimum > 0, "a batch of no numbers would vouch for anything")
        if count >= minimum, allAreResidues(minimum: minimum) { return nil }
        return firstIndexInParallel(of: count, minimum: 32) { range in
            let first = numbers.withLimbs(range) {
                eo_first_nonresidue_vartime(group.elements.pointer, $0, range.count)
            }
            return first == range.count ? nil : range.lowerBound + first
        }
    }

    private func allAreResidues(minimum: Int) -> Bool {
        let parts = max(min(processorCount, count / minimum), count / ElementVector.batchCount)
        let firstBad = firstIndexInParallel(of: parts) { selected in
            selected.first { part in !areResidues(count * part / parts..<count * (part + 1) / parts) }
        }
        return firstBad == nil
    }

    /// One batch with masks of its own.
    private func areResidues(_ range: Range<Int>) -> Bool {
        let modulus = group.elements.pointer
        let masks = LimbStorage(uninitializedCount: range.count * 2)
        SystemRandomSource().fill(
            UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: masks.base, count: masks.count)))
        let scratch = LimbStorage(uninitializedCount: eo_residue_batch_scratch(modulus, range.count))
        return numbers.withLimbs(range) {
            eo_all_residues_vartime(modulus, scratch.base, $0, masks.base, range.count)
        }
    }

    /// Numbers of a batch: enough for the 128 Jacobi symbols at its end to be little.
    private static let batchCount = 16384
}
