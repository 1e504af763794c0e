// SPDX-License-Identifier: Apache-2.0

/// What an authority says of an election at one moment: an answer of `GET /public_api/status/ELECTION`.
///
/// It speaks for itself, and of the others it says what their entries show and how long it has not heard of them. Times are
/// those of its own clock, in UTC by ISO 8601.
package struct ElectionStatus: Sendable, Equatable {
    package enum Phase: String, Sendable, CaseIterable {
        case creating, ready, tallying, tallied, failed
    }

    /// One entry of one authority that the election needs.
    package struct Step: Sendable, Equatable {
        package enum State: String, Sendable, CaseIterable {
            case done
            /// All that it follows is there: this authority holds the election up.
            case awaited
            case ahead
        }

        package var name: String
        /// From 0, for what is about one question.
        package var question: Int?
        package var authority: String
        package var state: State
        /// When it came, or since when it is awaited.
        package var since: String?

        package init(name: String, question: Int?, authority: String, state: State, since: String?) {
            self.name = name
            self.question = question
            self.authority = authority
            self.state = state
            self.since = since
        }
    }

    /// Something that the answering authority does or did itself.
    package struct Work: Sendable, Equatable {
        package var name: String
        package var question: Int?
        /// Whose proof is verified.
        package var author: String?
        /// So far, or in all.
        package var milliseconds: Int
        /// Ballots, or for files bytes.
        package var done: Int
        package var total: Int

        package init(name: String, question: Int?, author: String?, milliseconds: Int, done: Int, total: Int) {
            self.name = name
            self.question = question
            self.author = author
            self.milliseconds = milliseconds
            self.done = done
            self.total = total
        }

        /// Nil before there is anything to divide by.
        package var perSecond: Int? { milliseconds > 0 && done > 0 ? done * 1000 / milliseconds : nil }
    }

    /// Another authority as the answering one hears it.
    package struct Peer: Sendable, Equatable {
        package var name: String
        package var silentMilliseconds: Int
        /// What went wrong when it was asked last.
        package var problem: String?

        package init(name: String, silentMilliseconds: Int, problem: String?) {
            self.name = name
            self.silentMilliseconds = silentMilliseconds
            self.problem = problem
        }
    }

    /// An authority whose operator wants to go on without some others, in another tally.
    package struct Absence: Sendable, Equatable {
        package var authority: String
        package var without: [String]

        package init(authority: String, without: [String]) {
            self.authority = authority
            self.without = without
        }
    }

    package var election: String
    /// Who answers.
    package var authority: String
    package var time: String
    package var phase: Phase
    /// The number of the tally; 0 while there was none.
    package var attempt: Int
    package var ballots: Int?
    /// Shares of the whole work on the key, or on the tally.
    package var done = 0
    package var total = 0
    package var steps: [Step] = []
    /// What the answering authority does at the moment.
    package var work: Work?
    /// What it did before, in order.
    package var finished: [Work] = []
    /// Files on their way to it.
    package var transfers: [Work] = []
    package var peers: [Peer] = []
    /// Those who take no part in the latest tally.
    package var absent: [String] = []
    /// Who said after the latest tally that it goes on without others.
    package var absences: [Absence] = []
    /// Since when its own operator is awaited.
    package var operatorAwaitedSince: String?
    /// Whether its key share, which was taken away, has to come back.
    package var awaitsShare = false
    /// What hinders it itself, its disk for instance; it tries again.
    package var problem: String?
    /// Why the key or the tally failed.
    package var failure: String?

    package init(election: String, authority: String, time: String, phase: Phase, attempt: Int) {
        self.election = election
        self.authority = authority
        self.time = time
        self.phase = phase
        self.attempt = attempt
    }

    /// Whether nothing is under way any more.
    package var isAtRest: Bool { phase != .creating && phase != .tallying }
}
