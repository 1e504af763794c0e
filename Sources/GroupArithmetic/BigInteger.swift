// SPDX-License-Identifier: Apache-2.0

private import CGMP

/// A natural number of any size. Public: its time and memory depend on its value.
///
/// - Invariant: `limbs` are least significant first and end in a limb that is not zero; 0 has none.
public struct BigInteger: Hashable, Sendable {
    package let limbs: [UInt]

    package init(limbs: some Sequence<UInt>) {
        var limbs = Array(limbs)
        while limbs.last == 0 { limbs.removeLast() }
        self.limbs = limbs
    }

    public init(_ value: UInt) { self.init(limbs: [value]) }

    /// 2^exponent.
    package init(powerOfTwo exponent: Int) {
        self.init(limbs: Array(repeating: 0, count: exponent / 64) + [1 << UInt(exponent % 64)])
    }

    /// Bits of the number without leading zeros; 0 for 0.
    public var bitCount: Int {
        guard let top = limbs.last else { return 0 }
        return limbs.count * 64 - top.leadingZeroBitCount
    }

    public var isZero: Bool { limbs.isEmpty }
    public var isOdd: Bool { (limbs.first ?? 0) & 1 == 1 }

    /// The limbs, padded with zeros or cut to `count`.
    package func limbs(count: Int) -> [UInt] {
        Array(limbs.prefix(count)) + Array(repeating: 0, count: max(0, count - limbs.count))
    }
}

extension BigInteger: Comparable {
    public static func < (left: BigInteger, right: BigInteger) -> Bool {
        if left.limbs.count != right.limbs.count { return left.limbs.count < right.limbs.count }
        for (a, b) in zip(left.limbs.reversed(), right.limbs.reversed()) where a != b { return a < b }
        return false
    }
}

extension BigInteger: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt) { self.init(value) }
}

// Sums, differences, products: for parameters and tests; arrays have their kernels.
extension BigInteger {
    public static func + (left: BigInteger, right: BigInteger) -> BigInteger {
        let (long, short) = left.limbs.count >= right.limbs.count ? (left, right) : (right, left)
        guard !short.limbs.isEmpty else { return long }
        var sum = long.limbs
        let carry = __gmpn_add(
            &sum, long.limbs, long.limbs.count, short.limbs, short.limbs.count)
        return BigInteger(limbs: sum + [carry])
    }

    /// - Precondition: `right` <= `left`.
    public static func - (left: BigInteger, right: BigInteger) -> BigInteger {
        precondition(right <= left, "natural numbers: the difference would be negative")
        guard !right.limbs.isEmpty else { return left }
        var difference = left.limbs
        _ = __gmpn_sub(
            &difference, left.limbs, left.limbs.count, right.limbs,
            right.limbs.count)
        return BigInteger(limbs: difference)
    }

    public static func * (left: BigInteger, right: BigInteger) -> BigInteger {
        let (long, short) = left.limbs.count >= right.limbs.count ? (left, right) : (right, left)
        guard !short.limbs.isEmpty else { return 0 }
        var product = [UInt](repeating: 0, count: long.limbs.count + short.limbs.count)
        __gmpn_mul(
            &product, long.limbs, long.limbs.count, short.limbs,
            short.limbs.count)
        return BigInteger(limbs: product)
    }

    /// The remainder of division by `modulus`, which is not 0.
    public static func % (left: BigInteger, modulus: BigInteger) -> BigInteger {
        precondition(!modulus.isZero, "division by zero")
        guard left.limbs.count >= modulus.limbs.count else { return left }
        var quotient = [UInt](repeating: 0, count: left.limbs.count - modulus.limbs.count + 1)
        var remainder = [UInt](repeating: 0, count: modulus.limbs.count)
        __gmpn_tdiv_qr(
            &quotient, &remainder, 0, left.limbs, left.limbs.count,
            modulus.limbs, modulus.limbs.count)
        return BigInteger(limbs: remainder)
    }

    /// Half of the number, rounded down.
    public var half: BigInteger {
        BigInteger(limbs: limbs.indices.map { limbs[$0] >> 1 | ($0 + 1 < limbs.count ? limbs[$0 + 1] << 63 : 0) })
    }

    /// Whether the number is prime, but for a chance of at most 4^-rounds for a number that an adversary chose.
    public func isProbablyPrime(rounds: Int32 = 50) -> Bool {
        var number = mpz_t()
        let limbs = limbs
        return limbs.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, !buffer.isEmpty else { return false }
            return __gmpz_probab_prime_p(__gmpz_roinit_n(&number, base, buffer.count), rounds) > 0
        }
    }
}
