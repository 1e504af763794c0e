// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// apply_modifications: changes the first election's questions (specification of counting, 3.7).
struct ApplyModifications: Pipe {
    private let modifications: [Modification]

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["modifications"])
        var modifications: [Modification] = []
        for entry in try field.member("modifications").elements(0...10_000) {
            modifications.append(try Modification(entry))
        }
        self.modifications = modifications
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        for modification in modifications { try modification.apply(to: &count) }
    }
}

struct Modification {
    private enum Action {
        case take(AnswerSelection, isRemoval: Bool)
        /// Values under keys of the question.
        case set([(key: String, value: JSONValue)])
        case winners(Int, setsMaximum: Bool)
        case setAnswer(text: ExactText, key: String, value: JSONValue)
        case hide
    }

    private let question: Int
    private let action: Action
    private let place: String

    init(_ field: JSONField) throws(JSONShapeError) {
        place = field.path
        question = try field.index("question_index")
        let action = try field.member("action")
        let name = try action.string(maximum: 128)
        func require(_ keys: Set<String>) throws(JSONShapeError) {
            try field.requireParameters(keys.union(["question_index", "action"]))
        }
        func number(_ key: String) throws(JSONShapeError) -> JSONValue {
            try require([key])
            return .integer(try field.member(key).integer(in: 0...1_000_000))
        }
        switch name {
        case "withdraw-candidates", "remove-candidates":
            let isRemoval = name == "remove-candidates"
            self.action = .take(
                try AnswerSelection(field, verb: isRemoval ? "remove" : "withdraw"), isRemoval: isRemoval)
        case "set-min": self.action = .set([("min", try number("min"))])
        case "set-max": self.action = .set([("max", try number("max"))])
        case "set-bordas-max-points": self.action = .set([("bordas-max-points", try number("max"))])
        case "set-title", "set-tally-type":
            let key = name == "set-title" ? "title" : "tally-type"
            try require([key])
            let text = try field.member(key).string()
            self.action = .set([(name == "set-title" ? "title" : "tally_type", .string(text))])
        case "modify-number-of-winners":
            try require(["num_winners", "policy"])
            let policy = try field.optional("policy")
            let text = try policy?.string() ?? ""
            if let policy, !["", "truncate-max-overload"].contains(text) {
                throw policy.refused(found: policy.value.compact, expected: "\"\" or truncate-max-overload")
            }
            self.action = .winners(
                try field.member("num_winners").integer(in: 0...1_000_000), setsMaximum: !text.isEmpty)
        case "set-answer-key-value":
            try require(["answer-text", "key", "value"])
            self.action = .setAnswer(
                text: ExactText(try field.member("answer-text").string()), key: try field.member("key").string(),
                value: try field.member("value").value)
        case "dont-tally-question":
            try require([])
            self.action = .hide
        default: throw action.refused(found: action.value.compact, expected: "a modification that this version knows")
        }
    }

    func apply(to count: inout ElectionCount) throws(CountingError) {
        guard let election = count.elections.first, election.questions.indices.contains(question) else {
            throw .pipeline(place: place, reason: "names a question that is not there")
        }
        switch action {
        case .take(let selection, let isRemoval):
            let found = try selection.answers(of: question, in: election, place: place)
            if isRemoval { count.elections[0].removed += found } else { count.elections[0].withdrawn += found }
        case .hide:
            try count.changeResult { (result) throws(CountingError) in result.questions[question].isHidden = true }
        case .set(let values):
            try change(&count.elections[0].questions[question]) { object in
                for (key, value) in values { object[key] = value }
            }
        case .winners(let number, let setsMaximum):
            try change(&count.elections[0].questions[question]) { object in
                object["num_winners"] = .integer(number)
                guard setsMaximum else { return }
                object["max"] = .integer(number)
                // The original leaves this word in the result.
                object["truncate-max-overload"] = true
            }
        case .setAnswer(let text, let key, let value):
            let matches = election.questions[question].current.answers.indices.filter {
                ExactText(election.questions[question].current.answers[$0].text) == text
            }
            guard matches.count == 1 else {
                throw .pipeline(place: place, reason: "names a text that \(matches.count) answers have, expected 1")
            }
            try change(&count.elections[0].questions[question]) { object in
                guard var answers = object["answers"]?.asArray, var answer = answers[matches[0]].asObject else {
                    return
                }
                answer[key] = value
                answers[matches[0]] = .object(answer)
                object["answers"] = .array(answers)
            }
        }
    }

    /// Refuses what would give the ballots another meaning, which the original does without a word.
    private func change(
        _ question: inout ElectionCount.Question, _ body: (inout JSONObject) -> Void
    ) throws(CountingError) {
        let changed = try question.current.changed(at: place, body)
        guard BallotCode(changed).isInterchangeable(with: question.code) else {
            throw .changedCode(place: place, question: self.question)
        }
        question.current = changed
        question.lateChanges.append(.question(place))
    }
}
