// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import TestSupport
import Testing

@Suite("Operations on vectors agree with arithmetic on single integers")
struct KernelPropertyTests {
    /// Small groups, and the named ones with each kernel that this machine has.
    static let groups =
        [SmallGroups.toy, SmallGroups.twoLimbs, SmallGroups.fiveLimbs]
        + [SafePrimeGroup.sequent2048, .ffdhe3072].flatMap { group in
            Kernel.allCases.filter(\.isAvailable).map { group.computed(by: $0) }
        }

    /// As many trials as a group of that size allows in a test.
    private func trials(_ count: Int, in group: SafePrimeGroup) -> Int {
        group.p.bitCount < 1024 ? count : min(count, 20)
    }

    @Test("products, inverses and the product of all", arguments: groups)
    func products(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let a =
            (0..<trials(70, in: group)).map { _ in random.element(of: group) } + [
                group.generator, group.generator.inverse,
            ]
        let b = a.reversed() as [GroupElement]
        let (left, right) = (ElementVector(a, in: group), ElementVector(b, in: group))
        let product = left * right
        for index in a.indices {
            #expect(product[index].value == a[index].value * b[index].value % group.p, "seed \(random.seed)")
        }
        let ones = left.inverses * left
        #expect((0..<ones.count).allSatisfy { ones[$0].isIdentity }, "seed \(random.seed)")
        let all = a.reduce(BigInteger(1)) { $0 * $1.value % group.p }
        #expect(left.product.value == all, "seed \(random.seed)")
    }

    @Test("powers of a fixed base, with exponents 0, 1, q-1 and random ones", arguments: groups)
    func fixedBase(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let base = random.element(of: group)
        let edges = [0, 1, group.q - 1, group.q.half].map { Exponent(reducing: $0, in: group) }
        let exponents = edges + (0..<20).map { _ in random.exponent(of: group) }
        let powers = FixedBase(base).powers(ExponentVector(exponents, in: group))
        for (index, exponent) in exponents.enumerated() {
            #expect(powers[index] == base.powerVariableTime(exponent), "seed \(random.seed)")
        }
        #expect(FixedBase(base).powers(ExponentVector([Exponent](), in: group)).count == 0)
    }

    @Test("powers of a fixed base of several lists of any lengths and widths, some with none", arguments: groups)
    func fixedBaseLists(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let base = random.element(of: group)
        let widths = [group.q.bitCount - 1, min(group.q.bitCount - 1, 3), min(group.q.bitCount - 1, 200)]
        let lists = zip([3, 0, 17, 8, 1], [0, 1, 2, 1, 0]).map { count, width in
            (0..<count).map { _ in random.number(bitCount: widths[width]) }
        }
        let vectors = zip(lists, [0, 1, 2, 1, 0]).map { ExponentVector($0, bitCount: widths[$1], in: group) }
        let powers = FixedBase(base).powers(vectors)
        #expect(powers.map(\.count) == lists.map(\.count))
        for (list, powers) in zip(lists, powers) {
            for (index, exponent) in list.enumerated() {
                #expect(powers[index] == base.powerVariableTime(exponent), "seed \(random.seed)")
            }
        }
    }

    @Test("more powers of a fixed base than are computed at a time: first, last and around every cut")
    func manyFixedBase() {
        let group = SmallGroups.fiveLimbs
        var random = SeededRandomSource()
        let base = random.element(of: group)
        let counts = [70_001, 9]
        let lists = counts.map { count in (0..<count).map { _ in random.exponent(of: group) } }
        let powers = FixedBase(base).powers(lists.map { ExponentVector($0, in: group) })
        for (list, powers) in zip(lists, powers) {
            for index in list.indices where index % 997 < 3 || index >= list.count - 3 {
                #expect(powers[index] == base.powerVariableTime(list[index]), "\(index), seed \(random.seed)")
            }
        }
    }

    @Test("products of powers of short and long exponents, of none, one and many bases", arguments: groups)
    func productsOfPowers(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        for count in Set([0, 1, 2, 33, 300].map { trials($0, in: group) }) {
            for bits in Set([1, 20, 200, 2048].map { min($0, group.q.bitCount - 1) }) {
                let bases = (0..<count).map { _ in random.element(of: group) }
                let exponents = (0..<count).map { _ in random.number(bitCount: bits) }
                let product = ElementVector(bases, in: group)
                    .productOfPowers(ExponentVector(exponents, bitCount: bits, in: group))
                let expected = zip(bases, exponents).reduce(BigInteger(1)) {
                    $0 * $1.0.powerVariableTime($1.1).value % group.p
                }
                #expect(product.value == expected, "count \(count), \(bits) bits, seed \(random.seed)")
            }
        }
    }

    @Test("secret exponents give the powers that public ones give, 0 and 1 among them", arguments: groups)
    func secretPowers(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let bases = ElementVector((0..<5).map { _ in random.element(of: group) }, in: group)
        for value in [BigInteger(0), 1, group.q - 1, random.exponent(of: group).value] {
            let exponent = Exponent(reducing: value, in: group)
            let powers = SecretExponent(exponent).powers(of: bases)
            for index in 0..<bases.count {
                #expect(powers[index] == bases[index].powerVariableTime(exponent), "seed \(random.seed)")
            }
            #expect(SecretExponent(exponent).power(of: bases[0]) == powers[0])
        }
    }

    @Test("arithmetic modulo q: sums, products, replies", arguments: groups)
    func exponents(in group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let a = (0..<50).map { _ in random.exponent(of: group) }
        let b = (0..<50).map { _ in random.exponent(of: group) }
        let v = random.exponent(of: group)
        let (left, right) = (ExponentVector(a, in: group), ExponentVector(b, in: group))
        let replies = left.multiplied(by: v, adding: right)
        for index in a.indices {
            let expected = (v.value * a[index].value + b[index].value) % group.q
            #expect(replies[index].value == expected, "seed \(random.seed)")
        }
        #expect(left.sum.value == a.reduce(BigInteger(0)) { ($0 + $1.value) % group.q })
        #expect(left.product.value == a.reduce(BigInteger(1)) { $0 * $1.value % group.q })
        let inner = zip(a, b).reduce(BigInteger(0)) { ($0 + $1.0.value * $1.1.value) % group.q }
        #expect(left.innerProduct(with: right).value == inner)
        #expect((a[0] - b[0] + b[0]) == a[0])
        if !a[0].value.isZero { #expect((a[0] * a[0].inverse).value == 1) }
        let reply = SecretExponent(a[0]).reply(to: v, nonce: SecretExponent(b[0]))
        #expect(reply == replies[0])
    }
}
