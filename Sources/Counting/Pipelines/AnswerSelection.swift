// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Which answers a modification withdraws or removes.
struct AnswerSelection: Sendable {
    private enum Policy {
        case match(field: String, Pattern, wanted: Bool)
        case matchURL(title: ExactText, Pattern, wanted: Bool)
        case winnersOfOther(target: Int)
    }

    private let policy: Policy

    /// - Parameter verb: how the policy is called that takes the winners of another question, `withdraw` or `remove`.
    init(_ field: JSONField, verb: String) throws(JSONShapeError) {
        let policy = try field.member("policy")
        let name = try policy.string(maximum: 128)
        func require(_ keys: Set<String>) throws(JSONShapeError) {
            try field.requireParameters(keys.union(["question_index", "action", "policy"]))
        }
        switch name {
        case "match", "not-match":
            try require(["field", "regex"])
            self.policy = .match(
                field: try field.member("field").string(), try Pattern(field.member("regex")), wanted: name == "match")
        case "match-url", "not-match-url":
            try require(["title", "regex"])
            self.policy = .matchURL(
                title: ExactText(try field.member("title").string()), try Pattern(field.member("regex")),
                wanted: name == "match-url")
        case "\(verb)-winners-by-name-from-other-question":
            try require(["dest_question_index"])
            self.policy = .winnersOfOther(target: try field.index("dest_question_index"))
        default: throw policy.refused(found: policy.value.compact, expected: "a policy that this version knows")
        }
    }

    func answers(
        of index: Int, in election: ElectionCount.Election, place: String
    ) throws(CountingError) -> [AnswerReference] {
        switch policy {
        case .match(let field, let pattern, let wanted):
            return try select(election.questions[index].current, index) { (answer) throws(CountingError) in
                guard let text = answer.json[field]?.asString else {
                    throw .pipeline(place: place, reason: "looks at a key that is no string in answer \(answer.id)")
                }
                return pattern.matchesBeginning(of: text) == wanted
            }
        case .matchURL(let title, let pattern, let wanted):
            return try select(election.questions[index].current, index) { (answer) throws(CountingError) in
                let urls = (answer.json["urls"]?.asArray ?? []).compactMap { entry -> String? in
                    guard let found = entry["title"]?.asString, ExactText(found) == title else { return nil }
                    return entry["url"]?.asString
                }
                // An answer without such an entry does not match.
                return urls.contains { pattern.matchesBeginning(of: $0) } == wanted
            }
        case .winnersOfOther(let target):
            guard let result = election.result else { throw .noResult }
            guard election.questions.indices.contains(target) else {
                throw .pipeline(place: place, reason: "names a question that is not there")
            }
            let winners = Set(result.questions[index].winners.map { ExactText($0.text) })
            return try select(election.questions[target].current, target) { (answer) throws(CountingError) in
                winners.contains(ExactText(answer.text))
            }
        }
    }

    private func select(
        _ question: CountableQuestion, _ index: Int, _ matches: (CountableAnswer) throws(CountingError) -> Bool
    ) throws(CountingError) -> [AnswerReference] {
        var found: [AnswerReference] = []
        for answer in question.answers where try matches(answer) {
            found.append(AnswerReference(question: index, id: answer.id, text: ExactText(answer.text)))
        }
        return found
    }
}
