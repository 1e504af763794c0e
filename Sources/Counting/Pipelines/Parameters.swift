// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension JSONField {
    /// The parameters of a pipe; besides those that it knows, `help` is a comment.
    func requireParameters(_ known: Set<String>) throws(JSONShapeError) {
        try requireKeys(known.union(["help"]))
    }

    /// An array of indexes, or nil if the key is missing or null.
    func indexes(_ key: String) throws(JSONShapeError) -> [Int]? {
        guard let elements = try optional(key)?.elements() else { return nil }
        var indexes: [Int] = []
        for element in elements { indexes.append(try element.integer(in: 0...1_000_000)) }
        return indexes
    }

    func index(_ key: String) throws(JSONShapeError) -> Int { try member(key).integer(in: 0...1_000_000) }

    /// An array of strings, or nil if the key is missing or null.
    func texts(_ key: String) throws(JSONShapeError) -> [ExactText]? {
        guard let elements = try optional(key)?.elements() else { return nil }
        var texts: [ExactText] = []
        for element in elements { texts.append(ExactText(try element.string())) }
        return texts
    }

    /// An array of `{question_index, answer_id, answer_text}`; empty if the key is missing or null.
    func answers(_ key: String) throws(JSONShapeError) -> [AnswerReference] {
        var references: [AnswerReference] = []
        for element in try optional(key)?.elements() ?? [] {
            try element.requireKeys(["question_index", "answer_id", "answer_text"])
            references.append(
                AnswerReference(
                    question: try element.index("question_index"), id: try element.index("answer_id"),
                    text: ExactText(try element.member("answer_text").string())))
        }
        return references
    }

    /// A number that is used as a double.
    func double() throws(JSONShapeError) -> Double {
        switch value {
        case .integer(let number): return Double(number)
        case .number(let number):
            guard let double = Double(number.text), double.isFinite else {
                throw refused(found: number.text, expected: "a number")
            }
            return double
        default: throw mistyped("a number")
        }
    }
}

extension ElectionResult {
    /// Refuses a question that the result does not have.
    func require(question index: Int, at place: String) throws(CountingError) {
        guard questions.indices.contains(index) else {
            throw .pipeline(place: place, reason: "names question \(index) of \(questions.count), counted from 0")
        }
    }
}
