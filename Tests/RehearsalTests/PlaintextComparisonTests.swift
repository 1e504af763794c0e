// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rehearsal
import TestSupport
import Testing

@Suite("Comparing what was encrypted with what came out")
struct PlaintextComparisonTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func difference(_ encrypted: [String], _ decrypted: [String]) throws -> PlaintextDifference? {
        for (name, numbers) in [("encrypted", encrypted), ("decrypted", decrypted)] {
            try Data(numbers.map { "\"\($0)\"\n" }.joined().utf8).write(to: scratch.file(name))
        }
        return try PlaintextDifference(
            question: 2, encrypted: scratch.file("encrypted").path, decrypted: scratch.file("decrypted").path)
    }

    @Test("equal multisets have no difference, whatever their order")
    func equal() throws {
        #expect(try difference(["3", "10", "3", "1"], ["1", "10", "3", "3"]) == nil)
        #expect(try difference([], []) == nil)
    }

    @Test("a missing and a surplus plaintext are named")
    func replaced() throws {
        let difference = try #require(try difference(["3", "10", "7"], ["3", "11", "7"]))
        #expect(difference.missing == ["10"])
        #expect(difference.surplus == ["11"])
        #expect(difference.message == "question 2: 1 plaintext missing (10), 1 plaintext that nobody encrypted (11)")
    }

    @Test("multiplicity counts: one of two equal votes cannot go")
    func multiplicity() throws {
        let fewer = try #require(try difference(["3", "3", "5"], ["3", "5"]))
        #expect((fewer.missingCount, fewer.missing, fewer.surplusCount) == (1, ["3"], 0))
        let more = try #require(try difference(["3", "5"], ["3", "5", "5"]))
        #expect((more.surplusCount, more.surplus, more.missingCount) == (1, ["5"], 0))
    }

    @Test("a prefix of a number is another number")
    func prefixes() throws {
        let difference = try #require(try difference(["10"], ["1"]))
        #expect(difference.missing == ["10"])
        #expect(difference.surplus == ["1"])
    }

    @Test("many differences are counted, and the first few named")
    func many() throws {
        let difference = try #require(try difference((100..<150).map(String.init), []))
        #expect(difference.missingCount == 50)
        #expect(difference.missing == ["100", "101", "102", "103", "104"])
        #expect(difference.message.hasSuffix("50 plaintexts missing (100, 101, 102, 103, 104, …)"))
    }
}
