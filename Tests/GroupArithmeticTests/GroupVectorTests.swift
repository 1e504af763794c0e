// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import GroupArithmetic
import TestSupport
import Testing

@Suite("Groups and their bytes, sections 2.1 and 3.2 to 3.4")
struct GroupVectorTests {
    @Test("p and q of every named group are prime and its generator is a residue", arguments: SafePrimeGroup.named)
    func isSafePrimeGroup(_ group: SafePrimeGroup) {
        #expect(group.p == group.q + group.q + 1)
        #expect(group.p.isProbablyPrime())
        #expect(group.q.isProbablyPrime())
        let g = group.generator
        #expect(!g.isIdentity)
        // In a group of prime order every element but 1 generates, so g^q = 1 is all that is left to show.
        #expect(g.powerVariableTime(group.q).isIdentity)
        #expect(group.element(g.value) == g)
    }

    @Test("sequent2048's generator is the square that section 2.1 derives from p")
    func generatorOfSequent2048() {
        let group = SafePrimeGroup.sequent2048
        var output = RandomOracle(.sha256, prefix: []).output(bitCount: 4098) {
            $0.append(bytes: group.p.minimalTwosComplement)
        }
        output[0] = 0
        let root = BigInteger(bigEndian: output)
        #expect(root * root % group.p == group.generator.value)
    }

    @Test(
        "sizes and marshalled forms agree with the vectors",
        .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func marshalled() throws {
        struct Sequent: Decodable {
            let p, q, g: HexadecimalNumber
            let element_bytes, field_bytes: Int
            let marshalled: Hexadecimal
            let human: String
            let reject_elements, reject_field_elements: [String: Hexadecimal]
        }
        let vector = try SharedVectors.sequent("group_sequent2048", as: Sequent.self)
        let group = SafePrimeGroup.sequent2048
        #expect(group.p == vector.p.value && group.q == vector.q.value && group.generator.value == vector.g.value)
        #expect(group.elementByteCount == vector.element_bytes && group.exponentByteCount == vector.field_bytes)
        #expect(group.marshalled.serialized == vector.marshalled.bytes)
        #expect(group.label == vector.human)
        for (name, bytes) in vector.reject_elements {
            let array = ByteTree.node([.leaf(bytes.bytes)]).serialized
            #expect(throws: VectorError.self, "\(name)") { try readElements(array, count: 1, in: group) }
        }
        for (name, bytes) in vector.reject_field_elements {
            let array = ByteTree.node([.leaf(bytes.bytes)]).serialized
            #expect(throws: VectorError.self, "\(name)") { try readExponents(array, count: 1, in: group) }
        }
    }

    @Test("RFC 7919 groups agree with the vectors", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func rfc7919() throws {
        struct Vector: Decodable {
            let element_bytes, field_bytes: Int
            let marshalled_sha256, p_sha256_of_minimal_bytes: Hexadecimal
            let human: String
        }
        for (name, vector) in try SharedVectors.sequent("groups_rfc7919", as: [String: Vector].self) {
            let group = try #require(SafePrimeGroup.named(name))
            #expect(group.elementByteCount == vector.element_bytes && group.exponentByteCount == vector.field_bytes)
            #expect(HashFunction.sha256.digest(of: group.marshalled.serialized) == vector.marshalled_sha256.bytes)
            #expect(
                HashFunction.sha256.digest(of: group.p.minimalTwosComplement) == vector.p_sha256_of_minimal_bytes.bytes)
            #expect(group.label == vector.human)
        }
    }

    @Test(
        "arrays in the toy group have the bytes of the vectors",
        .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func arraysOfTheToyGroup() throws {
        struct Vector: Decodable {
            let elements_4_16_258, field_array_1_2_130: Hexadecimal
        }
        let vector = try SharedVectors.sequent("small_group", as: Vector.self)
        let group = SmallGroups.toy
        let elements = try ElementVector(checking: [4, 16, 258], in: group)
        var bytes: [UInt8] = []
        elements.write(to: &bytes)
        #expect(bytes == vector.elements_4_16_258.bytes)
        #expect(try readElements(bytes, count: 3, in: group) == elements)
        let exponents = ExponentVector([1, 2, 130], bitCount: 8, in: group)
        bytes = []
        exponents.write(to: &bytes)
        #expect(bytes == vector.field_array_1_2_130.bytes)
        #expect(try readExponents(bytes, count: 3, in: group)[2] == exponents[2])
    }

    @Test("the index of the first number outside the group is named")
    func namesTheIndex() {
        let group = SmallGroups.toy
        let members = (1...60).map { group.generator.powerVariableTime(BigInteger($0)).value }
        for outsider in [BigInteger(0), 262, 263, 5] {
            var numbers = members
            numbers[41] = outsider
            #expect(throws: VectorError.notInGroup(index: 41)) { try ElementVector(checking: numbers, in: group) }
        }
    }

    private func readElements(_ bytes: [UInt8], count: Int, in group: SafePrimeGroup) throws -> ElementVector {
        try bytes.withUnsafeBytes { buffer in
            try readingByteTree(
                buffer, { reader throws(VectorError) in try ElementVector(reading: &reader, count: count, in: group) },
                orElse: { .byteTree($0) })
        }
    }

    private func readExponents(_ bytes: [UInt8], count: Int, in group: SafePrimeGroup) throws -> ExponentVector {
        try bytes.withUnsafeBytes { buffer in
            try readingByteTree(
                buffer, { reader throws(VectorError) in try ExponentVector(reading: &reader, count: count, in: group) },
                orElse: { .byteTree($0) })
        }
    }
}
