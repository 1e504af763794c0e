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
        try Self.refuseFractions(field)
    }

    /// questions_json of the published tally: the array of all questions, byte for byte the same at every authority.
    package static func file(of questions: [Question]) -> [UInt8] {
        JSONValue.array(questions.map(\.json)).indentedBytes
    }

    /// Fractions would have to be written as Python does, so the format takes none (1.6).
    private static func refuseFractions(_ field: JSONField) throws(JSONShapeError) {
        func check(_ value: JSONValue) throws(JSONShapeError) {
            switch value {
            case .number(let number) where !number.isInteger:
                throw field.refused(found: number.text, expected: "questions without fractions")
            case .array(let elements):
                for element in elements { try check(element) }
            case .object(let object):
                for member in object.members { try check(member.value) }
            default: break
            }
        }
        try check(field.value)
    }
}
