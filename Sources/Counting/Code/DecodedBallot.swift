// SPDX-License-Identifier: Apache-2.0

/// What a plaintext says, as digits; one of them is used again for a whole list of ballots.
package struct DecodedBallot: Sendable {
    package internal(set) var isFlagged = false
    /// One for each column: 0 for not chosen.
    package internal(set) var digits: [UInt]
    /// One for each write-in, empty where there is none.
    package internal(set) var names: [String]
    /// Why the plaintext is no ballot of the question.
    package internal(set) var fault: NullReason?

    package init(of code: BallotCode) {
        digits = Array(repeating: 0, count: code.columns.count)
        names = Array(repeating: "", count: code.writeIns.count)
    }
}

/// Why a ballot is null (specification of counting, 1.6).
package enum NullReason: String, Sendable, Hashable, CaseIterable {
    // Malformed (1.5)
    case tooBig = "too big"
    case tooManyNames = "too many names"
    case notUTF8 = "utf-8"
    /// A line of plaintexts_json that is no number in quotes.
    case notANumber = "not a number"

    case twoFlags = "two flags"
    case options
    case ranks
    case weights
    case explicit
    case repeatedWriteIn = "repeated write-in"
    case tooFew = "too few"
    case tooMany = "too many"
    case panachage

    /// Whether no booth that follows the question can have made it.
    package var isMalformed: Bool {
        switch self {
        case .tooBig, .tooManyNames, .notUTF8, .notANumber: true
        default: false
        }
    }
}

/// What becomes of a ballot.
package enum Verdict: Sendable, Hashable {
    case valid
    case blank
    case null(NullReason)
}
