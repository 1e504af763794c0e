// SPDX-License-Identifier: Apache-2.0

import Orchestration
import Testing

@Suite("What an authority does next that came out of a backup, or whose key share is away")
struct RestoredPlanTests {
    private let election: SampleElection
    private let step = Action.Step(attempt: 1, session: 0)
    private var facts = LocalFacts(
        heldBlobs: [SampleElection.order.votesDigest], knowsParties: true, consent: .toEverything)

    init() throws { election = try SampleElection(parties: 2, threshold: 2) }

    /// Both have mixed and said so.
    private func mixedBoard() throws -> Board {
        var board = try election.readyBoard()
        try election.say(.tallyRequest, attempt: 1, by: 1, payload: SampleElection.order.payload, on: &board)
        try election.everyoneSays(.ballots, attempt: 1, by: 1...2, on: &board)
        for kind in [EntryKind.permutation, .shuffle, .verified] {
            try election.everyoneSays(kind, attempt: 1, session: 0, by: 1...2, on: &board)
        }
        return board
    }

    @Test("nothing at all, before the others told what it had said")
    func unheard() throws {
        var facts = facts
        facts.unheard = [1]
        let board = try mixedBoard()
        #expect(nextActions(on: board, as: 2, knowing: facts) == Plan(awaited: [.ownEntries(from: 1)]))
        // Not even the report of a liar, which would stand in a place of its own entries.
        var torn = board
        let held = try #require(board.entry(.ballots, attempt: 1, by: 1))
        var other = held.content
        other.payload = [9]
        #expect(throws: BoardError.self) { try torn.append(election.sign(other)) }
        #expect(nextActions(on: torn, as: 2, knowing: facts).actions.isEmpty)
        facts.unheard = []
        #expect(nextActions(on: torn, as: 2, knowing: facts).actions.count == 1)
    }

    @Test("what it had said already, when the local side of it was lost")
    func lost() throws {
        var facts = facts
        let board = try mixedBoard()
        #expect(nextActions(on: board, as: 2, knowing: facts).actions == [.decrypt(step)])
        let (ballots, permutation) = (
            try #require(board.entry(.ballots, attempt: 1, by: 2)),
            try #require(board.entry(.permutation, attempt: 1, session: 0, by: 2))
        )
        facts.lost = [ballots.digest, permutation.digest]
        #expect(nextActions(on: board, as: 2, knowing: facts).actions == [.reviewBallots(attempt: 1)])
        facts.lost = [permutation.digest]
        #expect(nextActions(on: board, as: 2, knowing: facts).actions.first == .commitPermutation(step))
        let shuffle = try #require(board.entry(.shuffle, attempt: 1, session: 0, by: 2))
        let verified = try #require(board.entry(.verified, attempt: 1, session: 0, by: 2))
        facts.lost = [shuffle.digest, verified.digest]
        for kind in [EntryKind.permutation, .shuffle] {
            facts.verified.insert(try #require(board.entry(kind, attempt: 1, session: 0, by: 1)).digest)
        }
        #expect(nextActions(on: board, as: 2, knowing: facts).actions == [.shuffle(step)])
        facts.lost = [verified.digest]
        #expect(nextActions(on: board, as: 2, knowing: facts).actions == [.confirmShuffles(step)])
    }

    @Test("all but decrypting while its key share is away, which is said from the beginning of the tally")
    func shareAway() throws {
        var facts = facts
        facts.isShareAway = true
        var early = try election.readyBoard()
        #expect(nextActions(on: early, as: 2, knowing: facts).awaited == [.tallyRequest])
        try election.say(.tallyRequest, attempt: 1, by: 1, payload: SampleElection.order.payload, on: &early)
        try election.say(.ballots, attempt: 1, by: 2, on: &early)
        let beginning = nextActions(on: early, as: 2, knowing: facts)
        #expect(beginning.actions == [.commitPermutation(step)] && beginning.awaited.first == .share)
        let mixed = try mixedBoard()
        #expect(nextActions(on: mixed, as: 2, knowing: facts) == Plan(awaited: [.share]))
        facts.isShareAway = false
        #expect(nextActions(on: mixed, as: 2, knowing: facts) == Plan(actions: [.decrypt(step)]))
    }
}
