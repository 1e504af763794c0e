// SPDX-License-Identifier: Apache-2.0

/// How a question is counted; the raw value is its `tally_type`.
package enum TallyMethod: String, Sendable, CaseIterable {
    case plurality = "plurality-at-large"
    case cumulative
    case borda
    case bordaNauru = "borda-nauru"
    case bordaCustom = "borda-custom"
    case desborda
    case desborda2
    case desborda3

    // Retired in 2021, with a code of their own (specification of counting, 3.10)
    case bordaMasMadrid = "borda-mas-madrid"
    case pairwiseBeta = "pairwise-beta"
    case cup

    /// Whether ballots rank answers, so that `max` is the radix of their digits.
    package var isRanked: Bool {
        switch self {
        case .plurality, .cumulative: false
        default: true
        }
    }

    package var isRetired: Bool {
        switch self {
        case .bordaMasMadrid, .pairwiseBeta, .cup: true
        default: false
        }
    }

    /// Whether the ranks of a ballot must be 0, 1, … without gaps.
    package var needsWholeRanking: Bool {
        switch self {
        case .borda, .bordaNauru, .bordaCustom: true
        default: false
        }
    }

    /// Whether every answer gets a position by its points, winners or not (3.3).
    package var ranksEveryAnswer: Bool {
        switch self {
        case .desborda, .desborda2, .desborda3: true
        default: false
        }
    }
}
