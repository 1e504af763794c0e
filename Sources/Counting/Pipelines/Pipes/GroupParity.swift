// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// podemos_parity2_loreg_zip_non_iterative: within groups of seats, women move forward among those around them
/// (specification of counting, 3.7).
struct GroupParity: Pipe {
    private let question: Int
    private let firstGroup: Int
    private let group: Int
    private let place: String

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["question_index", "proportions", "first_pair_proportions"])
        place = field.path
        question = try field.index("question_index")
        func sum(_ key: String, default normal: Int) throws(JSONShapeError) -> Int {
            guard let array = try field.optional(key) else { return normal }
            var sum = 0
            for element in try array.elements(1...100) { sum += try element.integer(in: 0...1_000_000) }
            guard sum > 0 else { throw array.refused(found: "no seats", expected: "at least one") }
            return sum
        }
        firstGroup = try sum("first_pair_proportions", default: 4)
        group = try sum("proportions", default: 5)
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        try count.changeResult { (result) throws(CountingError) in
            try result.require(question: question, at: place)
            let counted = result.questions[question]
            guard counted.question.method.isZipped else {
                throw .impossible(place: place, reason: "question \(question) has a tally type that it does not take")
            }
            // With fewer answers the original fails, with fewer seats it shows answers twice.
            guard counted.answers.count >= firstGroup, counted.question.winnerCount >= firstGroup else {
                throw .impossible(
                    place: place,
                    reason: "question \(question) has fewer answers or winners than the first group, \(firstGroup)")
            }
            reorder(&result.questions[question])
        }
    }

    private func reorder(_ question: inout CountedQuestion) {
        let names = question.womenNames
        let seats = min(question.question.winnerCount, question.answers.count)
        var order: [Int] = []
        var start = 0
        while start < seats {
            let end = min(seats, start + (start == 0 ? firstGroup : group))
            order += forwardWomen(Array(start..<end), question, names)
            start = end
        }
        order += Array(question.answers.indices.dropFirst(seats))
        question.answers = order.map { question.answers[$0] }
        question.setWinners(Array(question.answers.indices), count: question.question.winnerCount)
    }

    private func forwardWomen(_ group: [Int], _ question: CountedQuestion, _ names: Set<ExactText>) -> [Int] {
        var placed: [Int] = []
        /// Behind the previous woman's final place.
        var boundary = 0
        var waiting: [Int] = []
        for member in group {
            waiting.append(member)
            guard question.isWoman(member, names) else { continue }
            let segment = Array(placed[boundary...]) + waiting
            let sorted = question.byPoints(segment)
            let place = sorted.firstIndex(of: member) ?? segment.count - 1
            let isForward = place < segment.count - 1
            placed.replaceSubrange(boundary..., with: isForward ? sorted : segment)
            boundary += isForward ? place + 1 : segment.count
            waiting = []
        }
        return placed + waiting
    }
}
