// SPDX-License-Identifier: Apache-2.0

extension Board {
    /// How many ballots are mixed in that tally, as soon as one authority has said so.
    package func ballotCount(attempt: Int) -> Int? {
        for author in parties {
            guard let entry = entry(.ballots, attempt: attempt, by: author),
                let summary = try? BallotsSummary(payload: entry.content.payload)
            else { continue }
            return summary.accepted
        }
        return nil
    }

    /// A failure in one line: what its author says, which check, whose doing, and who says so.
    package func explanation(of stop: (author: Int, failure: Failure)) -> String {
        let guilty = guilty(of: stop)
        let accused = guilty > 0 ? " by \(name(of: guilty))" : ""
        let index = stop.failure.index.map { ", index \($0)" } ?? ""
        return "\(stop.failure.message) (check \(stop.failure.check)\(accused)\(index), says \(name(of: stop.author)))"
    }
}
