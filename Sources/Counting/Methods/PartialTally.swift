// SPDX-License-Identifier: Apache-2.0

/// What a part of a question's ballots adds up to.
struct PartialTally: Sendable {
    var valid = 0
    var blank = 0
    private(set) var null: [NullReason: Int] = [:]
    private(set) var strange = StrangeBallots()
    /// One for each column; those of write-ins stay empty.
    var columns: [AnswerSum]
    /// By the names of chosen write-ins.
    var names: [ExactText: AnswerSum] = [:]
    /// Whether two answers of a ballot had equal points, so that the original's `voters_by_position` is arbitrary.
    var hasEqualPoints = false
    /// A sum became too large to be added.
    var isTooLarge = false

    var nullCount: Int { null.values.reduce(0, +) }
    var ballotCount: Int { valid + blank + nullCount }

    init(columnCount: Int) {
        columns = Array(repeating: AnswerSum(), count: columnCount)
    }

    mutating func addNull(_ reason: NullReason, times count: Int) {
        if reason.isMalformed { note(.malformed, times: count) }
        null[reason, default: 0] += count
    }

    /// Notes what the ballots that are added next are, whatever they count for.
    mutating func note(_ kind: StrangeBallots.Kind, times count: Int) {
        strange.add(kind, times: count, at: ballotCount)
    }

    /// Adds the part whose ballots follow.
    mutating func append(_ next: PartialTally) throws(CountingError) {
        guard !next.isTooLarge, !isTooLarge else { throw .tooLarge }
        strange.append(next.strange, behind: ballotCount)
        valid += next.valid
        blank += next.blank
        null.merge(next.null, uniquingKeysWith: +)
        for index in columns.indices { try columns[index].append(next.columns[index]) }
        for (name, sum) in next.names { try names[name, default: AnswerSum()].append(sum) }
        hasEqualPoints = hasEqualPoints || next.hasEqualPoints
    }
}

/// What one answer gets.
struct AnswerSum: Sendable {
    /// The sum, if all points are whole numbers.
    private(set) var whole = 0
    /// For points with fractions: which weight was given how often, in the order of the ballots, because the published sum is
    /// that of doubles added one after the other.
    private(set) var weights: [(index: Int, count: Int)] = []
    /// How many ballots have the answer at each place; as long as needed.
    private(set) var positions: [Int] = []

    mutating func append(_ next: AnswerSum) throws(CountingError) {
        guard add(next.whole, times: 1) else { throw .tooLarge }
        weights += next.weights
        for (position, count) in next.positions.enumerated() { addPosition(position, times: count) }
    }

    /// - Returns: false if the sum is too large.
    mutating func add(_ points: Int, times count: Int) -> Bool {
        let (product, isLarge) = points.multipliedReportingOverflow(by: count)
        let (sum, isLarger) = whole.addingReportingOverflow(product)
        guard !isLarge, !isLarger else { return false }
        whole = sum
        return true
    }

    mutating func addWeight(_ index: Int, times count: Int) {
        if let last = weights.last, last.index == index {
            weights[weights.count - 1].count += count
        } else {
            weights.append((index, count))
        }
    }

    mutating func addPosition(_ position: Int, times count: Int) {
        while positions.count <= position { positions.append(0) }
        positions[position] += count
    }

    /// The sum: whole numbers, or `table`'s weights in the order of the ballots.
    func total(_ table: [Points]?) throws(CountingError) -> Points {
        guard let table else { return .whole(whole) }
        var sum = Points.zero
        for (index, count) in weights {
            for _ in 0..<count { sum = try sum.adding(table[index]) }
        }
        return sum
    }

    /// `voters_by_position`: one number for each place that a ballot of the question has.
    func votersByPosition(_ count: Int) -> [Int] {
        positions.prefix(count) + Array(repeating: 0, count: max(0, count - positions.count))
    }
}
