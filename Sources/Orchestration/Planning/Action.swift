// SPDX-License-Identifier: Apache-2.0

/// One step that this authority can take by itself: local, finite, and never waiting for a peer.
package enum Action: Hashable, Sendable {
    case countersign
    case hashKeys
    case openKeys
    case dealShares
    /// Check the shares that the others dealt and compute all keys; or complain.
    case computeKeys
    case publishKeys

    case reviewBallots(attempt: Int)
    case commitPermutation(Step)
    case verifyPermutation(Step, of: Int)
    case shuffle(Step)
    case verifyShuffle(Step, of: Int)
    case confirmShuffles(Step)
    case decrypt(Step)
    case verifyDecryption(Step, of: Int)
    case buildTally(attempt: Int)
    case publishTally(attempt: Int)
    /// Ask for that tally, of the votes of the one before it, without those whom all agreed to leave out.
    case goOn(attempt: Int)

    /// What others posted does not fit together: stop, and say whose.
    case reportFailure(attempt: Int, Failure)

    /// One question in one tally.
    package struct Step: Hashable, Sendable {
        package let attempt: Int
        package let session: Int

        package init(attempt: Int, session: Int) {
            self.attempt = attempt
            self.session = session
        }
    }
}

extension Action {
    /// For logs: a word for the step.
    package var name: String {
        switch self {
        case .countersign: "countersign"
        case .hashKeys: "hash-keys"
        case .openKeys: "open-keys"
        case .dealShares: "deal-shares"
        case .computeKeys: "compute-keys"
        case .publishKeys: "publish-keys"
        case .reviewBallots: "review-ballots"
        case .commitPermutation: "commit-permutation"
        case .verifyPermutation: "verify-permutation"
        case .shuffle: "shuffle"
        case .verifyShuffle: "verify-shuffle"
        case .confirmShuffles: "confirm-shuffles"
        case .decrypt: "decrypt"
        case .verifyDecryption: "verify-decryption"
        case .buildTally: "build-tally"
        case .publishTally: "publish-tally"
        case .goOn: "go-on"
        case .reportFailure: "report-failure"
        }
    }

    package var session: Int? {
        switch self {
        case .commitPermutation(let step), .verifyPermutation(let step, _), .shuffle(let step),
            .verifyShuffle(let step, _),
            .confirmShuffles(let step), .decrypt(let step), .verifyDecryption(let step, _):
            step.session
        default: nil
        }
    }

    package var attempt: Int {
        switch self {
        case .commitPermutation(let step), .verifyPermutation(let step, _), .shuffle(let step),
            .verifyShuffle(let step, _),
            .confirmShuffles(let step), .decrypt(let step), .verifyDecryption(let step, _):
            step.attempt
        case .reviewBallots(let attempt), .buildTally(let attempt), .publishTally(let attempt), .goOn(let attempt),
            .reportFailure(let attempt, _):
            attempt
        default: 0
        }
    }

    /// Whose work is checked, for the verifying actions.
    package var author: Int? {
        switch self {
        case .verifyPermutation(_, let author), .verifyShuffle(_, let author), .verifyDecryption(_, let author): author
        default: nil
        }
    }
}
