// SPDX-License-Identifier: Apache-2.0

extension Choices {
    /// A ballot as voters fill it: mostly valid by the rules of the question, one in ten blank, one in ten marked as invalid.
    ///
    /// - Parameter nameByteCount: how many bytes all written names together may have.
    package static func random(
        for question: CountableQuestion, _ code: BallotCode, nameByteCount: Int = .max,
        using random: inout some RandomNumberGenerator
    ) -> Choices {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return Choices()
        case 1: return Choices(isInvalid: true)
        default: return valid(for: question, code, nameByteCount, using: &random)
        }
    }

    private static func valid(
        for question: CountableQuestion, _ code: BallotCode, _ nameByteCount: Int,
        using random: inout some RandomNumberGenerator
    ) -> Choices {
        let columns = choosable(for: question, code, using: &random)
        // A ranking has as many places as there are weights.
        let places = question.method == .bordaCustom ? question.weights?.count ?? 0 : Int.max
        let most = min(question.maximum, columns.count, places)
        guard question.minimum <= most else { return Choices() }
        let count = Int.random(in: max(min(1, most), question.minimum)...most, using: &random)
        var choices = Choices()
        // Booths bound the sum of points.
        var points = question.maximum
        var bytesLeft = nameByteCount
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
            guard column.isWriteIn, code.carriesNames else { continue }
            // Two write-ins of a ballot may not have one name. One that does not fit is left out.
            let name = "Name \(Int.random(in: 1...5, using: &random)).\(rank)"
            guard name.utf8.count <= bytesLeft else { continue }
            choices.names[column.answerID] = name
            bytesLeft -= name.utf8.count
        }
        return choices
    }

    /// The columns among which a ballot may choose: without panachage those of one category that has enough of them.
    private static func choosable(
        for question: CountableQuestion, _ code: BallotCode, using random: inout some RandomNumberGenerator
    ) -> [Column] {
        let columns = code.columns.filter { $0.base > 1 }
        guard !question.options.allowsPanachage else { return columns }
        let large = Dictionary(grouping: columns, by: \.category).values.filter { $0.count >= question.minimum }
        // In the order of the columns, so that a seed gives the same ballots again.
        let sorted = large.sorted { $0[0].answerID < $1[0].answerID }
        return sorted.randomElement(using: &random) ?? []
    }
}
