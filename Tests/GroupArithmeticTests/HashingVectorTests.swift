// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import GroupArithmetic
import TestSupport
import Testing

@Suite("Derived randomness, sections 3.5 to 3.9", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
struct HashingVectorTests {
    @Test("the generator's stream agrees with the vectors, from any offset")
    func stream() throws {
        struct Vector: Decodable {
            let hash: String
            let seed, output: Hexadecimal
        }
        let vectors = try SharedVectors.sequent("prg", as: [Vector].self)
        #expect(vectors.count == 3)
        for vector in vectors {
            let function = try #require(HashFunction(rawValue: vector.hash))
            for offset in [0, 1, 31, 32, 65] {
                var generator = PseudorandomGenerator(function, seed: vector.seed.bytes)
                generator.skip(to: offset)
                let expected = Array(vector.output.bytes.dropFirst(offset))
                #expect(generator.bytes(expected.count) == expected, "\(vector.hash) from byte \(offset)")
            }
        }
    }

    @Test("the oracle agrees with the vectors")
    func oracle() throws {
        struct Vector: Decodable {
            let hash: String
            let bits: Int
            let input, output: Hexadecimal
        }
        let vectors = try SharedVectors.sequent("random_oracle", as: [Vector].self)
        #expect(vectors.count == 6)
        for vector in vectors {
            let oracle = RandomOracle(try #require(HashFunction(rawValue: vector.hash)), prefix: [])
            let output = oracle.output(bitCount: vector.bits) { $0.append(bytes: vector.input.bytes) }
            #expect(output == vector.output.bytes, "\(vector.hash), \(vector.bits) bits")
        }
    }

    @Test("the first independent generators of a published tally come out, and a longer list starts with them")
    func generators() throws {
        struct Vector: Decodable {
            let rho: Hexadecimal
            let generators_first3: [Hexadecimal]
        }
        let vector = try SharedVectors.sequent("tally_8", as: Vector.self)
        let oracle = RandomOracle(.sha256, prefix: vector.rho.bytes)
        let generators = ElementVector.independentGenerators(
            count: 200, in: .sequent2048, oracle: oracle, function: .sha256, statisticalDistance: 100)
        for (index, expected) in vector.generators_first3.enumerated() {
            #expect(generators[index].bytes == expected.bytes)
        }
    }

    @Test("a seed gives the same numbers again, and others for another label or context")
    func seeds() throws {
        var system = SystemRandomSource()
        let seed = SecretSeed(from: &system)
        let group = SafePrimeGroup.ffdhe2048
        let numbers = ExponentVector.uniform(count: 100, in: group, from: seed, label: "r")
        let again = ExponentVector.uniform(count: 100, in: group, from: seed, label: "r")
        let prefix = ExponentVector.uniform(count: 3, in: group, from: seed, label: "r")
        let other = ExponentVector.uniform(count: 100, in: group, from: seed, label: "s")
        let elsewhere = ExponentVector.uniform(count: 100, in: group, from: seed, label: "r", context: [1])
        for index in 0..<100 {
            #expect(numbers[index] == again[index])
            #expect(numbers[index] != other[index] && numbers[index] != elsewhere[index])
        }
        #expect(prefix[2] == numbers[2])
    }
}
