// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// Reads choices as people write them down:
///
///     ["Ana", 2, {"write_in": "Zoë"}]                      answers by text or id, the best first
///     [{"answer": "Ana", "points": 3}]                     cumulative
///     {"chosen": [{"answer": 1, "rank": 2}], "invalid": true}
///     null                                                 nothing chosen
///
/// What it reads has digits, and is refused with its place if it has none: only names may still be too long for a group.
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
        case .object:
            try field.requireKeys(["chosen", "invalid"])
            var choices =
                try field.optional("chosen").map { (list) throws(JSONShapeError) in try chosen(list) } ?? Choices()
            choices.isInvalid = try field.optional("invalid")?.bool() ?? false
            return choices
        default: throw field.mistyped("an array of the chosen answers, an object with them, or null")
        }
    }

    private func chosen(_ field: JSONField) throws(JSONShapeError) -> Choices {
        var choices = Choices()
        for (place, element) in try field.elements(0...10_000).enumerated() {
            let id = try answer(element, in: &choices)
            guard choices.chosen[id] == nil else {
                throw element.refused(found: "answer \(id) again", expected: "each answer once")
            }
            choices.chosen[id] = try value(element, at: place)
        }
        return choices
    }

    /// The id of the answer that an element chooses; a name that it writes comes into `choices`.
    private func answer(_ element: JSONField, in choices: inout Choices) throws(JSONShapeError) -> Int {
        guard case .object = element.value else { return try answer(element) }
        try element.requireKeys(["answer", "write_in", "points", "rank"])
        guard let field = try element.optional("write_in") else { return try answer(element.member("answer")) }
        let name = try field.string(maximum: 10_000)
        guard code.carriesNames else {
            throw field.refused(
                found: "a name", expected: "none: extra_options.allow_writeins of the question is not true")
        }
        guard !name.utf8.contains(0) else {
            throw field.refused(found: "a name with a zero character", expected: "one without")
        }
        let ids = code.writeIns.map { code.columns[$0].answerID }
        let id: Int
        if let given = try element.optional("answer") {
            id = try answer(given)
            guard ids.contains(id) else { throw given.refused(found: "\(id)", expected: "the id of a write-in") }
        } else {
            guard let free = ids.first(where: { choices.chosen[$0] == nil }) else {
                throw field.refused(
                    found: "one name more", expected: "at most \(ids.count), as many as the question has write-ins")
            }
            id = free
        }
        choices.names[id] = name
        return id
    }

    /// Points, or the rank: that of the list if no other is given.
    private func value(_ element: JSONField, at place: Int) throws(JSONShapeError) -> Int {
        let isObject = if case .object = element.value { true } else { false }
        if isObject, let points = try element.optional("points") {
            guard code.method == .cumulative else {
                throw points.refused(
                    found: points.value.compact, expected: "no points, which only cumulative ballots give")
            }
            return try points.integer(in: 1...max(1, question.options.checkboxes))
        }
        if isObject, let rank = try element.optional("rank") {
            guard code.method.isRanked else {
                throw rank.refused(found: rank.value.compact, expected: "no rank, which only ranked ballots give")
            }
            return try rank.integer(in: 0...max(0, question.maximum - 1))
        }
        switch code.method {
        case .plurality: return 0
        case .cumulative: return 1
        default:
            guard place < question.maximum else {
                throw element.refused(
                    found: "number \(place + 1) of a ranking",
                    expected: "at most \(question.maximum) ranks, the question's max")
            }
            return place
        }
    }

    private func answer(_ field: JSONField) throws(JSONShapeError) -> Int {
        switch field.value {
        case .string(let text):
            guard
                let answer = question.answers.first(where: {
                    ExactText($0.text) == ExactText(text) && $0.role == .ordinary
                })
            else { throw field.refused(found: field.value.compact, expected: "the text or id of an answer") }
            return answer.id
        case .integer(let id):
            guard code.columns.contains(where: { $0.answerID == id }) else {
                throw field.refused(found: "\(id)", expected: "the text or id of an answer")
            }
            return id
        default: throw field.mistyped("the text or id of an answer")
        }
    }
}
