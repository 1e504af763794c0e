// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import Testing

@testable import Counting

@Suite("No ballot counts twice, and none stays out without a word")
struct JoiningTests {
    /// Tallies of one question with so many ballots for the first answer.
    private func tallies(_ ballots: [Int], questions: Int = 1) throws -> [CountedTally] {
        let question = try sampleQuestion("plurality-at-large", answers: 2, max: 1)
        return ballots.enumerated().map { index, count in
            CountedTally(
                name: "tally \(50 + index)", questions: Array(repeating: question, count: questions),
                plaintexts: Array(
                    repeating: PlaintextList(Array(repeating: "3", count: count)), count: questions))
        }
    }

    private func joiner(_ pairs: (Int, Int)...) -> (String, JSONValue) {
        let mappings = pairs.map { source, target -> JSONValue in
            [
                "source_election_id": .integer(source), "source_question_num": 0, "dst_election_id": .integer(target),
                "dst_question_num": 0,
            ]
        }
        return ("multipart.multipart_tally_plaintexts_append_joiner", ["mappings": .array(mappings)])
    }

    private let count: (String, JSONValue) = ("results.do_tallies", [:])
    private let sort: (String, JSONValue) = ("sort.sort_non_iterative", [:])

    private func message(_ tallies: [CountedTally], _ configuration: CountingConfiguration) -> String? {
        do {
            _ = try ElectionResult(counting: tallies, by: configuration)
            return nil
        } catch { return error.message }
    }

    @Test("tallies that are joined count once each, and nothing is left to say")
    func joined() throws {
        let result = try ElectionResult(
            counting: tallies([1, 2, 4]), by: configuration(joiner((1, 0), (2, 0)), count, sort))
        #expect(result.questions[0].totals.valid == 7 && result.remarks == [])
    }

    @Test("the same ballots again are refused with their place: the same mapping, or another way to them")
    func twice() throws {
        let place = #"config.json: multipart_tally_plaintexts_append_joiner: "pipes[0].params.mappings"#
        let reason = #"" appends ballots that question 0 of election 0 has already"#
        #expect(
            message(try tallies([1, 2]), try configuration(joiner((1, 0), (1, 0)), count)) == place + "[1]" + reason)
        #expect(
            message(try tallies([1, 2, 4]), try configuration(joiner((1, 2), (1, 0), (2, 0)), count))
                == place + "[2]" + reason)
        #expect(
            message(try tallies([1, 2]), try configuration(joiner((0, 0)), count))
                == place + #"[0]" appends ballots to themselves"#)
    }

    @Test("ballots that are appended behind do_tallies are refused, as nothing counts them")
    func late() throws {
        #expect(
            message(try tallies([1, 2]), try configuration(count, joiner((1, 0)), sort))
                == #"config.json: "pipes[1].params.mappings[0]" appends ballots behind do_tallies, so that nothing counts them"#
        )
        let again = try ElectionResult(
            counting: tallies([1, 2]), by: configuration(count, joiner((1, 0)), count))
        #expect(again.questions[0].totals.valid == 3 && again.remarks == [])
    }

    @Test("a tally that no pipe joins, and a question that no do_tallies counts, are told")
    func leftOut() throws {
        let result = try ElectionResult(counting: tallies([1, 2, 0]), by: configuration(count, sort))
        #expect(result.questions[0].totals.valid == 1)
        #expect(result.remarks == ["tally 51: its ballots of question 0 are not in the result"])
        let first = try ElectionResult(
            counting: tallies([1], questions: 2), by: configuration(("results.do_tallies", ["question_indexes": [0]])))
        #expect(first.remarks == ["tally 50: its ballots of question 1 are not in the result"])
    }

    @Test("a modification behind do_tallies changes nothing, which is told")
    func lateModification() throws {
        let modification = (
            "modifications.apply_modifications",
            ["modifications": [["question_index": 0, "action": "set-min", "min": 1]]] as JSONValue
        )
        let late = try ElectionResult(counting: tallies([1]), by: configuration(count, modification))
        #expect(
            late.remarks
                == [
                    "pipes[1].params.modifications[0] of the configuration stands behind do_tallies and changes no count"
                ])
        #expect(try ElectionResult(counting: tallies([1]), by: configuration(modification, count)).remarks == [])
    }

    @Test("an error in one of several tallies names it")
    func named() throws {
        let question = try sampleQuestion("plurality-at-large", answers: 2, max: 1)
        let missing = CountedTally(name: "tally 51", questions: [question], plaintexts: [nil])
        #expect(
            message(try tallies([1]) + [missing], try configuration(count))
                == "config.json: do_tallies: tally 51 has no plaintexts for question 0")
        let huge = try sampleQuestion(
            "borda-custom", answers: 2, max: 1, ["borda_custom_weights": [.integer(.max)]])
        let list = PlaintextList(["3", "3"])
        let tally = CountedTally(name: "tally 50", questions: [question, huge], plaintexts: [list, list])
        #expect(
            message([tally], try configuration(count))
                == "config.json: do_tallies: tally 50, question 1: a total is too large to be added")
    }

    @Test("more places of answers than anybody could publish are refused, also those of written names")
    func places() throws {
        let ranked = try sampleQuestion("borda", answers: 10, max: 600_000)
        let tally = CountedTally(questions: [ranked, ranked], plaintexts: [PlaintextList(), PlaintextList()])
        #expect(throws: CountingError.tooManyPlaces) { try ElectionResult(counting: [tally]) }
        let names = try sampleQuestion(
            "borda", answers: 1, max: 1_000_000, urls: [0: [["title": "isWriteIn", "url": "true"]]],
            ["extra_options": ["allow_writeins": true]])
        let code = BallotCode(names)
        let lines = try (0..<10).map { try code.encode(Choices(chosen: [0: 0], names: [0: "N\($0)"])).decimal }
        let hostile = CountedTally(questions: [names], plaintexts: [PlaintextList(lines)])
        #expect(message([hostile], .standard)?.contains("more than 10000000 places") == true)
    }
}
