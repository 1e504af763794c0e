// SPDX-License-Identifier: Apache-2.0

package import Elections
package import Foundation

extension ElectionStatus {
    /// What the board alone shows, at the latest attempt.
    package init(_ timeline: Timeline, as me: Int, at now: Date = .now) {
        let board = timeline.board
        let attempt = board.attempt
        let stop = board.failure(attempt: 0) ?? board.failure(attempt: attempt)
        let phase: Phase =
            if stop != nil {
                .failed
            } else if attempt > 0 {
                board.isPublished(attempt: attempt) ? .tallied : .tallying
            } else {
                board.isReady ? .ready : .creating
            }
        self.init(
            election: board.election, authority: board.name(of: me), time: now.ISO8601Format(), phase: phase,
            attempt: attempt)
        ballots = board.ballotCount(attempt: attempt)
        (done, total) = timeline.work(attempt: attempt)
        failure = stop.map { board.explanation(of: $0) }
        absent = board.roster(attempt: attempt).absent.map { board.name(of: $0) }
        absences = board.parties.compactMap { author in
            board.absence(by: author, attempt: attempt).map { absent in
                Absence(authority: board.name(of: author), without: absent.map { board.name(of: $0) })
            }
        }
        for attempt in Set([0, attempt]).sorted() {
            steps += board.milestones(attempt: attempt).map { Step($0, in: timeline) }
        }
    }
}

extension ElectionStatus.Step {
    init(_ milestone: Milestone, in timeline: Timeline) {
        let (state, since): (State, Date?) =
            switch timeline.state(of: milestone) {
            case .done(let time): (.done, time)
            case .awaited(let since): (.awaited, since)
            case .ahead: (.ahead, nil)
            }
        self.init(
            name: milestone.kind.rawValue, question: milestone.session,
            authority: timeline.board.name(of: milestone.author), state: state, since: since?.ISO8601Format())
    }
}
