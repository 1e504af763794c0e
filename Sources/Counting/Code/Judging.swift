// SPDX-License-Identifier: Apache-2.0

/// The rules that make a ballot valid, blank or null (specification of counting, 1.6), with room to apply them to many ballots.
package struct BallotJudge {
    private let question: CountableQuestion
    private let code: BallotCode
    /// For each column whether the counting configuration took the answer out.
    let isWithdrawn: [Bool]
    /// After a verdict that is not null: the columns that count, by id.
    private(set) var counted: [Int] = []
    private var ranks: [Bool]

    package init(_ question: CountableQuestion, _ code: BallotCode, withdrawn: Set<Int> = []) {
        self.question = question
        self.code = code
        isWithdrawn = code.columns.map { withdrawn.contains($0.answerID) }
        ranks = Array(repeating: false, count: code.columns.count)
    }

    /// The first rule that applies.
    package mutating func verdict(on ballot: DecodedBallot) -> Verdict {
        if let fault = ballot.fault { return .null(fault) }
        counted.removeAll(keepingCapacity: true)
        var chosen = 0
        for index in code.columns.indices where ballot.digits[index] > 0 {
            chosen += 1
            if !isWithdrawn[index] { counted.append(index) }
        }
        if question.method.needsWholeRanking, !isRanking(ballot, of: chosen) { return .null(.ranks) }
        if question.method == .bordaCustom {
            guard let weights = question.weights, counted.allSatisfy({ ballot.digits[$0] <= UInt(weights.count) })
            else {
                return .null(.weights)
            }
        }
        if ballot.isFlagged { return .null(.explicit) }
        if repeatsName(ballot) { return .null(.repeatedWriteIn) }
        if counted.count < question.minimum { return .null(.tooFew) }
        if counted.count > question.maximum { return .null(.tooMany) }
        if !question.options.allowsPanachage, mixesCategories() { return .null(.panachage) }
        return counted.isEmpty ? .blank : .valid
    }

    /// Whether the ranks of all chosen columns are 0 … k − 1, each once.
    private mutating func isRanking(_ ballot: DecodedBallot, of chosen: Int) -> Bool {
        for rank in 0..<chosen { ranks[rank] = false }
        for digit in ballot.digits where digit > 0 {
            let rank = Int(digit) - 1
            if rank >= chosen || ranks[rank] { return false }
            ranks[rank] = true
        }
        return true
    }

    private func repeatsName(_ ballot: DecodedBallot) -> Bool {
        guard ballot.names.count > 1 else { return false }
        var seen: Set<ExactText> = []
        return ballot.names.contains { !$0.isEmpty && !seen.insert(ExactText($0)).inserted }
    }

    private func mixesCategories() -> Bool {
        guard let first = counted.first else { return false }
        return counted.contains { code.columns[$0].category != code.columns[first].category }
    }
}
