// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// parity_zip_non_iterative: women and men in turn (specification of counting, 3.7).
struct ParityZip: Pipe {
    private let questionIndexes: [Int]?
    private let place: String

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["question_indexes"])
        place = field.path
        questionIndexes = try field.indexes("question_indexes")
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        let withdrawn = count.elections.first?.withdrawn ?? []
        try count.changeResult { (result) throws(CountingError) in
            var women: Set<ExactText> = []
            var lastWinnerIsWoman: Bool?
            for index in questionIndexes ?? [] { try result.require(question: index, at: place) }
            for index in result.questions.indices {
                women.formUnion(result.questions[index].womenNames)
                let question = result.questions[index]
                guard questionIndexes?.contains(index) ?? true, question.question.method.isZipped,
                    !question.answers.isEmpty
                else { continue }
                let ids = Set(withdrawn.filter { $0.question == index }.map(\.id))
                zip(&result.questions[index], women, withdrawn: ids, after: lastWinnerIsWoman)
                if let last = result.questions[index].winners.last {
                    lastWinnerIsWoman = women.contains(ExactText(last.text))
                }
            }
        }
    }

    private func zip(
        _ question: inout CountedQuestion, _ names: Set<ExactText>, withdrawn: Set<Int>, after lastIsWoman: Bool?
    ) {
        let present = question.answers.indices.filter { !withdrawn.contains(question.answers[$0].id) }
        var (women, men) = (
            present.filter { question.isWoman($0, names) }[...], present.filter { !question.isWoman($0, names) }[...]
        )
        // Who comes first of all, withdrawn or not: only if that is the first man do men begin.
        var womanIsNext = lastIsWoman.map { !$0 } ?? (men.first != question.answers.startIndex)
        var order: [Int] = []
        while let woman = women.first, let man = men.first {
            order.append(womanIsNext ? woman : man)
            if womanIsNext { women.removeFirst() } else { men.removeFirst() }
            womanIsNext.toggle()
        }
        order += women + men + question.answers.indices.filter { withdrawn.contains(question.answers[$0].id) }
        question.answers = order.map { question.answers[$0] }
        question.setWinners(Array(question.answers.indices), count: question.question.winnerCount)
    }
}

extension TallyMethod {
    /// Whether the parity pipes of the original touch questions of this type.
    var isZipped: Bool {
        switch self {
        case .bordaCustom, .bordaMasMadrid, .cup: false
        default: true
        }
    }
}
