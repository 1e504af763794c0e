// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A board with the times at which its entries came here: who has done what, who is awaited, and since when.
package struct Timeline: Sendable {
    package let board: Board
    /// In the order of the board's entries.
    private let arrivals: [Date]
    private let numbers: [Milestone: Int]

    package enum State: Equatable, Sendable {
        case done(Date)
        /// Everything that it follows is there.
        case awaited(since: Date)
        /// Something that it follows is missing, or the key or the tally it belongs to failed.
        case ahead
    }

    /// - Parameter arrivals: one for each entry.
    package init(_ board: Board, arrivals: [Date]) {
        self.board = board
        self.arrivals = arrivals
        var numbers: [Milestone: Int] = [:]
        for (number, entry) in board.entries.enumerated() where number < arrivals.count {
            let content = entry.content
            numbers[
                Milestone(
                    kind: content.kind, attempt: content.attempt, session: content.session, author: content.author)] =
                number
        }
        self.numbers = numbers
    }

    package func time(of milestone: Milestone) -> Date? { numbers[milestone].map { arrivals[$0] } }

    package func state(of milestone: Milestone) -> State {
        if let time = time(of: milestone) { return .done(time) }
        guard milestone.kind != .protocol, milestone.kind != .tallyRequest, !board.isStopped,
            board.isOpen(attempt: milestone.attempt)
        else { return .ahead }
        var latest = Date.distantPast
        for earlier in board.prerequisites(of: milestone) {
            guard let time = time(of: earlier) else { return .ahead }
            latest = max(latest, time)
        }
        return .awaited(since: latest)
    }

    /// When the last entry came.
    package var lastArrival: Date? { arrivals.last }
}

extension Timeline {
    /// How much of the work of the key (attempt 0) or of that tally is done, in shares of the time that each entry takes.
    package func work(attempt: Int) -> (done: Int, total: Int) {
        var (done, total) = (0, 0)
        for milestone in board.milestones(attempt: attempt) {
            let share = share(of: milestone)
            total += share
            if time(of: milestone) != nil { done += share }
        }
        return (done, total)
    }

    /// What authorities do beside each other counts once; a shuffle counts the time in which the others verify it, because
    /// nobody can do anything else meanwhile. The proportions are measured ones, see docs/performance.md.
    package func share(of milestone: Milestone) -> Int {
        let present = board.roster(attempt: milestone.attempt).present.count
        let (questions, authorities, mixers) = (board.sessionCount, present, board.threshold)
        return switch milestone.kind {
        case .protocol, .countersignature, .keyHash, .keyCommitments, .keyShares, .publicKey, .keyPublished: 100
        case .ballots: 400 * questions / authorities
        case .permutation: 2000 / mixers
        case .shuffle: 2700
        case .decryption: 1500 / authorities
        case .tally: 2200 * questions / authorities
        case .tallyRequest, .verified, .tallyPublished, .absence, .failure: 0
        }
    }
}
