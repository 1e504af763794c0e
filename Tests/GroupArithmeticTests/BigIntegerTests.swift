// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import GroupArithmetic
import TestSupport
import Testing

@Suite("Integers and their text")
struct BigIntegerTests {
    @Test("decimal text goes there and back, at limb boundaries too")
    func decimal() throws {
        var random = SeededRandomSource()
        for bits in [0, 1, 7, 63, 64, 65, 127, 128, 2048, 2049] {
            let number = random.number(bitCount: bits)
            #expect(BigInteger(canonicalDecimal: number.decimal) == number, "seed \(random.seed)")
        }
        #expect(BigInteger(canonicalDecimal: "18446744073709551616")?.limbs == [0, 1])
        #expect(BigInteger(0).decimal == "0")
    }

    @Test(
        "text that is not a canonical decimal number is refused",
        arguments: ["", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "１", "1\n"])
    func refuses(_ text: String) {
        #expect(BigInteger(canonicalDecimal: text) == nil)
    }

    @Test("a number of ten thousand digits is refused without being computed")
    func refusesLongNumbers() {
        #expect(BigInteger(canonicalDecimal: String(repeating: "9", count: 10_000)) == nil)
        #expect(BigInteger(canonicalDecimal: "256", maximumBitCount: 8) == nil)
        #expect(BigInteger(canonicalDecimal: "255", maximumBitCount: 8) == 255)
    }

    @Test(
        "minimal two's complement agrees with the vectors", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence)
    )
    func twosComplement() throws {
        struct Vector: Decodable {
            let value: UInt
            let bytes: Hexadecimal
        }
        for vector in try SharedVectors.sequent("integers", as: [Vector].self) {
            let bytes = BigInteger(vector.value).minimalTwosComplement
            #expect(ByteTree.leaf(bytes).serialized == vector.bytes.bytes)
            #expect(BigInteger(minimalTwosComplement: bytes)?.limbs == BigInteger(vector.value).limbs)
            #expect(BigInteger(minimalTwosComplement: [0] + bytes) == nil)
        }
    }
}
