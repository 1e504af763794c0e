// SPDX-License-Identifier: Apache-2.0

import CGroupKernels
import GroupArithmetic
import TestSupport
import Testing

@Suite("Kernels take any numbers of the modulus's limbs where they say so, and give reduced ones")
struct KernelOperandTests {
    /// Moduli that fill their digits, leave one bit of a limb or use one bit of it, at each number of digits; the all-ones one makes
    /// sums of products as large as they get.
    static let moduli: [BigInteger] =
        [1024, 1030, 2048, 2050, 2100, 3000, 3072, 4096].map { bits in
            var random = SeededRandomSource(seed: UInt64(bits))
            return BigInteger(powerOfTwo: bits - 1) + random.number(bitCount: bits - 2) * 2 + 1
        } + [1024, 2048, 4096].map { BigInteger(powerOfTwo: $0) - 1 } + [BigInteger(powerOfTwo: 2048) + 1]

    static let trials = moduli.flatMap { value in
        Kernel.allCases.filter(\.isAvailable).map { Modulus(value, kernel: $0) }
    }

    /// Random limbs, edges of the digits and of the modulus, most of them not reduced; zeros last, to spare products of the first ones.
    private func numbers(for modulus: Modulus, _ random: inout SeededRandomSource) -> [BigInteger] {
        let (m, limit) = (modulus.value, BigInteger(powerOfTwo: 64 * modulus.limbCount))
        let limbs = (0..<5).map { _ in random.number(bitCount: 64 * modulus.limbCount) }
        let digits = [51, 52, 520, 1023].map { BigInteger(powerOfTwo: $0) - 1 }
        let edges: [BigInteger] = [limit - 1, limit - m, m - 1, 1, 2, m + 1, m + m - 1, m.half, m + m, m, 0]
        return limbs + digits + edges.filter { $0 < limit }
    }

    private func flat(_ numbers: [BigInteger], _ width: Int) -> [UInt] { numbers.flatMap { $0.limbs(count: width) } }

    private func numbers(_ limbs: [UInt], _ width: Int) -> [BigInteger] {
        stride(from: 0, to: limbs.count, by: width).map { BigInteger(limbs: limbs[$0..<$0 + width]) }
    }

    /// base^exponent by squarings and multiplications of single integers.
    private func power(_ base: BigInteger, _ exponent: BigInteger, _ m: BigInteger) -> BigInteger {
        exponent.limbs.reversed().reduce(1 % m) { power, limb in
            (0..<UInt(64)).reversed().reduce(power) { power, bit in
                let square = power * power % m
                return limb >> bit & 1 == 1 ? square * base % m : square
            }
        }
    }

    @Test("products of all pairs, products with one number, the product of all", arguments: trials)
    func products(modulus: Modulus) {
        var random = SeededRandomSource()
        let (m, width) = (modulus.value, modulus.limbCount)
        let all = numbers(for: modulus, &random)
        for shift in all.indices {
            // Counts from one number to all, so that every number of empty lanes occurs.
            let left = Array(all[...shift])
            let right = left.indices.map { all[($0 + shift) % all.count] }
            var out = flat(left, width)
            let (a, b) = (out, flat(right, width))
            let expected = zip(left, right).map { $0 * $1 % m }
            eo_multiply(modulus.pointer, &out, a, b, left.count)
            #expect(numbers(out, width) == expected, "\(modulus.kernel), seed \(random.seed)")
            eo_scale(modulus.pointer, &out, a, flat([all[shift]], width), left.count)
            #expect(numbers(out, width) == left.map { $0 * all[shift] % m }, "\(modulus.kernel), seed \(random.seed)")
            var product = [UInt](repeating: 0, count: width)
            eo_product(modulus.pointer, &product, a, left.count)
            #expect(BigInteger(limbs: product) == left.reduce(1) { $0 * $1 % m }, "seed \(random.seed)")
        }
    }

    @Test("powers with public, secret and fixed-base exponents, 0 and all ones among them", arguments: trials)
    func powers(modulus: Modulus) {
        var random = SeededRandomSource()
        let (m, width) = (modulus.value, modulus.limbCount)
        let bases = numbers(for: modulus, &random)
        for bits in [1, 5, 64, 131] {
            let ones = BigInteger(powerOfTwo: bits) - 1
            for exponent in [0, ones, random.number(bitCount: bits)] {
                let e = exponent.limbs(count: (bits + 63) / 64)
                let expected = bases.map { power($0, exponent, m) }
                var out = flat(bases, width)
                eo_power_secret(modulus.pointer, &out, flat(bases, width), e, bits, bases.count)
                #expect(numbers(out, width) == expected, "\(modulus.kernel), \(bits) bits, seed \(random.seed)")
                eo_power_vartime(modulus.pointer, &out, flat(bases, width), e, e.count, 0, bases.count)
                #expect(numbers(out, width) == expected, "\(modulus.kernel), \(bits) bits, seed \(random.seed)")
            }
        }
    }

    @Test("powers of a fixed base by rows that two sets of products share", arguments: trials)
    func fixedBase(modulus: Modulus) {
        var random = SeededRandomSource()
        let (m, width) = (modulus.value, modulus.limbCount)
        for (bits, window) in [(3, 3), (40, 5), (131, 6)] {
            let rows = (bits + window - 1) / window
            let exponents =
                [0, 1, BigInteger(powerOfTwo: bits) - 1] + (0..<8).map { _ in random.number(bitCount: bits) }
            let limbs = flat(exponents, (bits + 63) / 64)
            let sets = min(2, rows)
            let step = eo_row_products_size(modulus.pointer, exponents.count)
            for base in numbers(for: modulus, &random).suffix(12) {
                let squares = LimbStorage(count: (bits + window) * width)
                eo_squares(modulus.pointer, squares.base, base.limbs(count: width), bits + window)
                let table = LimbStorage(count: eo_row_size(modulus.pointer, window))
                let products = LimbStorage(count: sets * step)
                for row in 0..<rows {
                    eo_row_init(modulus.pointer, table.base, squares.base + row * window * width, window)
                    eo_row_multiply_vartime(
                        modulus.pointer, products.base + row % sets * step, table.base, window, row * window, limbs,
                        (bits + 63) / 64, exponents.count, row < sets)
                }
                var out = flat(exponents, width)
                eo_row_products_finish(modulus.pointer, &out, products.base, step, sets, exponents.count)
                #expect(
                    numbers(out, width) == exponents.map { power(base, $0, m) },
                    "\(modulus.kernel), \(bits) bits, seed \(random.seed)")
            }
        }
    }

    @Test("products of powers, inverses, replies and reductions", arguments: trials)
    func others(modulus: Modulus) {
        var random = SeededRandomSource()
        let (m, width) = (modulus.value, modulus.limbCount)
        let all = numbers(for: modulus, &random)
        let units = all.filter { greatestCommonDivisorIsOne($0, m) }
        var out = [UInt](repeating: 0, count: width)

        let exponents = units.map { _ in random.number(bitCount: 40) }
        let (window, windows) = (5, 8)
        let buckets = LimbStorage(count: eo_buckets_size(modulus.pointer, window, windows))
        let results = LimbStorage(count: windows * width)
        eo_buckets_clear(modulus.pointer, buckets.base, window, windows)
        eo_buckets_add_vartime(
            modulus.pointer, buckets.base, window, windows, flat(units, width), units.count, flat(exponents, 1), 1, 0)
        eo_buckets_powers_vartime(modulus.pointer, results.base, buckets.base, window, windows)
        let sum = exponents.reduce(0, +).limbs(count: 1)
        eo_product_of_powers_finish_vartime(modulus.pointer, &out, results.base, window, windows, sum, 1)
        let expected = zip(units, exponents).reduce(1) { $0 * power($1.0, $1.1, m) % m }
        #expect(BigInteger(limbs: out) == expected, "\(modulus.kernel), seed \(random.seed)")

        for a in all {
            let b = all[Int(random.next() % UInt64(all.count))]
            let c = b % m
            eo_multiply_add_secret(
                modulus.pointer, &out, a.limbs(count: width), b.limbs(count: width), c.limbs(count: width))
            #expect(BigInteger(limbs: out) == (a * b + c) % m, "\(modulus.kernel), seed \(random.seed)")
            eo_reduce(modulus.pointer, &out, a.limbs(count: width), width, 1)
            #expect(BigInteger(limbs: out) == a % m, "\(modulus.kernel), seed \(random.seed)")
        }

        var inverses = flat(units, width)
        eo_inverse_vartime(modulus.pointer, &inverses, flat(units, width), units.count)
        for (unit, inverse) in zip(units, numbers(inverses, width)) {
            #expect(inverse < m && unit * inverse % m == 1, "\(modulus.kernel), seed \(random.seed)")
        }
    }

    private func greatestCommonDivisorIsOne(_ a: BigInteger, _ m: BigInteger) -> Bool {
        var (a, b) = (m, a % m)
        while !b.isZero { (a, b) = (b, a % b) }
        return a == 1
    }

    @Test("the vector kernel takes 1024 to 4096 bits, GMP the rest", arguments: [1023, 1024, 4096, 4097, 8191])
    func sizes(bits: Int) {
        let modulus = Modulus(BigInteger(powerOfTwo: bits) - 1, kernel: .ifma)
        let expected = (1024...4096).contains(bits) && Kernel.ifma.isAvailable ? Kernel.ifma : .gmp
        #expect(modulus.kernel == expected)
    }
}
