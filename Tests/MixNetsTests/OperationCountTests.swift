// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic
import Testing

@testable import MixNets

/// What docs/performance.md says that a phase performs for every ciphertext. Change both together.
private struct ExpectedCount: CustomTestStringConvertible, Sendable {
    let phase: CountedMix.Phase
    var secretPowers = 0
    var fixedBasePowers = 0
    /// Σ of the lengths of the exponents of its terms in products of powers.
    var productBits = 0
    var memberships = 0
    var multiplications = 0
    /// Montgomery products for each of 128 ciphertexts with the windows that GMP takes; memberships and
    /// secret powers not.
    let montgomeryProducts: Int

    var testDescription: String { phase.rawValue }

    static let all = [
        ExpectedCount(
            phase: .encryption, fixedBasePowers: 3, multiplications: 1, montgomeryProducts: 1_575),
        // α and β are checked where they are read.
        ExpectedCount(phase: .proofsOfKnowledge, productBits: 128 + 384, memberships: 1, montgomeryProducts: 154),
        ExpectedCount(
            phase: .ownPermutation, fixedBasePowers: 5, productBits: 500, multiplications: 3,
            montgomeryProducts: 2_558),
        ExpectedCount(
            phase: .anothersPermutation, productBits: 128 + 200 + 501 + 630, memberships: 3, multiplications: 3,
            montgomeryProducts: 438),
        ExpectedCount(
            phase: .ownShuffle, fixedBasePowers: 2, productBits: 3 * 500, multiplications: 2,
            montgomeryProducts: 1_511),
        ExpectedCount(
            phase: .anothersShuffle, productBits: 3 * 200 + 3 * 501, memberships: 2, montgomeryProducts: 634),
        ExpectedCount(phase: .ownDecryption, secretPowers: 1, productBits: 200, montgomeryProducts: 60),
        ExpectedCount(phase: .anothersDecryption, productBits: 2 * 200, memberships: 1, montgomeryProducts: 120),
        ExpectedCount(phase: .plaintexts, multiplications: 5, montgomeryProducts: 0),
        ExpectedCount(
            phase: .universalVerification,
            productBits: 2 * (128 + 4 * 200 + 4 * 501 + 630) + 4 * 200, memberships: 2 + 2 * 6 + 1,
            multiplications: 2 * 3 + 5, montgomeryProducts: 2_386),
    ]

    /// What is counted exactly, for `count` ciphertexts.
    func operations(_ count: Int) -> [Operation: Int] {
        [
            .secretPower: secretPowers * count, .power: 0, .fixedBasePower: fixedBasePowers * count,
            .productOfPowersBits: productBits * count, .membership: memberships * count,
            .multiplication: multiplications * count,
        ]
    }
}

@Suite("What a mix of two parties performs", .serialized)
struct OperationCountTests {
    private static let small = Result { try CountedMix(count: 32) }
    private static let large = Result { try CountedMix(count: 128) }

    @Test("grows for every ciphertext by what docs/performance.md says, and no more", arguments: ExpectedCount.all)
    fileprivate func growth(expected: ExpectedCount) throws {
        let (small, large) = (try Self.small.get(), try Self.large.get())
        let difference = large.count - small.count
        for (operation, number) in expected.operations(difference) {
            let found = large[expected.phase, operation] - small[expected.phase, operation]
            #expect(
                abs(found - number) * 10 <= number,
                "\(operation): \(found) for \(difference) ciphertexts more, expected \(number)")
        }
    }

    @Test("takes no more multiplications for 128 ciphertexts than it did", arguments: ExpectedCount.all)
    fileprivate func products(expected: ExpectedCount) throws {
        let mix = try Self.large.get()
        let found = mix[expected.phase, .montgomeryProduct]
        let number = expected.montgomeryProducts * mix.count
        #expect(found * 10 <= number * 11, "\(found / mix.count) a ciphertext, expected \(expected.montgomeryProducts)")
    }
}
