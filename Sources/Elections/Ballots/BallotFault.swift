// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import OperatorErrors
package import StrictJSON

/// What is wrong with a line of a votes file so that the whole file is refused (specification of the tally, 7.1, point 6).
package enum BallotFault: Error, Equatable, Sendable {
    /// The line does not have the form of the first line, or none at all.
    case form(String)
    case voterID(String)
    case syntax(JSONSyntaxError)
    case shape(JSONShapeError)
    /// A number in range that is no quadratic residue; questions count from 0.
    case notInGroup(question: Int, CiphertextComponent)
    /// The alpha of that question stands in an earlier line, or in another question of this one.
    case repeatedAlpha(question: Int, line: Int)
    /// The election requires bound proofs, and that of this question was not made for this ballot, voter and election.
    case boundProof(question: Int)

    package var message: String {
        switch self {
        case .form(let reason): reason
        case .voterID(let reason): "malformed voter id: \(reason)"
        case .syntax(let error): error.message
        case .shape(let error): error.message
        case .notInGroup(let question, let component):
            "choices[\(question)].\(component.rawValue) is not an element of the group"
        case .repeatedAlpha(let question, let line):
            "choices[\(question)].alpha stands in line \(line) already"
        case .boundProof(let question):
            "proofs[\(question)].bound does not hold for this voter, election, question, key and ciphertext"
        }
    }
}

/// Why a votes file is not mixed. No ballot of it was taken.
package enum VotesFileError: Error, Equatable, Sendable {
    case unreadable(reason: String)
    /// Lines count from 1.
    case refused(line: Int, BallotFault)
}

extension VotesFileError: OperatorError {
    package var message: String {
        switch self {
        case .unreadable(let reason): "cannot read the votes file: \(reason)"
        case .refused(let line, let fault): "votes file, line \(line): \(fault.message)"
        }
    }

    package var hint: String? {
        if case .refused = self { "the ballot box has to keep such ballots out of the votes file" } else { nil }
    }

    package var exitCode: ExitStatus {
        if case .unreadable = self { .disk } else { .refused }
    }
}
