// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// sort_non_iterative: orders the answers and says who wins (specification of counting, 3.4).
struct SortByTotals: Pipe {
    private var tallyIndexes = [0]
    private var questionIndexes: [Int]?
    private var withdrawals: [AnswerReference] = []
    private var tieOrder: [AnswerReference] = []
    private var place = "sort_non_iterative"

    init() {}

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["tallies_indexes", "question_indexes", "withdrawals", "ties_sorting"])
        place = field.path
        tallyIndexes = try field.indexes("tallies_indexes") ?? [0]
        questionIndexes = try field.indexes("question_indexes")
        withdrawals = try field.answers("withdrawals")
        tieOrder = try field.answers("ties_sorting")
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        for election in tallyIndexes {
            guard count.elections.indices.contains(election) else {
                throw .pipeline(
                    place: place, reason: "names tally \(election) of \(count.elections.count), counted from 0")
            }
            // Those of the parameter count in this pipe alone.
            let withdrawn = withdrawals + count.elections[election].withdrawn
            let removed = count.elections[election].removed
            try count.changeResult(of: election) { (result) throws(CountingError) in
                for index in questionIndexes ?? [] { try result.require(question: index, at: place) }
                for index in result.questions.indices
                where questionIndexes?.contains(index) ?? true && Self.isSorted(result.questions[index].question.method)
                {
                    let belongs = { (reference: AnswerReference) in reference.question == index }
                    try sort(
                        &result.questions[index], withdrawn: withdrawn.filter(belongs),
                        removed: removed.filter(belongs), ties: tieOrder.filter(belongs))
                }
            }
        }
    }

    private static func isSorted(_ method: TallyMethod) -> Bool {
        switch method {
        case .cumulative, .plurality, .desborda, .desborda2, .desborda3, .borda, .bordaNauru, .pairwiseBeta, .cup: true
        case .bordaCustom, .bordaMasMadrid: false
        }
    }

    private func sort(
        _ question: inout CountedQuestion, withdrawn: [AnswerReference], removed: [AnswerReference],
        ties: [AnswerReference]
    ) throws(CountingError) {
        question.answers.removeAll { answer in removed.contains { $0.id == answer.id } }
        for reference in withdrawn where !removed.contains(where: { $0.id == reference.id }) {
            guard question.answers.contains(where: { $0.id == reference.id && ExactText($0.text) == reference.text })
            else { throw notFound(reference) }
        }
        let withdrawnIDs = Set(withdrawn.map(\.id))
        let bonus = try tieBonus(ties, question)
        var order = question.answers.sorted { left, right in
            if left.total != right.total { return left.total > right.total }
            let (leftBonus, rightBonus) = (bonus[left.id] ?? 0, bonus[right.id] ?? 0)
            return leftBonus == rightBonus ? left.id < right.id : leftBonus > rightBonus
        }
        if question.withdrawsCandidates {
            order = order.filter { $0.isWithdrawn != true } + order.filter { $0.isWithdrawn == true }
        }
        var position = 0
        for index in order.indices {
            let wins = position < question.question.winnerCount && !withdrawnIDs.contains(order[index].id)
            order[index].winnerPosition = wins ? position : nil
            if wins { position += 1 }
        }
        question.answers = order.filter { $0.winnerPosition != nil } + order.filter { $0.winnerPosition == nil }
    }

    /// The first of m entries gets m, the last 1.
    private func tieBonus(
        _ ties: [AnswerReference], _ question: CountedQuestion
    ) throws(CountingError) -> [Int: Int] {
        var bonus: [Int: Int] = [:]
        for (index, reference) in ties.enumerated() {
            // The original takes the id for an index and fails unless that answer has the id.
            guard question.answers.indices.contains(reference.id),
                question.answers[reference.id].id == reference.id,
                ExactText(question.answers[reference.id].text) == reference.text
            else { throw notFound(reference) }
            guard bonus.updateValue(ties.count - index, forKey: reference.id) == nil else {
                throw .pipeline(
                    place: place + ".ties_sorting",
                    reason: "names answer \(reference.id) of question \(reference.question) twice")
            }
        }
        return bonus
    }

    private func notFound(_ reference: AnswerReference) -> CountingError {
        .pipeline(
            place: place,
            reason: "names answer \(reference.id) of question \(reference.question), which is not there with that text")
    }
}
