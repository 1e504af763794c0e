// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// What a voter wants to say about one question.
package struct Choices: Sendable, Equatable {
    /// By answer id: for plurality anything, for cumulative the points, else the rank from 0.
    package var chosen: [Int: Int]
    /// By the id of a write-in answer: the name as it was typed.
    package var names: [Int: String]
    /// Marks the ballot as invalid.
    package var isInvalid: Bool

    package init(chosen: [Int: Int] = [:], names: [Int: String] = [:], isInvalid: Bool = false) {
        self.chosen = chosen
        self.names = names
        self.isInvalid = isInvalid
    }
}

/// Why choices are no ballot of a question.
package enum ChoicesError: Error, Equatable, Sendable {
    case unknownAnswer(id: Int)
    /// Points or a rank that the code has no digit for: `largest` is the last that it has.
    case outOfRange(id: Int, value: Int, largest: Int)
    case notAWriteIn(id: Int)
    case zeroInName(id: Int)
    /// The number is too large for the election's group.
    case tooLong
}

extension ChoicesError: OperatorError {
    package var message: String {
        switch self {
        case .unknownAnswer(let id): "no answer that can be chosen has the id \(id)"
        case .outOfRange(let id, let value, let largest):
            "answer \(id) has the points or rank \(value), expected 0 to \(largest)"
        case .notAWriteIn(let id): "answer \(id) takes no written name"
        case .zeroInName(let id): "the name for answer \(id) holds a zero character"
        case .tooLong: "the choices do not fit the group's plaintexts: the written names are too long"
        }
    }
}
