// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic
import StrictJSON
import TestSupport
import Testing

@testable import Counting

@Suite("Random questions and ballots")
struct RandomElectionTests {
    private static let methods = TallyMethod.allCases.filter { !$0.isRetired }

    @Test("what was encoded decodes to the same choices, with names of any script", arguments: methods)
    func decodesWhatWasEncoded(_ method: TallyMethod) throws {
        var random = SeededRandomSource()
        for _ in 0..<60 {
            let question = try randomQuestion(method, &random)
            let code = BallotCode(question)
            let choices = randomChoices(code, &random)
            let plaintext = try code.encode(choices)
            let ballot = code.decode(Plaintext(plaintext))
            #expect(ballot.fault == nil && code.choices(of: ballot) == choices, "seed \(random.seed)")
            if choices.names.isEmpty { #expect(plaintext <= code.largestPlaintext, "seed \(random.seed)") }
        }
    }

    @Test(
        "a number that is a ballot is the one that its choices encode to, and every other is malformed",
        arguments: methods)
    func encodesWhatWasDecoded(_ method: TallyMethod) throws {
        var random = SeededRandomSource()
        for _ in 0..<60 {
            let question = try randomQuestion(method, &random)
            let code = BallotCode(question)
            let bound = code.largestPlaintext.bitCount
            let plaintext = random.number(bitCount: Int.random(in: 1...bound + 12, using: &random)) + 1
            let ballot = code.decode(Plaintext(plaintext))
            if let fault = ballot.fault {
                // A rest behind the digits may be no name.
                let isBeyond = plaintext > code.largestPlaintext || code.carriesNames
                #expect(fault.isMalformed && isBeyond, "seed \(random.seed)")
            } else if !code.carriesNames || !code.writeIns.isEmpty {
                #expect(try code.encode(code.choices(of: ballot)) == plaintext, "seed \(random.seed)")
            }
        }
    }

    @Test("every ballot is blank, null or valid, and what words and long numbers say is the same", arguments: methods)
    func totalsAddUp(_ method: TallyMethod) throws {
        var random = SeededRandomSource()
        for _ in 0..<20 {
            let question = try randomQuestion(method, &random)
            let code = BallotCode(question)
            var lines: [String] = []
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                let isBallot = Bool.random(using: &random)
                let number = isBallot ? try code.encode(randomChoices(code, &random)) : random.number(bitCount: 70)
                lines += Array(repeating: number.decimal, count: Int.random(in: 1...3, using: &random))
            }
            let counted = try CountedQuestion(counting: question, PlaintextList(lines))
            #expect(counted.totals.all == lines.count, "seed \(random.seed)")
            #expect(counted.nullReasons.values.reduce(0, +) == counted.totals.null, "seed \(random.seed)")
            // The order of the lines changes nothing, but for sums of doubles in their last digits.
            let shuffled = try CountedQuestion(counting: question, PlaintextList(lines.shuffled(using: &random)))
            #expect(shuffled.totals == counted.totals, "seed \(random.seed)")
            if method != .bordaNauru {
                #expect(shuffled.published.compact == counted.published.compact, "seed \(random.seed)")
            }
        }
    }

    private func randomQuestion(_ method: TallyMethod, _ random: inout SeededRandomSource) throws -> CountableQuestion {
        let count = Int.random(in: 1...40, using: &random)
        var urls: [Int: JSONValue] = [:]
        for id in 0..<count where Int.random(in: 0..<5, using: &random) == 0 {
            urls[id] = [["title": "isWriteIn", "url": "true"]]
        }
        if Bool.random(using: &random) { urls[count - 1] = [["title": "invalidVoteFlag", "url": "true"]] }
        return try sampleQuestion(
            method.rawValue, answers: count, max: Int.random(in: 1...count, using: &random),
            urls: urls,
            [
                "extra_options": [
                    "allow_writeins": .bool(Bool.random(using: &random)),
                    "cumulative_number_of_checkboxes": .integer(Int.random(in: 1...9, using: &random)),
                ],
                "borda_custom_weights": .array((0..<count).map { .integer(100 - $0) }),
            ])
    }

    private func randomChoices(_ code: BallotCode, _ random: inout SeededRandomSource) -> Choices {
        var choices = Choices(isInvalid: Bool.random(using: &random))
        for column in code.columns where Bool.random(using: &random) && column.base > 1 {
            let digit = Int.random(in: 1..<Int(column.base), using: &random)
            choices.chosen[column.answerID] =
                code.method == .plurality ? 0 : code.method == .cumulative ? digit : digit - 1
        }
        guard code.carriesNames else { return choices }
        let names = ["Ana", "Zoë", "Zoe\u{308}", "李小龍", "😀 & Co.", "\u{10ffff}\u{1}", " "]
        for index in code.writeIns where Bool.random(using: &random) {
            choices.names[code.columns[index].answerID] = names.randomElement(using: &random)
        }
        return choices
    }
}
