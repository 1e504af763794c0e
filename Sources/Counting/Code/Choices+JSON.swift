// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// Reads choices as people write them down:
///
///     ["Ana", 2, {"write_in": "Zoë"}]                      answers by text or id, the best first
///     [{"answer": "Ana", "points": 3}]                     cumulative
///     {"chosen": [{"answer": 1, "rank": 2}], "invalid": true}
///     null                                                 nothing chosen
package struct ChoiceReader: Sendable {
    private let question: CountableQuestion
    private let code: BallotCode

    package init(_ question: CountableQuestion, _ code: BallotCode) {
        self.question = question
        self.code = code
    }

    package func choices(_ field: JSONField) throws(JSONShapeError) -> Choices {
        switch field.value {
        case .null: return Choices()
        case .array: return try chosen(field)
        default:
            try field.requireKeys(["chosen", "invalid"])
            var choices =
                try field.optional("chosen").map { (list) throws(JSONShapeError) in try chosen(list) } ?? Choices()
            choices.isInvalid = try field.optional("invalid")?.bool() ?? false
            return choices
        }
    }

    private func chosen(_ field: JSONField) throws(JSONShapeError) -> Choices {
        var choices = Choices()
        var freeWriteIns = code.writeIns[...]
        for (place, element) in try field.elements(0...10_000).enumerated() {
            var id: Int
            var value = code.method == .cumulative ? 1 : code.method == .plurality ? 0 : place
            if case .object = element.value {
                try element.requireKeys(["answer", "write_in", "points", "rank"])
                if let points = try element.optional("points") {
                    guard code.method == .cumulative else {
                        throw points.refused(found: points.value.compact, expected: "a rank")
                    }
                    value = try points.integer(in: 0...1_000_000)
                }
                if let rank = try element.optional("rank") {
                    guard code.method.isRanked else {
                        throw rank.refused(found: rank.value.compact, expected: "no rank")
                    }
                    value = try rank.integer(in: 0...1_000_000)
                }
                if let name = try element.optional("write_in") {
                    guard code.carriesNames, let column = freeWriteIns.popFirst() else {
                        throw name.refused(found: name.value.compact, expected: "no more names than the question takes")
                    }
                    id = code.columns[column].answerID
                    choices.names[id] = try name.string(maximum: 10_000)
                } else {
                    id = try answer(try element.member("answer"))
                }
            } else {
                id = try answer(element)
            }
            guard choices.chosen.updateValue(value, forKey: id) == nil else {
                throw element.refused(found: "answer \(id) again", expected: "each answer once")
            }
        }
        return choices
    }

    private func answer(_ field: JSONField) throws(JSONShapeError) -> Int {
        if case .string(let text) = field.value {
            guard
                let answer = question.answers.first(where: {
                    ExactText($0.text) == ExactText(text) && $0.role == .ordinary
                })
            else { throw field.refused(found: field.value.compact, expected: "the text or id of an answer") }
            return answer.id
        }
        let id = try field.integer()
        guard code.columns.contains(where: { $0.answerID == id }) else {
            throw field.refused(found: "\(id)", expected: "the text or id of an answer")
        }
        return id
    }
}
