// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// proportion_rounded: no sex gets more than its share of the seats (specification of counting, 3.7).
struct ProportionRounded: Pipe {
    private let women: Set<ExactText>?
    private let proportions: (less: Double, more: Double)
    private let questionIndexes: [Int]?
    private let place: String

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["women_names", "proportions", "question_indexes"])
        place = field.path
        questionIndexes = try field.indexes("question_indexes")
        women = try field.texts("women_names").map { Set($0) }
        let numbers = try field.member("proportions").elements(2...2)
        let (first, second) = (try numbers[0].double(), try numbers[1].double())
        proportions = (min(first, second), max(first, second))
        guard proportions.less >= 0, proportions.more > 0 else {
            throw try field.member("proportions").refused(found: "negative shares", expected: "two shares")
        }
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        try count.changeResult { (result) throws(CountingError) in
            let names = women ?? result.questions.first?.womenNames ?? []
            for index in questionIndexes ?? [] { try result.require(question: index, at: place) }
            for index in result.questions.indices where questionIndexes?.contains(index) ?? true {
                choose(&result.questions[index], names)
            }
        }
    }

    private func choose(_ question: inout CountedQuestion, _ names: Set<ExactText>) {
        let seats = question.question.winnerCount
        guard question.question.method == .plurality, question.answers.count >= 2, seats >= 2 else { return }
        // In the original's order: of 11 seats at 7 to 15 it gives 7, as 11 · (15 / 22) is below 7.5 in doubles; 11 · 15 / 22 is not.
        let share = proportions.more / (proportions.less + proportions.more)
        let cap = Int((Double(seats) * share).rounded(.toNearestOrEven))
        let all = Array(question.answers.indices)
        let base = all.prefix(seats)
        var women = base.filter { question.isWoman($0, names) }
        var men = base.filter { !question.isWoman($0, names) }
        if women.count > cap {
            women = Array(women.prefix(cap))
            men = Array(all.filter { !question.isWoman($0, names) }.prefix(seats - cap))
        } else if men.count > cap {
            men = Array(men.prefix(cap))
            women = Array(all.filter { question.isWoman($0, names) }.prefix(seats - cap))
        }
        question.setWinners(question.byPoints(women + men), count: seats)
    }
}
