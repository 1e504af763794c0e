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

    @Test("no vector is missing")
    func complete() { #expect(vectors.count == 44) }

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

@Suite("What is written beside results.json")
struct ResultTextTests {
    @Test("the table for people and the rows of the CSV file are the original's", arguments: vectors)
    func texts(_ vector: CountingVector) throws {
        let result = try vector.result()
        if let pretty = vector.json["pretty"]?.asString { #expect(result.pretty == pretty) }
        guard let csv = vector.json["csv"]?.asString else { return }
        #expect(result.unquotedCSV == csv)
        // Where nothing needs a quote, what is written is the original's too.
        let isPlain = result.csvRows.joined().allSatisfy { field in !field.contains { ",\"\n=".contains($0) } }
        #expect((result.csv == csv) == isPlain)
    }

    @Test("the CSV file keeps its rows whatever voters write, and holds no formula")
    func hostileNames() throws {
        let question = try sampleQuestion(
            "plurality-at-large", answers: 2, max: 2, urls: [1: [["title": "isWriteIn", "url": "true"]]],
            ["extra_options": ["allow_writeins": true]])
        let code = BallotCode(question)
        let lines = try ["=1+1", "a,\"b\"\r\nc", "-5", "@x"].map { name in
            try code.encode(Choices(chosen: [1: 0], names: [1: name])).decimal
        }
        let tally = CountedTally(questions: [question], plaintexts: [PlaintextList(lines)])
        let csv = try ElectionResult(counting: [tally]).csv
        for row in ["2,-5,,1,0", "3,'=1+1,,1,None", "4,'@x,,1,None", "5,\"a,\"\"b\"\"\r\nc\",,1,None"] {
            #expect(csv.contains("\n" + row + "\n"), "\(row) in \(csv)")
        }
    }
}

@Suite("Differences between a published and a recounted result")
struct ResultDifferenceTests {
    private func result() throws -> ElectionResult {
        try #require(vectors.first { $0.name == "borda" }).result()
    }

    @Test("equal results agree, with and without results_dirname")
    func equal() throws {
        let result = try result()
        #expect(try result.difference(from: PublishedResults(parsing: result.file())) == nil)
        #expect(try result.difference(from: PublishedResults(parsing: result.file(folder: "results-1"))) == nil)
    }

    @Test(
        "the first difference is named with its question and answer",
        arguments: [
            (
                #""total_count": 8"#, #""total_count": 9"#,
                #"question 0, answer 0 ("Bea"), "total_count": expected 8, found 9"#
            ),
            (
                #""winner_position": 1"#, #""winner_position": null"#,
                #"question 0, answer 1 ("Cid"), "winner_position": expected 1, found null"#
            ),
            (
                #""text": "Ana""#, #""text": "Ann""#,
                #"question 0, answer 2 ("Ana"), "text": expected "Ana", found "Ann""#
            ),
            (#""total_votes": 8"#, #""total_votes": 7"#, #"results.json, "total_votes": expected 8, found 7"#),
            (
                #""null_votes": 3"#, #""null_votes": 2"#,
                #"question 0, "totals", "null_votes": expected 3, found 2"#
            ),
            (
                #""valid_votes": 4"#, #""valid_votes": 4.0"#,
                #"question 0, "totals", "valid_votes": expected 4, found 4.0"#
            ),
            (#""totals": {"#, #""totals": [], "zz": {"#, #"question 0, "totals": expected an object, found an array"#),
            (
                #""tally_type": "borda""#, #""tally_type": "cup""#,
                #"question 0, "tally_type": expected "borda", found "cup""#
            ),
            (#""winners": []"#, #""winners": [],\#n"more": 1"#, #"question 0, "more": expected no such key, found 1"#),
            (#""winners": []"#, #""winners":  []"#, "the same values in another text"),
        ])
    func first(_ good: String, _ bad: String, _ part: String) throws {
        let result = try result()
        let text = String(decoding: result.file(), as: UTF8.self)
        let changed = text.replacing(good, with: bad, maxReplacements: 1)
        #expect(changed != text)
        let difference = try #require(
            try result.difference(from: PublishedResults(parsing: Array(changed.utf8))))
        #expect(difference.message.contains(part), "\(difference.message)")
    }

    @Test("of long texts the place where they part is shown")
    func longTexts() throws {
        let long = String(repeating: "x", count: 100)
        let question = try sampleQuestion("borda", answers: 1, max: 1, ["title": .string(long + "yes")])
        let result = try ElectionResult(counting: [CountedTally(questions: [question], plaintexts: [PlaintextList()])])
        let changed = String(decoding: result.file(), as: UTF8.self).replacing("xyes", with: "xno")
        let tail = String(repeating: "x", count: 20)
        #expect(
            try result.difference(from: PublishedResults(parsing: Array(changed.utf8)))?.message
                == #"question 0, "title", from character 80 on: expected "\#(tail)yes", found "\#(tail)no""#)
    }

    @Test("with results_dirname, which cannot be compared to the byte, another layout of the text passes")
    func folderName() throws {
        let result = try result()
        let text = String(decoding: result.file(folder: "results-1"), as: UTF8.self)
        let changed = text.replacing("    ", with: " ")
        #expect(changed != text)
        #expect(try result.difference(from: PublishedResults(parsing: Array(changed.utf8))) == nil)
    }

    @Test("what is no JSON, or has a key twice, is damaged", arguments: ["{", "{}x", #"{"a":1,"a":1}"#, ""])
    func damaged(_ text: String) throws {
        let error = #expect(throws: DamagedResults.self) { try PublishedResults(parsing: Array(text.utf8)) }
        #expect(error?.message.hasPrefix("the file is damaged: ") == true)
    }
}
