// SPDX-License-Identifier: Apache-2.0

/// How many points the chosen answers of a valid ballot get (specification of counting, 3.2).
struct Scoring: Sendable {
    private let method: TallyMethod
    private let firstPoints: Int
    /// For points with fractions, the points by rank.
    let table: [Points]?
    /// For whole weights, the points by rank.
    private let wholeWeights: [Int]

    init(_ question: CountableQuestion) {
        method = question.method
        let first = question.firstPoints ?? question.maximum
        switch question.method {
        case .desborda: firstPoints = 80
        case .desborda2, .desborda3:
            let tripled = 3 * first
            firstPoints = first + (tripled - (tripled % 10 + 10) % 10) / 10
        default: firstPoints = first
        }
        let weights = question.weights ?? []
        let wholeWeights = weights.compactMap { if case .whole(let weight) = $0 { weight } else { nil } }
        switch question.method {
        case .bordaNauru:
            table = (0..<max(1, question.maximum)).map { .double(1 / Double($0 + 1)) }
            self.wholeWeights = []
        case .bordaCustom where wholeWeights.count < weights.count:
            table = weights
            self.wholeWeights = []
        default:
            table = nil
            self.wholeWeights = wholeWeights
        }
    }

    /// Points of an answer with a digit, the `order`-th of its ballot by rank. Not for points with fractions.
    func points(digit: UInt, order: Int) -> Int {
        switch method {
        case .plurality: 1
        case .cumulative: Int(digit)
        case .borda: firstPoints - Int(digit - 1)
        case .bordaCustom: wholeWeights[Int(digit - 1)]
        default: max(1, firstPoints - order)
        }
    }
}
