// SPDX-License-Identifier: Apache-2.0

import Orchestration
import Testing

@Suite("What an authority does next")
struct NextActionsTests {
    let election: SampleElection
    let known = LocalFacts(
        heldBlobs: [SampleElection.order.votesDigest], knowsParties: true, consent: .toEverything)
    let step = Action.Step(attempt: 1, session: 0)

    init() throws { election = try SampleElection(parties: 3, threshold: 2) }

    func actions(_ board: Board, as me: Int, knowing facts: LocalFacts? = nil) -> [Action] {
        nextActions(on: board, as: me, knowing: facts ?? known).actions
    }

    @Test("is to countersign, once the parties are known")
    func countersign() throws {
        let board = try election.board()
        #expect(actions(board, as: 2) == [.countersign])
        let plan = nextActions(on: board, as: 2, knowing: LocalFacts())
        #expect(plan.actions.isEmpty)
        #expect(plan.awaited == [.identities])
        #expect(actions(board, as: 1).isEmpty)
    }

    @Test("is to wait for the operator's word about exactly that election, at every authority")
    func consentToElection() throws {
        var board = try election.board()
        var facts = LocalFacts(knowsParties: true)
        #expect(nextActions(on: board, as: 2, knowing: facts) == Plan(awaited: [.consent(attempt: 0)]))
        facts.consent = .to([try SampleElection(parties: 3, threshold: 2).board().entries[0].digest])
        #expect(nextActions(on: board, as: 2, knowing: facts) == Plan(awaited: [.consent(attempt: 0)]))
        facts.consent.accepted.insert(board.entries[0].digest)
        #expect(actions(board, as: 2, knowing: facts) == [.countersign])
        // The director has proposed, but makes no key before its own operator agreed.
        #expect(
            nextActions(on: board, as: 1, knowing: LocalFacts()).awaited == [
                .consent(attempt: 0), .entry(.countersignature, session: nil, by: 2),
                .entry(.countersignature, session: nil, by: 3),
            ])
        for author in [2, 3] { try election.say(.countersignature, by: author, on: &board) }
        #expect(nextActions(on: board, as: 1, knowing: LocalFacts()) == Plan(awaited: [.consent(attempt: 0)]))
        #expect(actions(board, as: 1, knowing: facts) == [.hashKeys])
    }

    @Test("is to wait for the operator's word about each tally, once the votes file is here")
    func consentToTally() throws {
        var board = try election.readyBoard()
        try election.say(.tallyRequest, attempt: 1, by: 1, payload: SampleElection.order.payload, on: &board)
        var facts = LocalFacts(
            heldBlobs: [SampleElection.order.votesDigest], knowsParties: true, consent: .to([board.entries[0].digest]))
        #expect(nextActions(on: board, as: 2, knowing: facts) == Plan(awaited: [.consent(attempt: 1)]))
        facts.consent.accepted.insert(try #require(board.proposal(attempt: 1)).digest)
        #expect(actions(board, as: 2, knowing: facts) == [.reviewBallots(attempt: 1)])
        let failure = Failure(check: "mix", message: "the first tally failed")
        try election.say(.failure, attempt: 1, by: 2, payload: failure.payload, on: &board)
        try election.say(.tallyRequest, attempt: 2, by: 1, payload: SampleElection.order.payload, on: &board)
        #expect(nextActions(on: board, as: 2, knowing: facts).awaited == [.consent(attempt: 2)])
    }

    @Test("goes through key generation, each phase after everybody's last")
    func keyGeneration() throws {
        var board = try election.board()
        for author in [2, 3] { try election.say(.countersignature, by: author, on: &board) }
        let phases: [(EntryKind, Action)] = [
            (.keyHash, .hashKeys), (.keyCommitments, .openKeys), (.keyShares, .dealShares), (.publicKey, .computeKeys),
            (.keyPublished, .publishKeys),
        ]
        for (kind, action) in phases {
            #expect(actions(board, as: 1) == [action])
            try election.say(kind, by: 1, on: &board)
            let plan = nextActions(on: board, as: 1, knowing: known)
            #expect(plan.actions.isEmpty)
            #expect(plan.awaited == [.entry(kind, session: nil, by: 2), .entry(kind, session: nil, by: 3)])
            for author in [2, 3] { try election.say(kind, by: author, on: &board) }
        }
        #expect(board.isReady)
    }

    @Test("is to stop when another authority has a different key, naming it")
    func differentKeys() throws {
        var board = try election.board()
        for author in [2, 3] { try election.say(.countersignature, by: author, on: &board) }
        for kind in [EntryKind.keyHash, .keyCommitments, .keyShares] {
            try election.everyoneSays(kind, by: 1...3, on: &board)
        }
        for author in 1...3 { try election.say(.publicKey, by: author, payload: [author == 3 ? 9 : 1], on: &board) }
        guard case .reportFailure(0, let failure)? = actions(board, as: 1).first else {
            Issue.record("no failure is reported")
            return
        }
        #expect(failure.accused == 3)
        #expect(failure.check == "publicKey.equal")
    }

    @Test("waits for the votes file, then reviews it")
    func ballots() throws {
        var board = try election.readyBoard()
        #expect(nextActions(on: board, as: 2, knowing: known).awaited == [.tallyRequest])
        try election.say(.tallyRequest, attempt: 1, by: 1, payload: SampleElection.order.payload, on: &board)
        #expect(nextActions(on: board, as: 2, knowing: LocalFacts()).awaited == [.votesFile])
        #expect(actions(board, as: 2) == [.reviewBallots(attempt: 1)])
    }

    @Test("commits to a permutation before the others have reviewed their ballots")
    func permutation() throws {
        var board = try election.readyBoard()
        try election.say(.tallyRequest, attempt: 1, by: 1, payload: SampleElection.order.payload, on: &board)
        try election.say(.ballots, attempt: 1, by: 1, on: &board)
        #expect(actions(board, as: 1) == [.commitPermutation(step)])
    }

    @Test("stops at ballots that differ, naming whose")
    func differentBallots() throws {
        var board = try election.readyBoard()
        try election.say(.tallyRequest, attempt: 1, by: 1, payload: SampleElection.order.payload, on: &board)
        for author in 1...3 {
            try election.say(.ballots, attempt: 1, by: author, payload: [author == 2 ? 9 : 1], on: &board)
        }
        guard case .reportFailure(1, let failure)? = actions(board, as: 3).first else {
            Issue.record("no failure is reported")
            return
        }
        #expect(failure.accused == 2)
    }

    @Test("shuffles in turn, each after it verified the one before")
    func shuffles() throws {
        var board = try election.boardWithBallots()
        var second = known
        let permutation1 = try election.say(.permutation, attempt: 1, session: 0, by: 1, on: &board)
        #expect(actions(board, as: 2) == [.commitPermutation(step), .verifyPermutation(step, of: 1)])
        let permutation2 = try election.say(.permutation, attempt: 1, session: 0, by: 2, on: &board)
        #expect(actions(board, as: 1) == [.verifyPermutation(step, of: 2)])
        second.verified.insert(permutation1.digest)
        #expect(actions(board, as: 2, knowing: second).isEmpty)
        var first = known
        first.verified.insert(permutation2.digest)
        #expect(actions(board, as: 1, knowing: first) == [.shuffle(step)])
        let shuffle1 = try election.say(.shuffle, attempt: 1, session: 0, by: 1, on: &board)
        #expect(actions(board, as: 2, knowing: second) == [.verifyShuffle(step, of: 1)])
        second.verified.insert(shuffle1.digest)
        #expect(actions(board, as: 2, knowing: second) == [.shuffle(step)])
    }

    @Test("decrypts only after everybody confirmed all shuffles")
    func barrier() throws {
        var board = try election.boardWithBallots()
        for kind in [EntryKind.permutation, .shuffle] {
            try election.everyoneSays(kind, attempt: 1, session: 0, by: 1...2, on: &board)
        }
        var facts = known
        facts.verified = Set(board.entries.map(\.digest))
        #expect(actions(board, as: 3, knowing: facts) == [.confirmShuffles(step)])
        for author in 1...3 {
            #expect(!actions(board, as: 3, knowing: facts).contains(.decrypt(step)))
            try election.say(.verified, attempt: 1, session: 0, by: author, on: &board)
        }
        #expect(actions(board, as: 3, knowing: facts) == [.decrypt(step)])
    }

    @Test("waits for the files of an entry before it verifies them")
    func blobs() throws {
        var board = try election.boardWithBallots()
        let blob = BlobReference(name: "PermutationCommitment01.bt", digest: Digest(of: [5]), byteCount: 1)
        try election.say(.permutation, attempt: 1, session: 0, by: 1, blobs: [blob], on: &board)
        let plan = nextActions(on: board, as: 3, knowing: known)
        #expect(plan.actions.isEmpty)
        #expect(plan.awaited.contains(.blobs(.permutation, session: 0, by: 1)))
        var facts = known
        facts.heldBlobs.insert(blob.digest)
        #expect(actions(board, as: 3, knowing: facts) == [.verifyPermutation(step, of: 1)])
    }

    @Test("builds, compares and publishes the archive at the end")
    func archive() throws {
        var board = try election.boardWithBallots()
        for kind in [EntryKind.permutation, .shuffle] {
            try election.everyoneSays(kind, attempt: 1, session: 0, by: 1...2, on: &board)
        }
        for kind in [EntryKind.verified, .decryption] {
            try election.everyoneSays(kind, attempt: 1, session: 0, by: 1...3, on: &board)
        }
        var facts = known
        facts.verified = Set(board.entries.map(\.digest))
        #expect(actions(board, as: 2, knowing: facts) == [.buildTally(attempt: 1)])
        try election.everyoneSays(.tally, attempt: 1, by: 1...3, on: &board)
        #expect(actions(board, as: 2, knowing: facts) == [.publishTally(attempt: 1)])
        try election.everyoneSays(.tallyPublished, attempt: 1, by: 1...3, on: &board)
        #expect(actions(board, as: 2, knowing: facts).isEmpty)
        #expect(board.isPublished(attempt: 1))
    }

    /// A first tally that failed after authority 3 had decrypted, and a second one of those votes.
    private func boardWithSecondTally(of order: TallyOrder) throws -> Board {
        var board = try election.boardWithBallots()
        try election.everyoneSays(.verified, attempt: 1, session: 0, by: 1...3, on: &board)
        try election.say(.decryption, attempt: 1, session: 0, by: 3, on: &board)
        let failure = Failure(check: "mix", message: "the first tally failed after that")
        try election.say(.failure, attempt: 1, by: 2, payload: failure.payload, on: &board)
        try election.say(.tallyRequest, attempt: 2, by: 1, payload: order.payload, on: &board)
        return board
    }

    @Test("is to wait for the operator's own word about a tally of other votes once somebody decrypted, always")
    func otherVotes() throws {
        let other = TallyOrder(votesURL: SampleElection.order.votesURL, votesDigest: Digest(of: [8]))
        let board = try boardWithSecondTally(of: other)
        #expect(board.isFurther(attempt: 2) && !board.isFurther(attempt: 1))
        var facts = known
        facts.heldBlobs.insert(other.votesDigest)
        #expect(facts.consent == .toEverything)
        #expect(nextActions(on: board, as: 2, knowing: facts) == Plan(awaited: [.consent(attempt: 2)]))
        facts.consent.accepted.insert(try #require(board.proposal(attempt: 2)).digest)
        #expect(actions(board, as: 2, knowing: facts) == [.reviewBallots(attempt: 2)])
    }

    @Test("is to tally the same votes again after a tally that failed late")
    func sameVotes() throws {
        #expect(actions(try boardWithSecondTally(of: SampleElection.order), as: 2) == [.reviewBallots(attempt: 2)])
    }

    @Test("is nothing after a failure of the key, and another tally after a failed one")
    func failures() throws {
        var board = try election.boardWithBallots()
        let failure = Failure(check: "votes.hash", message: "the votes file has another hash")
        try election.say(.failure, attempt: 1, by: 2, payload: failure.payload, on: &board)
        #expect(nextActions(on: board, as: 1, knowing: known) == Plan(actions: [], awaited: [.tallyRequest]))
        #expect(board.failure(attempt: 1)?.failure == failure)
        try election.say(.tallyRequest, attempt: 2, by: 1, payload: SampleElection.order.payload, on: &board)
        #expect(actions(board, as: 1) == [.reviewBallots(attempt: 2)])
        var unmade = try election.board()
        try election.say(.failure, attempt: 0, by: 3, payload: failure.payload, on: &unmade)
        #expect(actions(unmade, as: 1).isEmpty && unmade.isStopped)
        // One word of one authority does not end an election in which votes are cast.
        try election.say(.failure, attempt: 0, by: 3, payload: failure.payload, on: &board)
        #expect(actions(board, as: 1) == [.reviewBallots(attempt: 2)] && !board.isStopped)
    }

    @Test("does not take factors that came before anybody verified the shuffles for votes that were decrypted")
    func earlyFactors() throws {
        var board = try election.boardWithBallots()
        try election.say(.decryption, attempt: 1, session: 0, by: 3, on: &board)
        #expect(!board.wasDecrypted(attempt: 1) && board.decryptedOthers(than: Digest(of: [8])).isEmpty)
        try election.everyoneSays(.verified, attempt: 1, session: 0, by: 1...3, on: &board)
        #expect(board.wasDecrypted(attempt: 1) && !board.decryptedOthers(than: Digest(of: [8])).isEmpty)
        #expect(board.decryptedOthers(than: SampleElection.order.votesDigest).isEmpty)
    }
}
