// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// Something that a question asks for and that excludes something else it says, so that no ballot can follow both.
///
/// Who makes an election refuses such a question. Who counts one counts as the original does, and says what became of it.
package struct QuestionContradiction: Sendable, Equatable {
    /// What counting makes of it all the same.
    package enum Effect: Sendable, Equatable {
        case everyBallotIsNull
        case noBallotIsValid
        case rankingsAreNull(above: Int)
        case isNeverReached
        case oneCheckbox
        case noNames
        case isOrdinary
        case nobodyWins
        case everybodyWins
        case validVotesAreBase
    }

    /// The way to it inside of the question, such as `extra_options.cumulative_number_of_checkboxes`.
    package let field: String
    package let found: String
    package let expected: String
    package let effect: Effect

    /// What is wrong, with its place.
    ///
    /// - Parameter question: the way to the question, such as `questions[0]`; nil where the reader knows which it is.
    package func refusal(in question: String? = nil) -> JSONShapeError {
        .value(path: (question.map { "\($0)." } ?? "") + field, found: found, expected: expected)
    }

    /// The same for whoever reads a result.
    package var remark: String { "\(refusal().message): \(effect.text)" }
}

extension QuestionContradiction.Effect {
    /// Whether ballots count for nothing that voters cast in good faith.
    package var losesBallots: Bool {
        switch self {
        case .everyBallotIsNull, .noBallotIsValid, .rankingsAreNull: true
        case .isNeverReached, .oneCheckbox, .noNames, .isOrdinary, .nobodyWins, .everybodyWins, .validVotesAreBase:
            false
        }
    }

    package var text: String {
        switch self {
        case .everyBallotIsNull: "every ballot is null"
        case .noBallotIsValid: "every ballot is blank or null"
        case .rankingsAreNull(let count): "ballots that rank more than \(count) answers are null"
        case .isNeverReached: "no ballot can choose so many"
        case .oneCheckbox: "counted with one"
        case .noNames: "ballots are read without names"
        case .isOrdinary: "counted as any other answer"
        case .nobodyWins: "nobody wins"
        case .everybodyWins: "every answer wins"
        case .validVotesAreBase: "percentages are of the valid ballots"
        }
    }
}
