// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import TestSupport
import Testing

@testable import Counting

@Suite("Retired methods, vectors counting/legacy.json")
struct RetiredVectorTests {
    @Test(
        "the result is what the original gave in 2021",
        arguments: CountingVectors.entries(try CountingVectors.file("legacy.json")))
    func counts(_ vector: CountingVector) throws {
        let plaintexts = (vector.json["plaintexts"]?.asArray ?? []).compactMap(\.asString)
        #expect(!plaintexts.isEmpty)
        let counted = try CountedQuestion(counting: vector.question(), PlaintextList(plaintexts))
        var found = try #require(counted.published.asObject)
        // Put there by the tool above the methods.
        found["election_index"] = nil
        #expect(JSONValue.object(found).indentedBytes == vector.json["result"]?.withPythonFractions?.indentedBytes)
    }

    @Test(
        "choices become the plaintexts that were made of them, and come back",
        arguments: CountingVectors.entries(try CountingVectors.file("legacy.json")))
    func encodes(_ vector: CountingVector) throws {
        let code = RetiredCode(try vector.question(), withdrawn: [])
        let choices = (vector.json["choices"]?.asArray ?? []).map { $0.asArray?.compactMap(\.asInteger) ?? [] }
        let plaintexts = (vector.json["plaintexts"]?.asArray ?? []).compactMap(\.asString)
        #expect(!choices.isEmpty && choices.map { code.encode($0).decimal } == Array(plaintexts.prefix(choices.count)))
    }
}

@Suite("The retired code, on random questions and ballots")
struct RetiredCodeTests {
    private static let methods = TallyMethod.allCases.filter(\.isRetired)

    private func code(_ method: TallyMethod, _ random: inout SeededRandomSource) throws -> (RetiredCode, Int) {
        // One, two and three digits a group.
        let count = [Int.random(in: 1...7, using: &random), 8, 9, 97, 98, 120].randomElement(using: &random) ?? 1
        let question = try sampleQuestion(method.rawValue, answers: count, max: 10 * count)
        return (RetiredCode(question, withdrawn: []), count)
    }

    @Test("what was encoded decodes to the same options", arguments: methods)
    func decodesWhatWasEncoded(_ method: TallyMethod) throws {
        var random = SeededRandomSource()
        for _ in 0..<200 {
            let (code, count) = try code(method, &random)
            var options = Array((0..<count).shuffled(using: &random).prefix(Int.random(in: 1...count, using: &random)))
            // Pairs: the winner first, and options as often as they win or lose.
            if method == .pairwiseBeta { options += options.reversed() }
            #expect(code.ballot(Plaintext(code.encode(options))) == .valid(options), "seed \(random.seed)")
            #expect(code.ballot(Plaintext(code.encode([]))) == .blank, "seed \(random.seed)")
        }
    }

    @Test("a number that is a ballot is the one that its options encode to", arguments: methods)
    func encodesWhatWasDecoded(_ method: TallyMethod) throws {
        var random = SeededRandomSource()
        var ballots = 0
        for _ in 0..<2000 {
            let (code, _) = try code(method, &random)
            let plaintext = random.number(bitCount: Int.random(in: 1...40, using: &random)) + 1
            guard case .valid(let options) = code.ballot(Plaintext(plaintext)), !options.isEmpty else { continue }
            ballots += 1
            #expect(code.encode(options) == plaintext, "seed \(random.seed)")
        }
        #expect(ballots > 20, "seed \(random.seed)")
    }
}
