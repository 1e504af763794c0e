// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// podemos_desborda4: seats for teams, without the person who won another question (specification of counting, 3.8).
struct LeaderTeams: Pipe {
    private let index: Int
    private let leaderIndex: Int
    private let women: Set<ExactText>?
    private let place: String

    /// The first so many of the sorted list decide what a team has.
    private static let window = 25

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["question_index", "first_winner_question_index", "women_names"])
        place = field.path
        index = try field.index("question_index")
        leaderIndex = try field.index("first_winner_question_index")
        women = try field.texts("women_names").map { Set($0) }
        guard index != leaderIndex else {
            throw try field.member("first_winner_question_index").refused(
                found: "\(leaderIndex)", expected: "another question than question_index")
        }
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        try count.changeResult { (result) throws(CountingError) in
            try result.require(question: index, at: place)
            try result.require(question: leaderIndex, at: place)
            guard let leader = result.questions[leaderIndex].winners.first else {
                throw .impossible(place: place, reason: "question \(leaderIndex) has no winner")
            }
            do throws(CountingError) {
                try distribute(&result.questions[index], leader: ExactText(leader.text))
            } catch {
                throw .at("question \(index)", error)
            }
        }
    }

    private func distribute(_ question: inout CountedQuestion, leader: ExactText) throws(CountingError) {
        guard question.answers.count >= Self.window else {
            throw .impossible(place: place, reason: "question \(index) has less than \(Self.window) answers")
        }
        let names = women ?? question.womenNames
        let aside = question.answers.indices.filter { ExactText(question.answers[$0].text) == leader }
        var first = question.byPoints(question.answers.indices.filter { !aside.contains($0) })
        let sorted = first
        var last: [Int] = []
        var reserved: [Int] = []
        // Without the one who is set aside.
        var sum = Points.zero
        for index in sorted { sum = try sum.adding(question.answers[index].total) }
        question.totals.validPoints = sum
        let total = sum.asDouble
        for (category, points) in teams(question, sorted) {
            let team = sorted.filter { question.answers[$0].category == category }
            let present = sorted.prefix(Self.window).count { question.answers[$0].category == category }
            let least = points > 0.15 * total ? 3 : points > 0.1 * total ? 2 : points > 0.05 * total ? 1 : 0
            reserved += try picks(team, least, isMinority: present < least, question, names)
            first.removeAll { reserved.contains($0) }
            last.removeAll { reserved.contains($0) }
            guard present < least else { continue }
            for index in reserved { question.answers[index].isMinorityWinner = true }
            let rest = first.filter { team.contains($0) }
            first.removeAll { team.contains($0) }
            last += rest
        }
        let head = question.byPoints(Array(first.prefix(max(0, Self.window - reserved.count))) + reserved)
        let tail = question.byPoints(Array(first.dropFirst(max(0, Self.window - reserved.count))) + last)
        let order = head + tail
        let winners = Array(order.prefix(question.question.winnerCount))
        question.setWinners(winners, count: winners.count)
        let losers = question.byPoints(order.dropFirst(winners.count) + aside)
        question.answers = (winners + losers).map { question.answers[$0] }
    }

    /// Teams by points, most first, else in order of first appearance.
    private func teams(_ question: CountedQuestion, _ sorted: [Int]) -> [(ExactText, Double)] {
        var order: [ExactText] = []
        var points: [ExactText: Double] = [:]
        for index in sorted {
            let category = question.answers[index].category
            if points[category] == nil { order.append(category) }
            points[category, default: 0] += question.answers[index].total.asDouble
        }
        return order.enumerated().sorted {
            let (left, right) = (points[$0.element] ?? 0, points[$1.element] ?? 0)
            return left == right ? $0.offset < $1.offset : left > right
        }.map { ($0.element, points[$0.element] ?? 0) }
    }

    private func picks(
        _ team: [Int], _ count: Int, isMinority: Bool, _ question: CountedQuestion, _ names: Set<ExactText>
    ) throws(CountingError) -> [Int] {
        guard isMinority, count > 1 else { return Array(team.prefix(count)) }
        let women = team.filter { question.isWoman($0, names) }.prefix(count - 1)
        guard let man = team.first(where: { !question.isWoman($0, names) }), women.count == count - 1 else {
            throw .impossible(place: place, reason: "a team has not enough women or no man")
        }
        return question.byPoints([man] + women)
    }
}
