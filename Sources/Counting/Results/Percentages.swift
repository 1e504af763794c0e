// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON

extension CountedQuestion {
    /// The number that percentages of answers are of (`answer_total_votes_percentage`).
    package var percentageBase: Double {
        switch question.json["answer_total_votes_percentage"]?.asString {
        case "over-total-votes": Double(totals.all)
        case "over-total-valid-points": answers.reduce(0) { $0 + $1.total.asDouble }
        default: Double(totals.valid)
        }
    }

    /// What that number is, as the question says it.
    package var percentageBaseName: String {
        question.json["answer_total_votes_percentage"]?.asString ?? "over-total-valid-votes"
    }

    /// The same for people.
    package var percentageBaseText: String {
        switch percentageBaseName {
        case "over-total-votes": "all ballots"
        case "over-total-valid-points": "all points"
        default: "valid ballots"
        }
    }

    /// What totals are counted in.
    package var unit: String {
        switch question.method {
        case .plurality, .cumulative: "votes"
        default: "points"
        }
    }

    /// `x` in per cent of `base`; 0 of nothing is 0 %.
    package static func percent(_ x: Double, of base: Double) -> Double { base == 0 ? 0 : x * 100 / base }

    /// Winners by position, then the others by total, then text.
    package var answersForReading: [CountedAnswer] {
        winners + byPointsAndText(answers.indices.filter { answers[$0].winnerPosition == nil }).map { answers[$0] }
    }
}

/// Two digits behind the point.
func twoPlaces(_ number: Double) -> String { String(format: "%.2f", number) }
