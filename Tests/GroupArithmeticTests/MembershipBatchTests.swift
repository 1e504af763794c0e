// SPDX-License-Identifier: Apache-2.0

import CGroupKernels
import GroupArithmetic
import TestSupport
import Testing

@Suite("Random subset products find what is no member, with either kernel")
struct MembershipBatchTests {
    static let groups =
        [SmallGroups.fiveLimbs]
        + [SafePrimeGroup.sequent2048, .ffdhe3072].flatMap { group in
            Kernel.allCases.filter(\.isAvailable).map { group.computed(by: $0) }
        }

    /// What the batch says of these numbers, each as wide as p.
    private func allAreMembers(
        _ numbers: [BigInteger], in group: SafePrimeGroup, _ random: inout SeededRandomSource
    ) -> Bool {
        let modulus = group.elements
        let limbs = numbers.flatMap { $0.limbs(count: modulus.limbCount) }
        let masks = numbers.flatMap { _ in [UInt(random.next()), UInt(random.next())] }
        let scratch = LimbStorage(count: eo_residue_batch_scratch(modulus.pointer, numbers.count))
        return eo_all_residues_vartime(modulus.pointer, scratch.base, limbs, masks, numbers.count)
    }

    /// Squares: g, g², g³ and so on.
    private func members(_ count: Int, of group: SafePrimeGroup) -> [BigInteger] {
        var last = group.generator
        return (0..<count).map { _ in
            defer { last = last * group.generator }
            return last.value
        }
    }

    @Test("lists of members pass, the empty one too", arguments: groups)
    func members(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        for count in [0, 1, 2, 7, 8, 9, 300] {
            #expect(
                allAreMembers(members(count, of: group), in: group, &random), "\(count) members, seed \(random.seed)")
        }
    }

    @Test("one stranger among members is caught wherever it stands", arguments: groups)
    func strangers(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let list = members(201, of: group)
        let negative = group.p - list[17]
        for stranger in [0, group.p - 1, group.p, group.p + 1, negative] {
            for place in [0, 100, 200] {
                var numbers = list
                numbers[place] = stranger
                #expect(
                    !allAreMembers(numbers, in: group, &random), "\(stranger) at \(place), seed \(random.seed)")
            }
        }
    }

    @Test("strangers whose product is a member are caught", arguments: groups)
    func cancellingStrangers(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let list = members(64, of: group)
        for strangers in [[3, 4], [0, 63], Array(0..<64)] {
            let numbers = list.indices.map { strangers.contains($0) ? group.p - list[$0] : list[$0] }
            #expect(!allAreMembers(numbers, in: group, &random), "at \(strangers), seed \(random.seed)")
        }
    }

    @Test("a list that comes in parts is tested as one, whatever the window", arguments: groups)
    func parts(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let modulus = group.elements
        let list = members(50, of: group)
        for window in [1, 3, 5, 7] {
            let windows = (128 + window - 1) / window
            for stranger in [nil, 0, 49] as [Int?] {
                let numbers = list.indices.map { $0 == stranger ? group.p - list[$0] : list[$0] }
                let buckets = LimbStorage(count: eo_buckets_size(modulus.pointer, window, windows))
                eo_buckets_clear(modulus.pointer, buckets.base, window, windows)
                for part in [0..<1, 1..<20, 20..<50] {
                    let limbs = numbers[part].flatMap { $0.limbs(count: modulus.limbCount) }
                    let masks = part.flatMap { _ in [UInt(random.next()), UInt(random.next())] }
                    eo_buckets_add_vartime(
                        modulus.pointer, buckets.base, window, windows, limbs, part.count, masks, 2, 0)
                }
                let passes = eo_buckets_subsets_are_residues_vartime(modulus.pointer, buckets.base, window, windows)
                #expect(passes == (stranger == nil), "window \(window), seed \(random.seed)")
            }
        }
    }

    @Test("the first number that is not below the modulus is found", arguments: groups)
    func notReduced(in group: SafePrimeGroup) {
        let q = group.exponents
        let list = [0, 1, group.q - 1, group.q - 2, 5] as [BigInteger]
        for tooLarge in [group.q, group.q + 1, BigInteger(powerOfTwo: 64 * q.limbCount) - 1] {
            for place in 0...list.count {
                let limbs = (list[..<place] + [tooLarge] + list[place...]).flatMap { $0.limbs(count: q.limbCount) }
                #expect(eo_first_not_reduced(q.pointer, limbs, list.count + 1) == place)
            }
        }
        #expect(eo_first_not_reduced(q.pointer, list.flatMap { $0.limbs(count: q.limbCount) }, list.count) == 5)
    }
}
