// SPDX-License-Identifier: Apache-2.0

/// Counts the ballots of a part one after the other.
struct BallotCounter {
    private let code: BallotCode
    private let scoring: Scoring
    private let isRanked: Bool
    /// What booths take for the most points of a ballot; nil where points are not given freely.
    private let pointLimit: UInt?
    private var judge: BallotJudge
    private var ballot: DecodedBallot
    private(set) var tally: PartialTally

    init(_ question: CountableQuestion, _ code: BallotCode, _ scoring: Scoring, withdrawn: Set<Int>) {
        self.code = code
        self.scoring = scoring
        isRanked = question.method.isRanked
        pointLimit = question.method == .cumulative ? UInt(question.maximum) : nil
        judge = BallotJudge(question, code, withdrawn: withdrawn)
        ballot = DecodedBallot(of: code)
        tally = PartialTally(columnCount: code.columns.count)
    }

    /// Counts `count` ballots that say the same; nil is what no number can be read from.
    mutating func add(_ plaintext: Plaintext?, times count: Int) {
        guard let plaintext else {
            tally.addNull(.notANumber, times: count)
            return
        }
        if plaintext == .small(0) { tally.note(.zero, times: count) }
        code.decode(plaintext, into: &ballot)
        addDecoded(times: count)
    }

    /// Counts a ballot that came as no plaintext.
    mutating func add(_ filledIn: DecodedBallot, times count: Int) {
        ballot = filledIn
        addDecoded(times: count)
    }

    private mutating func addDecoded(times count: Int) {
        switch judge.verdict(on: ballot) {
        case .null(let reason): tally.addNull(reason, times: count)
        case .blank: tally.blank += count
        case .valid:
            if givesTooManyPoints { tally.note(.points, times: count) }
            tally.valid += count
            if isRanked { addRanked(times: count) } else { addSelected(times: count) }
        }
    }

    /// Whether the points of all answers, withdrawn ones too, are more than a booth takes for valid.
    private var givesTooManyPoints: Bool {
        guard var room = pointLimit else { return false }
        for digit in ballot.digits {
            // Not their sum, which might be larger than a word.
            guard digit <= room else { return true }
            room -= digit
        }
        return false
    }

    private mutating func addSelected(times count: Int) {
        for column in judge.counted {
            let points = scoring.points(digit: ballot.digits[column], order: 0)
            change(column) { $0.add(points, times: count) }
        }
    }

    private mutating func addRanked(times count: Int) {
        // Equal ranks stay in the order of the questions' answers.
        let byRank = judge.counted.sorted {
            (ballot.digits[$0], code.columns[$0].answerIndex) < (ballot.digits[$1], code.columns[$1].answerIndex)
        }
        if let table = scoring.table { return addWeights(table, byRank, times: count) }
        var points: [Int] = []
        for (order, column) in byRank.enumerated() {
            let given = scoring.points(digit: ballot.digits[column], order: order)
            points.append(given)
            change(column) { $0.add(given, times: count) }
        }
        addPositions(byRank, points, times: count)
    }

    private mutating func addWeights(_ table: [Points], _ byRank: [Int], times count: Int) {
        let ranks = byRank.map { Int(ballot.digits[$0]) - 1 }
        for (column, rank) in zip(byRank, ranks) {
            change(column) {
                $0.addWeight(rank, times: count)
                return true
            }
        }
        addPositions(byRank, ranks.map { table[$0] }, times: count)
    }

    /// The place of each answer in its ballot, most points first. With equal points the better rank comes first; the original's
    /// order is arbitrary then.
    private mutating func addPositions(_ byRank: [Int], _ points: [some Comparable], times count: Int) {
        let order = points.indices.sorted { points[$0] == points[$1] ? $0 < $1 : points[$0] > points[$1] }
        for (position, index) in order.enumerated() {
            change(byRank[index]) {
                $0.addPosition(position, times: count)
                return true
            }
            if position > 0, points[index] == points[order[position - 1]] { tally.hasEqualPoints = true }
        }
    }

    private mutating func change(_ column: Int, _ body: (inout AnswerSum) -> Bool) {
        let fits =
            code.columns[column].isWriteIn
            ? body(&tally.names[name(of: column), default: AnswerSum()]) : body(&tally.columns[column])
        if !fits { tally.isTooLarge = true }
    }

    /// Without names in ballots a write-in counts under its own text.
    private func name(of column: Int) -> ExactText {
        let text =
            code.carriesNames ? ballot.names[code.writeIns.firstIndex(of: column) ?? 0] : code.columns[column].text
        return ExactText(text)
    }
}
