// SPDX-License-Identifier: Apache-2.0

import Orchestration
import Testing

@Suite("What an authority does not do next, as something is missing, unverified or different")
struct StandstillTests {
    private let election: SampleElection
    private let step = Action.Step(attempt: 1, session: 0)
    private let known = LocalFacts(
        heldBlobs: [SampleElection.order.votesDigest], knowsParties: true, consent: .toEverything)

    init() throws { election = try SampleElection(parties: 3, threshold: 2) }

    /// Up to those kinds of entries about the question, by all who make them.
    private func board(_ kinds: EntryKind...) throws -> Board {
        var board = try election.boardWithBallots()
        for kind in kinds {
            let authors = [EntryKind.permutation, .shuffle].contains(kind) ? 1...2 : 1...3
            try election.everyoneSays(kind, attempt: 1, session: 0, by: authors, on: &board)
        }
        return board
    }

    /// All that was verified on it.
    private func facts(_ board: Board, but kind: EntryKind? = nil) -> LocalFacts {
        var facts = known
        facts.verified = Set(board.entries.filter { $0.content.kind != kind }.map(\.digest))
        return facts
    }

    private func accused(_ actions: [Action], of check: String) -> Int? {
        guard case .reportFailure(1, let failure)? = actions.first, actions.count == 1, failure.check == check else {
            return nil
        }
        return failure.accused
    }

    @Test("a shuffle whose files are not here, or whose permutation is not verified, is not verified")
    func shuffle() throws {
        var board = try board(.permutation)
        let blob = BlobReference(name: "CiphertextList01.bt", digest: Digest(of: [5]), byteCount: 1)
        try election.say(.shuffle, attempt: 1, session: 0, by: 1, blobs: [blob], on: &board)
        var facts = facts(board, but: .shuffle)
        let plan = nextActions(on: board, as: 3, knowing: facts)
        #expect(plan.actions.isEmpty && plan.awaited == [.blobs(.shuffle, session: 0, by: 1)])
        facts.heldBlobs.insert(blob.digest)
        #expect(nextActions(on: board, as: 3, knowing: facts).actions == [.verifyShuffle(step, of: 1)])
        facts.verified = []
        #expect(
            nextActions(on: board, as: 3, knowing: facts).actions
                == [.verifyPermutation(step, of: 1), .verifyPermutation(step, of: 2)])
    }

    @Test("nobody shuffles before all have said which ballots there are")
    func ballots() throws {
        var board = try election.readyBoard()
        try election.say(.tallyRequest, attempt: 1, by: 1, payload: SampleElection.order.payload, on: &board)
        try election.everyoneSays(.ballots, attempt: 1, by: 1...2, on: &board)
        try election.everyoneSays(.permutation, attempt: 1, session: 0, by: 1...2, on: &board)
        let facts = facts(board)
        #expect(
            nextActions(on: board, as: 1, knowing: facts) == Plan(awaited: [.entry(.ballots, session: nil, by: 3)]))
        try election.say(.ballots, attempt: 1, by: 3, on: &board)
        #expect(nextActions(on: board, as: 1, knowing: facts).actions == [.shuffle(step)])
    }

    @Test("nobody decrypts if two confirmed different shuffles")
    func confirmations() throws {
        var board = try board(.permutation, .shuffle)
        for author in 1...3 {
            let payload: [UInt8] = [author == 2 ? 9 : 1]
            try election.say(.verified, attempt: 1, session: 0, by: author, payload: payload, on: &board)
        }
        #expect(accused(nextActions(on: board, as: 3, knowing: facts(board)).actions, of: "verified.equal") == 2)
    }

    @Test("there is no archive before all factors are verified, and none is published that differs")
    func archive() throws {
        var board = try board(.permutation, .shuffle, .verified, .decryption)
        #expect(
            nextActions(on: board, as: 3, knowing: facts(board, but: .decryption)).actions
                == [.verifyDecryption(step, of: 1), .verifyDecryption(step, of: 2)])
        let facts = facts(board)
        for author in 1...2 {
            try election.say(.tally, attempt: 1, by: author, payload: [UInt8(author)], on: &board)
            #expect(!nextActions(on: board, as: author, knowing: facts).actions.contains(.publishTally(attempt: 1)))
        }
        try election.say(.tally, attempt: 1, by: 3, payload: [1], on: &board)
        #expect(accused(nextActions(on: board, as: 3, knowing: facts).actions, of: "tally.equal") == 2)
    }

    @Test("nothing is done, and nothing awaited, about a key that could not be made")
    func stopped() throws {
        var board = try election.board()
        let failure = Failure(check: "keyShares.form", message: "no key")
        try election.say(.failure, by: 3, payload: failure.payload, on: &board)
        for author in 1...3 { #expect(nextActions(on: board, as: author, knowing: known) == Plan()) }
    }
}
