// SPDX-License-Identifier: Apache-2.0

extension Board {
    /// Whether the latest tally has neither failed nor been published by all.
    package var isTallyUnderWay: Bool {
        attempt > 0 && !isStopped && failure(attempt: attempt) == nil && !isPublished(attempt: attempt)
    }

    /// Whether the key of the election is being made, or its ballots are tallied.
    package var isUnderWay: Bool { !isStopped && (!isReady || isTallyUnderWay) }

    /// Whether somebody has shown decryption factors in that tally.
    package func hasBegunDecryption(attempt: Int) -> Bool {
        entries.contains { $0.content.kind == .decryption && $0.content.attempt == attempt }
    }
}

extension Failure {
    /// An operator ended a tally.
    ///
    /// - Parameter reason: the operator's own words.
    package static func reset(at authority: String, reason: String?) -> Failure {
        Failure(
            check: "operator.reset",
            message: "the operator of \(authority) ended the tally" + (reason.map { ": \($0)" } ?? ""))
    }
}
