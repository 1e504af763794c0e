// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import TestSupport
import Testing

@Suite(
    "The vector kernel gives the numbers that GMP gives",
    .enabled(if: Kernel.ifma.isAvailable, "this processor has no AVX-512 IFMA"))
struct KernelComparisonTests {
    /// 40 digits with 31 spare bits, 40 with 32, 60 with 48, 80 with 64: every length that occurs.
    static let groups = SafePrimeGroup.named

    /// Numbers below p at which carries and borrows go furthest, and some random ones.
    private func numbers(in group: SafePrimeGroup, _ random: inout SeededRandomSource) -> [BigInteger] {
        let p = group.p
        let edges: [BigInteger] =
            [1, 2, p - 1, p - 2, p.half, p.half + 1]
            + [51, 52, 53, 64, 1040, p.bitCount - 1].flatMap {
                [BigInteger(powerOfTwo: $0), BigInteger(powerOfTwo: $0) - 1]
            }
        return edges + (0..<5).map { _ in random.number(bitCount: p.bitCount) % p }
    }

    private func vector(_ numbers: [BigInteger], in group: SafePrimeGroup) -> ElementVector {
        let limbs = numbers.flatMap { $0.limbs(count: group.elements.limbCount) }
        return ElementVector(NumberList(LimbStorage(limbs), limbCount: group.elements.limbCount), in: group)
    }

    /// What both kernels make of the same numbers.
    private func compare(
        in group: SafePrimeGroup, _ numbers: [BigInteger], _ operation: (SafePrimeGroup, ElementVector) -> ElementVector
    ) -> Bool {
        let results = [Kernel.gmp, .ifma].map { kernel in
            let group = group.computed(by: kernel)
            #expect(group.elements.kernel == kernel)
            return operation(group, vector(numbers, in: group))
        }
        return results[0] == results[1]
    }

    @Test("products of all pairs, 0 among them", arguments: groups)
    func products(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let numbers = [0] + numbers(in: group, &random)
        let pairs = numbers.indices.flatMap { i in numbers.indices.map { (i, $0) } }
        #expect(
            compare(in: group, numbers) { _, all in
                all.selecting(pairs.map(\.0)) * all.selecting(pairs.map(\.1))
            }, "seed \(random.seed)")
    }

    @Test("powers with a secret exponent", arguments: groups)
    func secretPowers(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let numbers = numbers(in: group, &random)
        for exponent in [0, 1, group.q - 1, random.number(bitCount: group.q.bitCount) % group.q] as [BigInteger] {
            #expect(
                compare(in: group, numbers) { group, bases in
                    SecretExponent(Exponent(reducing: exponent, in: group)).powers(of: bases)
                }, "seed \(random.seed)")
        }
    }

    @Test("powers of a fixed base", arguments: groups)
    func fixedBase(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let exponents = [0, 1, group.q - 1] + (0..<9).map { _ in random.number(bitCount: group.q.bitCount) % group.q }
        for base in [1, group.p - 1, random.number(bitCount: group.p.bitCount) % group.p] as [BigInteger] {
            #expect(
                compare(in: group, [base]) { group, bases in
                    FixedBase(bases[0])
                        .powers(ExponentVector(exponents.map { Exponent(reducing: $0, in: group) }, in: group))
                }, "seed \(random.seed)")
        }
    }

    @Test("products of powers", arguments: groups)
    func productsOfPowers(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let numbers = numbers(in: group, &random)
        for bits in [1, 128, 200, 629] {
            let exponents = numbers.map { _ in random.number(bitCount: bits) }
            #expect(
                compare(in: group, numbers) { group, bases in
                    ElementVector(
                        [bases.productOfPowers(ExponentVector(exponents, bitCount: bits, in: group))], in: group)
                }, "\(bits) bits, seed \(random.seed)")
        }
    }

    @Test("arithmetic modulo q", arguments: groups)
    func exponents(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let values = [0, 1, group.q - 1] + (0..<20).map { _ in random.number(bitCount: group.q.bitCount) % group.q }
        let results = [Kernel.gmp, .ifma].map { kernel in
            let group = group.computed(by: kernel)
            let exponents = ExponentVector(values.map { Exponent(reducing: $0, in: group) }, in: group)
            let products = exponents * exponents
            return values.indices.map { products[$0].value }
        }
        #expect(results[0] == results[1], "seed \(random.seed)")
    }
}
