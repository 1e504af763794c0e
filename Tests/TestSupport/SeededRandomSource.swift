// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic
private import Foundation

/// Random bytes that a seed determines, so that a failed property test can be run again.
package struct SeededRandomSource: RandomSource, RandomNumberGenerator {
    package let seed: UInt64
    private var state: UInt64

    /// The seed of EO_TEST_SEED, else a new one; printed by ``forAll(_:trials:_:)`` when a trial fails.
    package init() {
        let given = ProcessInfo.processInfo.environment["EO_TEST_SEED"].flatMap { UInt64($0) }
        self.init(seed: given ?? UInt64.random(in: .min ... .max))
    }

    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// SplitMix64: good enough to draw test data, nothing more.
    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    package mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: next()) }
    }

    package mutating func number(bitCount: Int) -> BigInteger {
        var bytes = bytes((bitCount + 7) / 8)
        if bitCount % 8 != 0 { bytes[0] &= (1 << UInt8(bitCount % 8)) - 1 }
        return BigInteger(bigEndian: bytes)
    }

    package mutating func exponent(of group: SafePrimeGroup) -> Exponent {
        Exponent(reducing: number(bitCount: group.q.bitCount + 64), in: group)
    }

    /// A random element: the square of a random number.
    package mutating func element(of group: SafePrimeGroup) -> GroupElement {
        group.generator.powerVariableTime(exponent(of: group))
    }
}
