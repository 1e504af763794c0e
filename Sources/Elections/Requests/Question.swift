// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// One question of an election, kept whole: questions_json repeats every key of it (specification of the tally, 1.6).
///
/// What mixing and counting rely on is checked; keys that are not known here are kept as they are.
package struct Question: Sendable {
    package let json: JSONValue
    package let title: String
    package let tallyType: String
    package let answerCount: Int

    package init(_ field: JSONField) throws(JSONShapeError) {
        json = field.value
        title = try field.member("title").string(maximum: 65_536)
        tallyType = try field.member("tally_type").string(maximum: 128)
        for key in ["num_winners", "max", "min"] { _ = try field.member(key).integer(in: 0...1_000_000) }
        _ = try field.optional("randomize_answer_order")?.bool()
        _ = try field.optional("answer_total_votes_percentage")?.string(maximum: 128)
        let answers = try field.member("answers").elements(1...10_000)
        answerCount = answers.count
        var identifiers: Set<Int> = []
        for answer in answers {
            let id = try answer.member("id")
            guard identifiers.insert(try id.integer(in: 0...1_000_000)).inserted else {
                throw id.refused(found: id.value.compact, expected: "an id that no other answer has")
            }
            _ = try answer.member("text").string()
            for key in ["category", "details"] { _ = try answer.optional(key)?.string() }
            _ = try answer.optional("sort_order")?.integer()
            _ = try answer.optional("urls")?.elements()
        }
        // Found first and located then: a place for every number of a large request would cost more than the request.
        if Self.holdsFraction(json) { try Self.refuseFraction(field) }
    }

    /// questions_json of the published tally: the array of all questions, byte for byte the same at every authority.
    package static func file(of questions: [Question]) -> [UInt8] {
        JSONValue.array(questions.map(\.json)).indentedBytes
    }

    /// Fractions would have to be written as Python does, so the format takes none (1.6).
    private static func holdsFraction(_ value: JSONValue) -> Bool {
        switch value {
        case .number(let number): !number.isInteger
        case .array(let elements): elements.contains(where: holdsFraction)
        case .object(let object): object.members.contains { holdsFraction($0.value) }
        default: false
        }
    }

    /// - Throws: for the first one, with its place.
    private static func refuseFraction(_ field: JSONField) throws(JSONShapeError) {
        let inner =
            switch field.value {
            case .array: try field.elements(0...Int.max)
            case .object: try field.members()
            default: [JSONField]()
            }
        if let next = inner.first(where: { holdsFraction($0.value) }) { return try refuseFraction(next) }
        throw field.refused(found: field.value.compact, expected: "a number without a fraction")
    }
}
