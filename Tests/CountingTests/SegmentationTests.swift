// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import Testing

@testable import Counting

@Suite("Segmented elections, vectors counting/segmented.json")
struct SegmentationTests {
    private let p: String

    init() throws { p = try #require(SafePrimeGroup.named("sequent2048")).p.decimal }

    private func segmentation(_ categories: JSONValue, keys: Int = 1) throws -> Segmentation {
        let pks = JSONValue.array(Array(repeating: ["p": .string(p), "q": "1", "g": "1", "y": "1"], count: keys))
        let file: JSONValue = [
            "configuration": ["mixingCategorySegmentation": ["categories": categories, "categoryName": "town"]],
            "pks": .string(pks.compact),
        ]
        return try Segmentation(parsing: file.compactBytes)
    }

    @Test(
        "primes and ballots are the original's",
        arguments: CountingVectors.entries(try CountingVectors.file("segmented.json")))
    func vectors(_ vector: CountingVector) throws {
        let (json, question) = (vector.json, try vector.question())
        let names = try #require(json["categories"]?.asArray).compactMap(\.asString)
        let segmentation = try segmentation(json["categories"] ?? .null)
        let primes = try segmentation.primes(for: question, index: 0).map { Int($0) }
        #expect(primes == names.map { json["primes"]?[$0]?.asInteger })

        let tagged = try #require(json["tagged"]?.asArray)
        let raw = tagged.compactMap { $0["raw"]?.asString }
        #expect(!raw.isEmpty)
        let tally = try segmentation.taken(
            apart: CountedTally(questions: [question], plaintexts: [PlaintextList(raw)]))
        #expect(tally.questions.map(\.title) == [question.title] + names.map { "\(question.title) - \($0)" })
        let expected = [tagged] + names.map { name in tagged.filter { $0["category"]?.asString == name } }
        for (list, ballots) in zip(tally.plaintexts, expected) {
            #expect(list?.files == PlaintextList(ballots.compactMap { $0["plaintext"]?.asString }).files)
        }
        let result = try ElectionResult(counting: [tally])
        #expect(result.remarks == [] && result.questions.map(\.totals.all) == expected.map(\.count))
    }

    @Test("copies name their question as the original's pipe does, whole results first")
    func copies() throws {
        let question = try sampleQuestion("plurality-at-large", answers: 3, max: 2)
        let list = PlaintextList(["51"])
        let tally = try segmentation(["Sevilla", "Madrid"], keys: 2).taken(
            apart: CountedTally(questions: [question, question], plaintexts: [list, list]))
        #expect(tally.questions.map { $0.json["source_question_index"]?.asInteger } == [nil, 0, 0, nil, 3, 3])
        #expect(tally.questions[4].json["source_election_index"] == 0)
    }

    @Test(
        "what cannot be taken apart is refused with its place",
        arguments: [
            (["52"], "question 0 of the segmented election has a plaintext of no category, line 0"),
            (["51", "x"], "question 0 of the segmented election has a plaintext of no category, line 1"),
        ])
    func refused(_ plaintexts: [String], _ message: String) throws {
        let question = try sampleQuestion("plurality-at-large", answers: 3, max: 2)
        let tally = CountedTally(questions: [question], plaintexts: [PlaintextList(plaintexts)])
        #expect {
            try segmentation(["Sevilla"]).taken(apart: tally)
        } throws: { ($0 as? CountingError)?.message == message }
    }

    @Test("more categories than a result can hold are refused")
    func tooMany() throws {
        let categories = JSONValue.array((0..<1000).map { .string("C\($0)") })
        let question = try sampleQuestion("plurality-at-large", answers: 3, max: 2)
        let tally = CountedTally(questions: [question], plaintexts: [PlaintextList(["51"])])
        #expect(throws: CountingError.at("segmented_election_config.json", .tooManyCopies)) {
            try segmentation(categories).taken(apart: tally)
        }
    }

    @Test("a segmentation that is none is refused with its place")
    func malformed() throws {
        #expect { try segmentation(["A", "A"]) } throws: { error in
            (error as? CountingError)?.message.hasPrefix(
                #"segmented_election_config.json: "configuration.mixingCategorySegmentation.categories[1]""#) == true
        }
        #expect { try Segmentation(parsing: "{}".utf8) } throws: { error in
            (error as? CountingError)?.message
                == #"segmented_election_config.json: the segmentation has no "configuration""#
        }
        let many = try sampleQuestion("plurality-at-large", answers: 14, max: 2)
        #expect { try segmentation(["A"]).primes(for: many, index: 0) } throws: { error in
            (error as? CountingError)?.message.contains("too many different ballots") == true
        }
    }
}
