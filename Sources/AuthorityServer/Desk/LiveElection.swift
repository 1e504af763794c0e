// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import Orchestration

/// One election as a running authority holds it in memory: all of it but the board can be found again.
struct LiveElection {
    var board: Board
    /// This authority's 1-based number among the parties.
    let me: Int
    let storage: StoredElection
    var facts: LocalFacts
    /// When each entry of the board came here.
    private(set) var arrivals: [Date]
    /// What this authority found out by itself about the parties; nil while it asks.
    var knownParties: [Party]?
    /// Last known counts of each other party's copy of the board.
    var peerCounts: [Int: [Int]] = [:]
    /// Authors of whom somebody holds another entry than we, and the number of that entry.
    var disputed: [Int: Int] = [:]
    /// Blobs and votes files that are on their way.
    var fetching: Set<Digest> = []
    /// Bytes of the votes file that is on its way, as its server stated them, and of which tally it is.
    var statedVotes: (attempt: Int, byteCount: Int)?
    var lastProgress: ContinuousClock.Instant
    /// Actions that this authority itself was hindered in, how often, and when it tries again.
    var retryAt: [Action: ContinuousClock.Instant] = [:]
    var hindrances: [Action: Int] = [:]
    /// Entries that were refused, so that each is logged once.
    var refused: Set<Digest> = []
    /// Attempts whose secrets were wiped because they failed; 0 is the key generation.
    var wiped: Set<Int> = []
    /// What was logged last as awaited, so that it is logged once.
    var reportedAwaited: [Awaited] = []

    /// How many entries of its own this authority had left when it lost others, because a backup was restored or its disk failed;
    /// nil once it has caught up.
    var restoredCount: Int?
    /// How long all others are waited for after a start, where no entry is known to be missing.
    var unheardUntil: ContinuousClock.Instant?
    /// Parties without whom the operator goes on, so that they are not waited for.
    var excused: Set<Int> = []
    /// Whether its files are looked at again before the next step.
    var isToInspect = false
    /// Own entries whose files this disk lost, and nobody gave back when asked.
    var withoutFiles: Set<Digest> = []
    /// Own entries that others gave back or whose files were lost, and whose local side is there again; and those that this process
    /// has made.
    var madeAgain: Set<Digest> = []

    /// When this process began with the election.
    let begin: ContinuousClock.Instant
    /// The attempt about which the operator is asked and has not answered.
    var undecided: Int?
    /// What is being done, and since when.
    var working: (action: Action, since: ContinuousClock.Instant, counter: WorkCounter)?
    /// What this process did on the key, or on the latest tally.
    var finished: [ElectionStatus.Work] = []
    /// What hindered this authority itself, until it can do what it was hindered in.
    var problem: String?
    /// What only the operator can mend, as long as this process runs.
    var damage: String?
    /// Files that were shown to a party, and when those that were asked for twice were last looked at.
    var shown: [Digest: Set<Digest>] = [:]
    var looked: [Digest: ContinuousClock.Instant] = [:]

    /// - Parameter arrivals: one for each entry.
    init(
        board: Board, me: Int, storage: StoredElection, consent: Consent, arrivals: [Date],
        now: ContinuousClock.Instant
    ) {
        self.board = board
        self.me = me
        self.storage = storage
        self.arrivals = arrivals
        facts = LocalFacts(consent: consent)
        lastProgress = now
        begin = now
    }

    /// Takes the board on with one more entry.
    mutating func grow(to board: Board, now: ContinuousClock.Instant) {
        if board.attempt != self.board.attempt { finished = [] }
        self.board = board
        arrivals.append(Date())
        lastProgress = now
    }

    /// How long ago the protocol came here, before restarts too.
    var proposalAge: Duration { .seconds(arrivals.first.map { -$0.timeIntervalSinceNow } ?? 0) }

    var timeline: Timeline { Timeline(board, arrivals: arrivals) }

    var plan: Plan { nextActions(on: board, as: me, knowing: facts) }

    /// Whether this authority has any use for the files of an entry.
    func needsFiles(of entry: Entry) -> Bool {
        let (attempt, author) = (entry.content.attempt, entry.content.author)
        let present = board.roster(attempt: attempt).present
        return board.isOpen(attempt: attempt) && present.contains(author) && present.contains(me)
    }

    /// Every party but this authority that takes part in what is under way.
    var others: Set<Int> { Set(board.roster(attempt: board.attempt).present).subtracting([me]) }

    /// Whether somebody still has something to do, so that boards are compared often.
    var isUnderWay: Bool {
        if board.isStopped { return false }
        if !facts.unheard.isEmpty || !facts.lost.isEmpty { return true }
        if !board.isReady { return true }
        let attempt = board.attempt
        if board.isPublished(attempt: attempt) { return false }
        return attempt > 0 && board.failure(attempt: attempt) == nil || board.agreedAbsence(after: attempt) != nil
    }
}
