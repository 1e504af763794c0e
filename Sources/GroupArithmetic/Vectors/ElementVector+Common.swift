// SPDX-License-Identifier: Apache-2.0

extension ElementVector {
    /// The first index whose element stands anywhere in `other` too.
    ///
    /// - Complexity: one look-up of a limb an element. Two that differ have the same lowest limb with probability 2^-64; only then
    ///   are they compared whole.
    package func firstIndex(alsoIn other: ElementVector) -> Int? {
        let theirs = other.lowestLimbs
        let known = Set(theirs)
        for (index, limb) in lowestLimbs.enumerated() where known.contains(limb) {
            let element = self[index]
            if theirs.indices.contains(where: { theirs[$0] == limb && other[$0] == element }) { return index }
        }
        return nil
    }

    private var lowestLimbs: [UInt] {
        let width = numbers.limbCount
        return [UInt](unsafeUninitializedCapacity: count) { limbs, filled in
            for range in chunks(of: count) {
                numbers.withLimbs(range) { numbers in
                    for offset in 0..<range.count { limbs[range.lowerBound + offset] = numbers[offset * width] }
                }
            }
            filled = count
        }
    }
}
