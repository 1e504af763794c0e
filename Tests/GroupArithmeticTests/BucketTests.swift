// SPDX-License-Identifier: Apache-2.0

import CGroupKernels
import GroupArithmetic
import TestSupport
import Testing

@Suite("Products of powers by buckets")
struct BucketTests {
    static let groups =
        [SmallGroups.fiveLimbs]
        + [SafePrimeGroup.sequent2048, .ffdhe3072].flatMap { group in
            Kernel.allCases.filter(\.isAvailable).map { group.computed(by: $0) }
        }

    /// Π a_i^e_i in one table of buckets, `part` bases at a time.
    private func product(
        _ bases: [BigInteger], _ exponents: [BigInteger], bits: Int, window: Int, part: Int, in group: SafePrimeGroup
    ) -> BigInteger {
        let modulus = group.elements
        let windows = (bits + window - 1) / window
        let width = (bits + 63) / 64
        let buckets = LimbStorage(count: eo_buckets_size(modulus.pointer, window, windows))
        eo_buckets_clear(modulus.pointer, buckets.base, window, windows)
        for start in stride(from: 0, to: bases.count, by: part) {
            let range = start..<min(start + part, bases.count)
            eo_buckets_add_vartime(
                modulus.pointer, buckets.base, window, windows,
                bases[range].flatMap { $0.limbs(count: modulus.limbCount) }, range.count,
                exponents[range].flatMap { $0.limbs(count: width) }, width, 0)
        }
        let results = LimbStorage(count: windows * modulus.limbCount)
        eo_buckets_powers_vartime(modulus.pointer, results.base, buckets.base, window, windows)
        let sum = exponents.reduce(0, +).limbs(count: width + 1)
        var product = [UInt](repeating: 0, count: modulus.limbCount)
        eo_product_of_powers_finish_vartime(
            modulus.pointer, &product, results.base, window, windows, sum, sum.count)
        return BigInteger(limbs: product)
    }

    private func expected(_ bases: [BigInteger], _ exponents: [BigInteger], in group: SafePrimeGroup) -> BigInteger {
        zip(bases, exponents).reduce(1) { product, term in
            let base = GroupElement(member: term.0, of: group)
            return product * base.powerVariableTime(Exponent(reducing: term.1, in: group)).value % group.p
        }
    }

    @Test("equal bases, equal exponents, 0, 1 and all ones, of every count about eight", arguments: groups)
    func edges(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let base = random.element(of: group).value
        let ones = BigInteger(powerOfTwo: 77) - 1
        for count in [0, 1, 2, 7, 8, 9, 17] {
            let bases = (0..<count).map { _ in random.element(of: group).value }
            let numbers = (0..<count).map { _ in random.number(bitCount: 77) }
            for (bases, exponents) in [
                (bases, numbers),
                (bases, bases.map { _ in 0 }), (bases, bases.map { _ in 1 }), (bases, bases.map { _ in ones }),
                (bases.map { _ in base }, numbers), (bases.map { _ in base }, bases.map { _ in ones }),
            ] as [([BigInteger], [BigInteger])] {
                #expect(
                    product(bases, exponents, bits: 77, window: 4, part: 5, in: group)
                        == expected(bases, exponents, in: group), "\(count) bases, seed \(random.seed)")
            }
        }
    }

    @Test("any number of windows, in parts of any length", arguments: groups)
    func windows(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let bases = (0..<13).map { _ in random.element(of: group).value }
        for windows in 1...17 {
            let bits = 3 * windows - windows % 2
            let exponents = bases.map { _ in random.number(bitCount: bits) }
            #expect(
                product(bases, exponents, bits: bits, window: 3, part: 1 + windows % 6, in: group)
                    == expected(bases, exponents, in: group), "\(windows) windows, seed \(random.seed)")
        }
    }

    @Test("a thousand bases with the window that costs least", arguments: groups)
    func many(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let some = (0..<10).map { _ in random.element(of: group).value }
        let bases = (0..<1000).map { some[$0 % 10] }
        let exponents = bases.map { _ in random.number(bitCount: 128) }
        let sums = some.indices.map { base in
            stride(from: base, to: 1000, by: 10).reduce(BigInteger(0)) { $0 + exponents[$1] }
        }
        let window = eo_best_window(group.elements.pointer, 128, 1000)
        #expect(
            product(bases, exponents, bits: 128, window: window, part: 400, in: group)
                == expected(some, sums, in: group), "seed \(random.seed)")
    }
}
