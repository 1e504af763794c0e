// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON
import Testing

@testable import Counting

@Suite("Ballots that no booth makes")
struct StrangeBallotTests {
    /// Bases 2, 4, 4: three points at most for each of two answers, and for both together.
    private func cumulative(min: Int = 0) throws -> CountableQuestion {
        try sampleQuestion(
            "cumulative", answers: 2, min: min, max: 3, ["extra_options": ["cumulative_number_of_checkboxes": 3]])
    }

    private func list(_ plaintexts: [String]) -> PlaintextList {
        PlaintextList(Data(plaintexts.map { "\"\($0)\"\n" }.joined().utf8))
    }

    private func remarks(
        _ question: CountableQuestion, _ list: PlaintextList, withdrawn: Set<Int> = []
    ) throws -> [String] {
        try CountedQuestion(counting: question, list, withdrawn: withdrawn).remarks.filter { $0.contains("in line") }
    }

    @Test("points up to max are told by nobody, one more is, withdrawn answers included")
    func points() throws {
        let question = try cumulative()
        // 3 and 0, 1 and 2, nothing; then 2 and 2, and what the flag makes null anyway.
        let fine = ["7", "19", "1"]
        #expect(try remarks(question, list(fine)) == [])
        let told = [
            "1 ballot gives more points together than 3, which is max, as no booth takes for valid (the first in line 4): counted as valid"
        ]
        let more = list(fine + ["21", "32"])
        #expect(try remarks(question, more) == told)
        #expect(try remarks(question, more, withdrawn: [1]) == told)
        let counted = try CountedQuestion(counting: question, more)
        #expect(counted.totals == .init(blank: 1, null: 1, valid: 3))
    }

    @Test("lines are counted through lists and parts, and equal ones all count")
    func lines() throws {
        // Longer than one part of a list.
        let many = Array(repeating: "7", count: 40_000)
        var joined = list(many + ["31", "31", "99"])
        joined.append(list(["7", "0", "31", "98", "x"]))
        #expect(
            try remarks(try cumulative(), joined) == [
                "3 plaintexts are no ballots of the question (not a number 1, too big 2, the first in line 40003): counted as null",
                "1 plaintext is 0, which no mix gives (the first in line 40005): counted as if nothing was chosen",
                "3 ballots give more points together than 3, which is max, as no booth takes for valid (the first in line 40001): counted as valid",
            ])
    }

    @Test("plaintext 0 counts as an empty ballot, which may be null")
    func zero() throws {
        let (free, bound) = (try cumulative(), try cumulative(min: 1))
        #expect(try CountedQuestion(counting: free, list(["0"])).totals.blank == 1)
        #expect(try CountedQuestion(counting: bound, list(["0"])).totals.null == 1)
        #expect(try remarks(free, list(["0"])) == remarks(bound, list(["0"])))
        #expect(try remarks(free, list(["1"])) == [])
    }

    @Test("retired methods tell of what is no ballot too")
    func retired() throws {
        let question = try sampleQuestion("pairwise-beta", answers: 2, max: 2)
        #expect(
            try remarks(question, list(["13", "99", "x"])) == [
                "2 plaintexts are no ballots of the question (not a number 1, too big 1, the first in line 2): counted as null"
            ])
    }
}
