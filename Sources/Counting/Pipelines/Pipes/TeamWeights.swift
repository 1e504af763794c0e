// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// team_count_weight_correction: every total by one weight, and that of its category in the listed questions by another
/// (specification of counting, 3.7).
struct TeamWeights: Pipe {
    private let own: Points
    private let team: Points
    private let questions: [Int]
    private let place: String

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["original_count_weight", "team_count_weight", "question_indexes"])
        place = field.path
        own = try field.member("original_count_weight").points()
        team = try field.member("team_count_weight").points()
        let indexes = try field.member("question_indexes")
        questions = try field.indexes("question_indexes") ?? []
        guard Set(questions).count == questions.count else {
            throw indexes.refused(found: "a question twice", expected: "each question once")
        }
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        try count.changeResult { (result) throws(CountingError) in
            for index in questions { try result.require(question: index, at: place) }
            var teams: [ExactText: Points] = [:]
            for index in questions {
                for answer in result.questions[index].answers {
                    teams[answer.category] = try (teams[answer.category] ?? .zero).adding(answer.total)
                }
            }
            for question in questions {
                for index in result.questions[question].answers.indices {
                    let answer = result.questions[question].answers[index]
                    let more = try (teams[answer.category] ?? .zero).multiplied(by: team)
                    result.questions[question].answers[index].total =
                        try answer.total.multiplied(by: own).adding(more)
                }
            }
        }
    }
}
