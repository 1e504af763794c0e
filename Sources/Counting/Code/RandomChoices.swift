// SPDX-License-Identifier: Apache-2.0

extension Choices {
    /// A ballot as voters fill it: mostly valid by the rules of the question, one in ten blank, one in ten marked as invalid.
    package static func random(
        for question: CountableQuestion, _ code: BallotCode, using random: inout some RandomNumberGenerator
    ) -> Choices {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return Choices()
        case 1: return Choices(isInvalid: true)
        default: return valid(for: question, code, using: &random)
        }
    }

    private static func valid(
        for question: CountableQuestion, _ code: BallotCode, using random: inout some RandomNumberGenerator
    ) -> Choices {
        var columns = code.columns.filter { $0.base > 1 }
        if !question.options.allowsPanachage, let category = columns.randomElement(using: &random)?.category {
            columns.removeAll { $0.category != category }
        }
        let most = min(question.maximum, columns.count)
        guard question.minimum <= most else { return Choices() }
        let count = Int.random(in: max(min(1, most), question.minimum)...most, using: &random)
        var choices = Choices()
        // Booths bound the sum of points.
        var points = question.maximum
        for (rank, column) in columns.shuffled(using: &random).prefix(count).enumerated() {
            switch code.method {
            case .plurality: choices.chosen[column.answerID] = 0
            case .cumulative:
                let left = max(1, points - (count - rank - 1))
                let given = Int.random(in: 1...min(left, Int(column.base) - 1), using: &random)
                choices.chosen[column.answerID] = given
                points -= given
            default: choices.chosen[column.answerID] = rank
            }
            // Two write-ins of a ballot may not have one name.
            if column.isWriteIn, code.carriesNames {
                choices.names[column.answerID] = "Name \(Int.random(in: 1...5, using: &random)).\(rank)"
            }
        }
        return choices
    }
}
