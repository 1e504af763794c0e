// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import Orchestration
import Testing

@Suite("Going on without an authority")
struct AbsenceTests {
    let election: SampleElection
    let known = LocalFacts(
        heldBlobs: [SampleElection.order.votesDigest], knowsParties: true, consent: .toEverything)

    init() throws { election = try SampleElection(parties: 4, threshold: 2) }

    private func say(_ absent: [Int], after attempt: Int = 1, by author: Int, on board: inout Board) throws {
        try election.say(.absence, attempt: attempt, by: author, payload: Absence(of: absent).payload, on: &board)
    }

    private func order(without absent: [Int]) -> [UInt8] {
        var order = SampleElection.order
        order.absent = absent
        return order.payload
    }

    private func actions(_ board: Board, as me: Int) -> [Action] {
        nextActions(on: board, as: me, knowing: known).actions
    }

    @Test("takes the word of all others, the same of each; then the director or the first of them opens another tally")
    func agreement() throws {
        for (absent, leader) in [(3, 1), (1, 2)] {
            var board = try election.boardWithBallots()
            let others = (1...4).filter { $0 != absent }
            try say([absent], by: others[0], on: &board)
            try say([absent], by: others[1], on: &board)
            try say([1, 3], by: others[2], on: &board)
            #expect(board.agreedAbsence(after: 1) == nil)
            try say([absent], by: others[2], on: &board)
            #expect(board.agreedAbsence(after: 1) == [absent])
            for me in 1...4 {
                let plan = nextActions(on: board, as: me, knowing: known)
                #expect(plan.actions == (me == leader ? [.goOn(attempt: 2)] : []))
                let awaitsLeader = plan.awaited == [.entry(.tallyRequest, session: nil, by: leader)]
                #expect(awaitsLeader == (me != leader && me != absent))
            }
            try election.say(.tallyRequest, attempt: 2, by: leader, payload: order(without: [absent]), on: &board)
            #expect(board.attempt == 2 && board.opener(attempt: 2) == leader)
            #expect(board.roster(attempt: 2).present == others)
            for me in 1...4 { #expect(actions(board, as: me) == (me == absent ? [] : [.reviewBallots(attempt: 2)])) }
        }
    }

    @Test("puts the authorities behind the threshold in the places of mixers that are absent, in order")
    func places() {
        func mixers(_ absent: [Int]) -> [Int] { Roster(partyCount: 5, threshold: 3, absent: absent).mixers }
        #expect(mixers([]) == [1, 2, 3])
        #expect(mixers([5]) == [1, 2, 3])
        #expect(mixers([1]) == [4, 2, 3])
        #expect(mixers([1, 3]) == [4, 2, 5])
        #expect(mixers([2, 4]) == [1, 5, 3])
        #expect(Roster(partyCount: 5, threshold: 3, absent: [1, 3]).place(of: 5) == 3)
        #expect(!Roster.isEnough(of: 5, without: [1, 2, 3], threshold: 3))
    }

    @Test("goes through the phases with those who are there, and hears nobody else")
    func phases() throws {
        var board = try election.boardWithBallots()
        for author in [2, 3, 4] { try say([1], by: author, on: &board) }
        try election.say(.tallyRequest, attempt: 2, by: 2, payload: order(without: [1]), on: &board)
        let failure = Failure(check: "mix", message: "it comes too late").payload
        try election.say(.failure, attempt: 2, by: 1, payload: failure, on: &board)
        try election.say(.ballots, attempt: 2, by: 1, payload: [9], on: &board)
        #expect(board.failure(attempt: 2) == nil)
        var said: [String] = []
        for _ in 0..<40 {
            var facts = known
            facts.verified = Set(board.entries.map(\.digest))
            let open = board.milestones(attempt: 2).filter {
                board.entry($0.kind, attempt: 2, session: $0.session, by: $0.author) == nil
            }
            guard
                let next = open.first(where: { milestone in
                    !nextActions(on: board, as: milestone.author, knowing: facts).actions.isEmpty
                })
            else { break }
            said.append("\(next.kind.rawValue) \(next.author)")
            try election.say(next.kind, attempt: 2, session: next.session, by: next.author, on: &board)
        }
        #expect(board.isPublished(attempt: 2))
        #expect(
            said.filter { $0.hasPrefix("permutation") || $0.hasPrefix("shuffle") } == [
                "permutation 3", "permutation 2", "shuffle 3", "shuffle 2",
            ])
        #expect(!said.contains { $0.hasSuffix(" 1") })
    }

    @Test("is refused about oneself, about too many, about a tally that is not the latest, and before there is a key")
    func refusals() throws {
        var board = try election.boardWithBallots()
        for (absent, attempt) in [([2], 1), ([1, 3, 4], 1), ([1], 0), ([1], 2), ([5], 1), ([], 1)] {
            #expect(throws: BoardError.self, "\(absent) \(attempt)") {
                try say(absent, after: attempt, by: 2, on: &board)
            }
        }
        var young = try election.board()
        #expect(throws: BoardError.self) { try say([1], after: 0, by: 2, on: &young) }
        for number in 0..<16 { try say([number % 2 == 0 ? 1 : 3], by: 2, on: &board) }
        #expect(throws: BoardError.self) { try say([1], by: 2, on: &board) }
        #expect(throws: BoardError.self) {
            try election.say(.tallyRequest, attempt: 2, by: 2, payload: order(without: [1]), on: &board)
        }
    }

    @Test("counts the request that the others agreed on before that of a director who came back, whichever comes first")
    func returningDirector() throws {
        var agreed = try election.boardWithBallots()
        for author in [2, 3, 4] { try say([1], by: author, on: &agreed) }
        let led = try election.sign(agreed.draft(.tallyRequest, attempt: 2, by: 2, payload: order(without: [1])))
        let alone = try election.sign(
            agreed.draft(.tallyRequest, attempt: 2, by: 1, payload: SampleElection.order.payload))
        for entries in [[led, alone], [alone, led]] {
            var board = agreed
            for entry in entries { try board.append(entry) }
            #expect(board.opener(attempt: 2) == 2 && board.roster(attempt: 2).absent == [1])
            #expect(actions(board, as: 3) == [.reviewBallots(attempt: 2)])
            #expect(actions(board, as: 1).isEmpty)
        }
        // Before all have agreed, who has decided does not work for the director whom it gave up.
        var undecided = try election.boardWithBallots()
        try say([1], by: 3, on: &undecided)
        try election.say(.tallyRequest, attempt: 2, by: 1, payload: SampleElection.order.payload, on: &undecided)
        guard case .reportFailure(2, let failure)? = actions(undecided, as: 3).first else {
            Issue.record("it works for two")
            return
        }
        #expect(failure.check == "operator.absence" && failure.accused == 0)
        #expect(actions(undecided, as: 2) == [.reviewBallots(attempt: 2)])
    }

    @Test("ends a tally that two authorities opened without somebody, for everybody")
    func twoLeaders() throws {
        var board = try election.boardWithBallots()
        for author in [2, 3, 4] { try say([1], by: author, on: &board) }
        let first = try election.sign(board.draft(.tallyRequest, attempt: 2, by: 2, payload: order(without: [1])))
        for author in [3, 4] { try say([1, 2], by: author, on: &board) }
        let second = try election.sign(board.draft(.tallyRequest, attempt: 2, by: 3, payload: order(without: [1, 2])))
        try board.append(second)
        #expect(board.failure(attempt: 2) == nil)
        try board.append(first)
        #expect(board.failure(attempt: 2)?.failure.check == "tally.leader")
        #expect((1...4).allSatisfy { actions(board, as: $0).isEmpty })
        for author in [3, 4] { try say([1, 2], after: 2, by: author, on: &board) }
        #expect(actions(board, as: 3) == [.goOn(attempt: 3)])
    }

    @Test("needs no second consent of the operator who said it, for votes that were accepted, and one for other votes")
    func consent() throws {
        var board = try election.boardWithBallots()
        var facts = known
        facts.consent = .to([try #require(board.proposal(attempt: 1)).digest])
        for author in [1, 2, 4] { try say([3], by: author, on: &board) }
        var other = board
        let without4 = Absence(of: [4]).payload
        let crossing = try election.sign(board.draft(.absence, attempt: 1, by: 2, payload: without4))
        try election.say(.tallyRequest, attempt: 2, by: 1, payload: order(without: [3]), on: &board)
        #expect(nextActions(on: board, as: 2, knowing: facts).actions == [.reviewBallots(attempt: 2)])
        // What it said last counts, and that it had decided otherwise by then.
        var undecided = board
        try undecided.append(crossing)
        #expect(nextActions(on: undecided, as: 2, knowing: facts).awaited == [.consent(attempt: 2)])
        facts.consent = .to([])
        #expect(nextActions(on: board, as: 2, knowing: facts).awaited == [.consent(attempt: 2)])
        let changed = TallyOrder(votesURL: "https://box:8000/votes", votesDigest: Digest(of: [8]), absent: [3])
        try election.say(.tallyRequest, attempt: 2, by: 1, payload: changed.payload, on: &other)
        facts = LocalFacts(
            heldBlobs: [Digest(of: [8])], knowsParties: true,
            consent: .to([try #require(other.proposal(attempt: 1)).digest]))
        #expect(nextActions(on: other, as: 2, knowing: facts).awaited == [.consent(attempt: 2)])
    }

    @Test("shows in the status who is absent and who said so")
    func status() throws {
        var board = try election.boardWithBallots()
        try say([3], by: 1, on: &board)
        func status() -> ElectionStatus {
            ElectionStatus(Timeline(board, arrivals: board.entries.map { _ in Date(timeIntervalSince1970: 0) }), as: 1)
        }
        #expect(status().absences == [.init(authority: "authority1", without: ["authority3"])])
        for author in [2, 4] { try say([3], by: author, on: &board) }
        try election.say(.tallyRequest, attempt: 2, by: 1, payload: order(without: [3]), on: &board)
        let told = try ElectionStatus(status().json)
        #expect(told == status() && told.absent == ["authority3"] && told.absences.isEmpty && told.attempt == 2)
        #expect(!told.steps.contains { $0.authority == "authority3" && $0.name == "ballots" })
        #expect(told.steps.contains { $0.authority == "authority4" && $0.name == "ballots" && $0.state == .awaited })
    }

    @Test("is refused to an operator with the reason, and what to do")
    func operatorErrors() throws {
        var board = try election.boardWithBallots()
        func refusal(_ hosts: [String]) -> GoingOnError? {
            do {
                _ = try board.absence(of: hosts, as: 2)
                return nil
            } catch { return error }
        }
        #expect(refusal(["authority1"]) == nil)
        #expect(refusal(["nobody"]) == .unknownAuthority("nobody"))
        #expect(refusal(["authority2"]) == .ownName("authority2"))
        #expect(
            refusal(["authority3", "authority1", "authority4"])?.message
                == "this election takes 2 of 4 authorities, and without authority1, authority3, authority4 there are only 1"
        )
        try say([4], by: 3, on: &board)
        #expect(refusal(["authority1"])?.message == "authority3 goes on without authority4 instead")
        #expect(refusal(["authority4"]) == nil)
        board = try election.board()
        #expect(refusal(["authority1"]) == .notReady("e1"))
        board = try election.boardWithBallots()
        try election.everyoneSays(.tallyPublished, attempt: 1, by: 1...4, on: &board)
        #expect(refusal(["authority1"]) == .published("e1", attempt: 1))
    }
}
