// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import Orchestration
import StrictJSON
import Testing

@Suite("How far an election is, from its board")
struct TimelineTests {
    let election: SampleElection
    let start = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws { election = try SampleElection(parties: 3, threshold: 2) }

    /// One entry a second.
    private func timeline(_ board: Board) -> Timeline {
        Timeline(board, arrivals: board.entries.indices.map { start + TimeInterval($0) })
    }

    private func awaited(_ board: Board) -> [String] {
        ElectionStatus(timeline(board), as: 1).steps.filter { $0.state == .awaited }.map {
            "\($0.name) \($0.authority) \($0.since ?? "")"
        }
    }

    private func time(_ seconds: Int) -> String { (start + TimeInterval(seconds)).ISO8601Format() }

    @Test("awaits each authority since the moment at which it could begin")
    func since() throws {
        var board = try election.board()
        #expect(
            awaited(board) == ["countersignature authority2 \(time(0))", "countersignature authority3 \(time(0))"])
        try election.say(.countersignature, by: 3, on: &board)
        try election.say(.countersignature, by: 2, on: &board)
        try election.say(.keyHash, by: 1, on: &board)
        #expect(awaited(board) == ["keyHash authority2 \(time(2))", "keyHash authority3 \(time(2))"])
    }

    @Test("awaits shuffles in turn, and nobody before a tally was asked for or after it failed")
    func turns() throws {
        #expect(awaited(try election.readyBoard()).isEmpty)
        var board = try election.boardWithBallots()
        let ballots = board.entries.count - 1
        try election.everyoneSays(.permutation, attempt: 1, session: 0, by: 1...2, on: &board)
        #expect(awaited(board) == ["shuffle authority1 \(time(ballots + 2))"])
        try election.say(.shuffle, attempt: 1, session: 0, by: 1, on: &board)
        #expect(awaited(board) == ["shuffle authority2 \(time(ballots + 3))"])
        let failure = Failure(check: "mix", message: "it failed")
        try election.say(.failure, attempt: 1, by: 2, payload: failure.payload, on: &board)
        #expect(awaited(board).isEmpty)
        let status = ElectionStatus(timeline(board), as: 1)
        #expect(status.phase == .failed)
        #expect(status.failure == "it failed (check mix, says authority2)")
    }

    @Test("awaits exactly those entries that the plans of all authorities wait for")
    func sameAsPlans() throws {
        var board = try election.boardWithBallots()
        var facts = LocalFacts(
            heldBlobs: [SampleElection.order.votesDigest], knowsParties: true, consent: .toEverything)
        for _ in 0..<40 {
            let open = board.milestones(attempt: 1).filter {
                if case .awaited = timeline(board).state(of: $0) { true } else { false }
            }
            facts.verified = Set(board.entries.map(\.digest))
            let able = board.parties.filter { !nextActions(on: board, as: $0, knowing: facts).actions.isEmpty }
            #expect(Set(open.map(\.author)) == Set(able))
            guard let next = open.last else { break }
            try election.say(next.kind, attempt: next.attempt, session: next.session, by: next.author, on: &board)
        }
        #expect(board.isPublished(attempt: 1))
        let (done, total) = timeline(board).work(attempt: 1)
        #expect(done == total && total > 0)
    }

    @Test("is told and read again without a loss")
    func json() throws {
        var status = ElectionStatus(timeline(try election.boardWithBallots()), as: 2)
        status.work = .init(
            name: "shuffle", question: 0, author: "authority1", milliseconds: 1500, done: 3000, total: 10_000)
        status.peers = [.init(name: "authority1", silentMilliseconds: 7000, problem: "no route")]
        status.operatorAwaitedSince = time(1)
        status.problem = "the disk is full"
        #expect(try ElectionStatus(status.json) == status)
        #expect(status.json["work"]?["per_second"]?.asInteger == 2000)
    }
}
