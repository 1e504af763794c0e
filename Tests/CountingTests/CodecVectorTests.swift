// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import Testing

@testable import Counting

@Suite("The code of ballots, vectors counting/codec.json")
struct CodecVectorTests {
    @Test("choices become the vector's digits and plaintext", arguments: try codec("encode"))
    func encodes(_ vector: CountingVector) throws {
        let code = BallotCode(try vector.question())
        let choices = try vector.choices()
        #expect(code.bases.map { Int($0) } + nameBases(vector) == vector.integers("bases"))
        let plaintext = try code.encode(choices)
        #expect(plaintext.decimal == vector.json["plaintext"]?.asString)
        #expect((plaintext - 1).decimal == vector.json["ballotInteger"]?.asString)
        #expect(
            [choices.isInvalid ? 1 : 0] + (try code.digits(of: choices)).map { Int($0) }
                == vector.integers("digits").prefix(code.bases.count).map { $0 })
    }

    @Test("a plaintext decodes to the choices that it was made of", arguments: try codec("encode"))
    func decodesWhatItEncodes(_ vector: CountingVector) throws {
        let code = BallotCode(try vector.question())
        let choices = try vector.choices()
        let ballot = code.decode(Plaintext(try code.encode(choices)))
        #expect(ballot.fault == nil)
        var expected = choices
        expected.names = choices.names.filter { !$0.value.isEmpty }
        // For plurality the vector may say any number for chosen.
        if code.method == .plurality { expected.chosen = choices.chosen.mapValues { _ in 0 } }
        #expect(code.choices(of: ballot) == expected)
    }

    @Test("the verdict and the points are the vector's", arguments: try codec("encode") + codec("decode"))
    func judges(_ vector: CountingVector) throws {
        let question = try vector.question()
        let plaintext = try #require(vector.json["plaintext"]?.asString)
        let counted = try CountedQuestion(counting: question, PlaintextList([plaintext]))
        switch vector.json["verdict"]?.asString {
        case "valid": #expect(counted.totals == .init(valid: 1))
        case "blank": #expect(counted.totals == .init(blank: 1))
        case "null":
            #expect(counted.totals == .init(null: 1))
            #expect(counted.nullReasons.keys.map(\.rawValue) == [vector.json["reason"]?.asString])
        default: Issue.record("no verdict in \(vector.name)")
        }
        for points in vector.json["points"]?.asArray ?? [] {
            guard let id = points["id"]?.asInteger, let answer = counted.answers.first(where: { $0.id == id }) else {
                continue
            }
            #expect(answer.total.json == points["points"]?.withPythonFractions)
        }
        for expected in vector.json["counted"]?.asArray ?? [] {
            let text = ExactText(expected["text"]?.asString ?? "")
            let found = counted.answers.filter { ExactText($0.text) == text }.map(\.total.json)
            #expect(found.contains(expected["total_count"]?.withPythonFractions ?? .null))
        }
    }

    @Test("choices that the code has no digit for are refused", arguments: try codec("refusedWhenEncoding"))
    func refuses(_ vector: CountingVector) throws {
        let code = BallotCode(try vector.question())
        let choices = try vector.choices()
        #expect(throws: ChoicesError.self) { try code.encode(choices) }
    }

    @Test("how many answers and bytes of names fit a group", arguments: try codec("capacity"))
    func capacity(_ vector: CountingVector) throws {
        let q = try #require(vector.json["q"]?.asString.flatMap { BigInteger(canonicalDecimal: $0) })
        func isMost(_ count: Int?, _ method: String, max: Int) throws -> Bool {
            let count = try #require(count)
            let (all, more) = (
                try sampleQuestion(method, answers: count, max: max),
                try sampleQuestion(method, answers: count + 1, max: max)
            )
            return BallotCode(all).fits(order: q) && !BallotCode(more).fits(order: q)
        }
        #expect(try isMost(vector.json["mostPluralityAnswers"]?.asInteger, "plurality-at-large", max: 1))
        for max in [5, 10, 80] {
            #expect(try isMost(vector.json["mostBordaAnswersMax\(max)"]?.asInteger, "borda", max: max))
        }
        let name = vector.json["writeInBytes"]?["ballot"]?.asString
        let ballot = try #require(try codec("encode").first { $0.name == name })
        let capacity = try #require(BallotCode(try ballot.question()).nameByteCapacity(order: q))
        #expect(capacity == vector.json["writeInBytes"]?["available"]?.asInteger)
        let used = try ballot.choices().names.values.reduce(0) { $0 + $1.utf8.count }
        #expect(capacity - used == vector.json["writeInBytes"]?["left"]?.asInteger)
    }

    private func nameBases(_ vector: CountingVector) -> [Int] {
        let all = vector.integers("bases")
        return Array(all.suffix(all.count { $0 == 256 }))
    }
}

private func codec(_ key: String) throws -> [CountingVector] {
    CountingVectors.entries(try CountingVectors.file("codec.json"), key)
}

extension CountingVector {
    func integers(_ key: String) -> [Int] { (json[key]?.asArray ?? []).compactMap(\.asInteger) }

    func choices() throws -> Choices {
        func byID<Value>(_ key: String, _ value: (JSONValue) -> Value?) -> [Int: Value] {
            var result: [Int: Value] = [:]
            for member in json[key]?.asObject?.members ?? [] {
                if let id = Int(member.key) { result[id] = value(member.value) }
            }
            return result
        }
        return Choices(
            chosen: byID("choose", \.asInteger), names: byID("names", \.asString),
            isInvalid: json["invalidFlag"] == true)
    }
}
