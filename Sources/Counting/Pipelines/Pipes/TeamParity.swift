// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// podemos_desborda, podemos_desborda2, podemos_desborda3: seats for minorities, and as many women as men (specification of
/// counting, 3.8).
struct TeamParity: Pipe {
    private let method: TallyMethod
    private let women: Set<ExactText>?
    private let questionIndexes: [Int]?
    private let place: String

    init(_ field: JSONField, method: TallyMethod) throws(JSONShapeError) {
        try field.requireParameters(["women_names", "question_indexes"])
        self.method = method
        place = field.path
        women = try field.texts("women_names").map { Set($0) }
        questionIndexes = try field.indexes("question_indexes")
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        try count.changeResult { (result) throws(CountingError) in
            for index in questionIndexes ?? [] { try result.require(question: index, at: place) }
            for index in result.questions.indices where questionIndexes?.contains(index) ?? true {
                let question = result.questions[index]
                guard question.question.method == method, question.answers.count >= question.question.winnerCount
                else { continue }
                var seats: TeamSeats
                do throws(CountingError) { seats = try TeamSeats(question, women ?? question.womenNames) } catch {
                    throw .at("question \(index)", error)
                }
                seats.distribute(by: method)
                result.questions[index] = seats.question
                if seats.question.hasParityError { result.hasParityError = true }
            }
        }
    }
}

/// The lists A ‖ B ‖ C that seats are given from.
private struct TeamSeats {
    private(set) var question: CountedQuestion
    private let names: Set<ExactText>
    private let seats: Int
    private let total: Points
    private var sure: [Int] = []
    private var others: [Int]
    private var losers: [Int] = []

    init(_ question: CountedQuestion, _ names: Set<ExactText>) throws(CountingError) {
        self.question = question
        self.names = names
        seats = question.question.winnerCount
        var total = Points.zero
        for answer in question.answers { total = try total.adding(answer.total) }
        self.total = total
        self.question.totals.validPoints = total
        others = question.byPointsAndText(question.answers.indices)
    }

    mutating func distribute(by method: TallyMethod) {
        for (category, points) in teams() { place(category, points, method) }
        balance()
        let winners = question.byPointsAndText((sure + others + losers).prefix(seats))
        question.setWinners(winners, count: seats)
        let women = winners.count { question.isWoman($0, names) }
        if winners.count - women > women { question.hasParityError = true }
    }

    /// Teams in order of first appearance, with the sum of their points.
    private func teams() -> [(ExactText, Double)] {
        var order: [ExactText] = []
        var points: [ExactText: Double] = [:]
        for answer in question.answers {
            if points[answer.category] == nil { order.append(answer.category) }
            points[answer.category, default: 0] += answer.total.asDouble
        }
        return order.map { ($0, points[$0] ?? 0) }
    }

    /// How many seats a team with these points is sure of.
    private func sureSeats(_ points: Double, _ method: TallyMethod) -> Int {
        let total = total.asDouble
        switch method {
        case .desborda: return points > 0.15 * total ? 4 : points > 0.05 * total ? 2 : 0
        case .desborda2 where seats > 29:
            return points > 0.15 * total ? 3 : points > 0.1 * total ? 2 : points > 0.05 * total ? 1 : 0
        case .desborda2: return points > 0.2 * total ? 2 : points > 0.1 * total ? 1 : 0
        default: return 0
        }
    }

    private mutating func place(_ category: ExactText, _ points: Double, _ method: TallyMethod) {
        let isMember = { [question] (index: Int) in question.answers[index].category == category }
        let least = sureSeats(points, method)
        let present = (sure + others).prefix(seats).filter(isMember)
        let isMinority = present.count < least
        let team = question.byPointsAndText(question.answers.indices.filter(isMember))
        let picks = isMinority ? minorityPicks(team, least, method) : Array(team.prefix(least))
        sure += picks
        others.removeAll { picks.contains($0) }
        guard isMinority else { return }
        for index in present { question.answers[index].isMinorityWinner = true }
        let rest = others.filter(isMember)
        others.removeAll(where: isMember)
        losers += rest
    }

    private func minorityPicks(_ team: [Int], _ count: Int, _ method: TallyMethod) -> [Int] {
        let women = team.filter { question.isWoman($0, names) }
        let men = team.filter { !question.isWoman($0, names) }
        if method == .desborda {
            var picks: [Int] = []
            for turn in 0..<max(women.count, men.count) {
                picks += women.dropFirst(turn).prefix(1) + men.dropFirst(turn).prefix(1)
            }
            return Array(picks.prefix(count))
        }
        let first = Array(team.prefix(count))
        let firstMen = first.filter { !question.isWoman($0, names) }
        guard count > 1, firstMen.count > 1, let man = firstMen.first else { return first }
        return [man] + women.prefix(count - 1)
    }

    /// Men behind the seats that are theirs go to the end.
    private mutating func balance() {
        var left = seats / 2 - sure.count { !question.isWoman($0, names) }
        var late: [Int] = []
        others.removeAll { index in
            if question.isWoman(index, names) { return false }
            left -= 1
            if left >= 0 { return false }
            late.append(index)
            return true
        }
        others += late
    }
}
