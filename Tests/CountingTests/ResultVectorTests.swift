// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic
import StrictJSON
import Testing

@testable import Counting

@Suite("Results, vectors counting/results.json")
struct ResultVectorTests {
    @Test("results.json is the original's to the byte", arguments: vectors)
    func counts(_ vector: CountingVector) throws {
        let result = try vector.result()
        let file = result.file()
        // The first difference is easier to read than two hashes.
        #expect(
            String(decoding: file, as: UTF8.self)
                == String(
                    decoding: (vector.json["results"]?.withPythonFractions ?? .null).indentedBytes + [0x0a],
                    as: UTF8.self))
        let expected = vector.json["sha256"]?.asString.flatMap { BigInteger(hexadecimal: $0) }
        #expect(BigInteger(bigEndian: HashFunction.sha256.digest(of: file)) == expected)
    }

    @Test("strange characters are written as the original writes them")
    func serialised() throws {
        let vector = try #require(vectors.first { $0.name == "borda with write-ins" })
        let url = CountingVectors.folder.appendingPathComponent("results-serialised.json")
        #expect(Data(try vector.result().file()) == (try Data(contentsOf: url)))
    }
}

private let vectors = (try? CountingVectors.entries(CountingVectors.file("results.json"))) ?? []

extension CountingVector {
    func result() throws -> ElectionResult {
        let tallies = try (json["elections"]?.asArray ?? []).map { election in
            let questions = try CountableQuestion.all(in: (election["questions"] ?? .null).compactBytes)
            let lists = (election["plaintexts"]?.asArray ?? []).map { list in
                PlaintextList((list.asArray ?? []).compactMap(\.asString))
            }
            return CountedTally(questions: questions, plaintexts: lists)
        }
        return try ElectionResult(counting: tallies, by: CountingConfiguration(json["pipeline"] ?? .null))
    }
}
