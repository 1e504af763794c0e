// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// Nobody's ballot can follow these questions, so that a count of them would be right by the letter alone.
struct ContradictoryQuestions: OperatorError {
    /// The first one with its place, safe to print.
    let first: String
    let count: Int

    var message: String { count == 1 ? first : "\(first) (and \(count - 1) more)" }

    var hint: String? {
        "correct the questions by the configuration's apply_modifications; or count them as the existing system does: --despite-contradictions"
    }
}
