// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import TestSupport
import Testing

@testable import Counting

/// The verdict on random ballots against the table of the specification (ballots and counting, 1.6), written down again row by row.
@Suite("Valid, blank or null")
struct JudgingPropertyTests {
    private static let methods = TallyMethod.allCases.filter { !$0.isRetired }

    @Test("every verdict is that of the first row of the table that applies", arguments: methods)
    func verdicts(_ method: TallyMethod) throws {
        var random = SeededRandomSource()
        var seen: Set<Verdict> = []
        for _ in 0..<150 {
            let question = try randomQuestion(method, &random)
            let code = BallotCode(question)
            let withdrawn = Set(code.columns.map(\.answerID).filter { _ in Int.random(in: 0..<6, using: &random) == 0 })
            var judge = BallotJudge(question, code, withdrawn: withdrawn)
            for _ in 0..<30 {
                let choices = randomChoices(code, &random)
                let plaintext = try code.encode(choices)
                let verdict = judge.verdict(on: code.decode(Plaintext(plaintext)))
                #expect(verdict == Self.table(choices, question, withdrawn), "\(choices), seed \(random.seed)")
                seen.insert(verdict)
            }
        }
        var expected: Set<Verdict> = [.valid, .blank]
        expected.formUnion([.null(.explicit), .null(.tooFew), .null(.panachage)])
        expected.formUnion([.null(.repeatedWriteIn), .null(.twoFlags), .null(.options)])
        // More whole ranks than max have no digits.
        expected.insert(.null(method.needsWholeRanking ? .ranks : .tooMany))
        if method == .bordaCustom { expected.insert(.null(.weights)) }
        #expect(seen == expected, "seed \(random.seed)")
    }

    private static func table(_ choices: Choices, _ question: CountableQuestion, _ withdrawn: Set<Int>) -> Verdict {
        let options = question.json["extra_options"]
        // 1, and extra_options null (1.1)
        let flags = question.answers.filter { $0.role == .invalidVoteFlag }
        if flags.count > 1 { return .null(.twoFlags) }
        if options == .null { return .null(.options) }
        let counted = choices.chosen.keys.filter { !withdrawn.contains($0) }
        // 2 and 3
        if ["borda", "borda-nauru", "borda-custom"].contains(question.method.rawValue) {
            if choices.chosen.values.sorted() != Array(0..<choices.chosen.count) { return .null(.ranks) }
        }
        if question.method.rawValue == "borda-custom" {
            guard let weights = question.json["borda_custom_weights"]?.asArray?.count else { return .null(.weights) }
            if counted.contains(where: { (choices.chosen[$0] ?? 0) >= weights }) { return .null(.weights) }
        }
        // 4
        if choices.isInvalid { return .null(.explicit) }
        // 5
        let names = choices.names.values.filter { !$0.isEmpty }.map { Array($0.utf8) }
        if Set(names).count < names.count { return .null(.repeatedWriteIn) }
        // 6 and 7
        if counted.count < question.minimum { return .null(.tooFew) }
        if counted.count > question.maximum { return .null(.tooMany) }
        // 8
        let categories = Set(
            question.answers.filter { counted.contains($0.id) }.map { $0.json["category"]?.asString ?? "" })
        if options?["enable_panachage"] == false, categories.count > 1 { return .null(.panachage) }
        // 9 and 10
        return counted.isEmpty ? .blank : .valid
    }

    private func randomQuestion(_ method: TallyMethod, _ random: inout SeededRandomSource) throws -> CountableQuestion {
        let count = Int.random(in: 3...7, using: &random)
        var urls: [Int: JSONValue] = [:]
        for id in 0..<count where Int.random(in: 0..<3, using: &random) == 0 {
            urls[id] = [["title": "isWriteIn", "url": "true"]]
        }
        // One flag, or two: by chance alone two would come so seldom that a run might see none.
        let flags = [0, 0, 1, 1, 2].randomElement(using: &random) ?? 0
        for id in (0..<count).shuffled(using: &random).prefix(flags) {
            urls[id] = [["title": "invalidVoteFlag", "url": "true"]]
        }
        let most = Int.random(in: 1...count, using: &random)
        var more: [String: JSONValue] = [
            "extra_options": [
                "allow_writeins": true, "enable_panachage": .bool(Bool.random(using: &random)),
                "cumulative_number_of_checkboxes": 2,
            ]
        ]
        if Int.random(in: 0..<10, using: &random) == 0 { more["extra_options"] = .null }
        if Int.random(in: 0..<5, using: &random) > 0 {
            more["borda_custom_weights"] = .array((0..<Int.random(in: 1...4, using: &random)).map { .integer(9 - $0) })
        }
        var json = try #require(
            sampleJSON(
                method.rawValue, answers: count, min: Int.random(in: 0...min(2, most), using: &random), max: most,
                urls: urls, more
            ).asObject)
        json["answers"] = .array(
            (json["answers"]?.asArray ?? []).map { answer in
                var answer = answer.asObject ?? JSONObject()
                answer["category"] = ["", "X", "Y"].randomElement(using: &random).map { JSONValue.string($0) }
                return .object(answer)
            })
        return try CountableQuestion(JSONField(.object(json), name: "the question"))
    }

    /// Every third column, half of the time ranked as a voter would rank.
    private func randomChoices(_ code: BallotCode, _ random: inout SeededRandomSource) -> Choices {
        var choices = Choices(isInvalid: Int.random(in: 0..<8, using: &random) == 0)
        let ranks = Bool.random(using: &random)
        for column in code.columns.shuffled(using: &random) where Int.random(in: 0..<3, using: &random) == 0 {
            let largest = Int(column.base) - 1
            switch code.method {
            case .plurality: choices.chosen[column.answerID] = 0
            case .cumulative: choices.chosen[column.answerID] = Int.random(in: 1...largest, using: &random)
            default:
                let next = min(choices.chosen.count, largest - 1)
                choices.chosen[column.answerID] = ranks ? next : Int.random(in: 0..<largest, using: &random)
            }
        }
        guard code.carriesNames else { return choices }
        for index in code.writeIns where Bool.random(using: &random) {
            choices.names[code.columns[index].answerID] = ["Eva", "Zoë", "Zoe\u{308}", ""].randomElement(using: &random)
        }
        return choices
    }
}
