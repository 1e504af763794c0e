// SPDX-License-Identifier: Apache-2.0

import Elections
import Testing

@testable import Rehearsal

@Suite("What eotest tells of the authorities while it waits")
struct ElectionWatchTests {
    private let start = ContinuousClock.now

    private func status(_ authority: String, change: (inout ElectionStatus) -> Void = { _ in }) -> ElectionStatus {
        var status = ElectionStatus(election: "5", authority: authority, time: "", phase: .tallying, attempt: 1)
        change(&status)
        return status
    }

    private func watched(_ statuses: [ElectionStatus?]) -> [ElectionWatch.Watched] {
        zip(["a.example", "b.example"], statuses).map { .init(name: $0, status: $1, lastAnswer: start) }
    }

    @Test("each authority's work with its counts and rate, and the director's share of the whole")
    func activity() {
        let director = status("a.example") { status in
            (status.done, status.total) = (30, 120)
            status.work = .init(
                name: "review-ballots", question: nil, author: nil, milliseconds: 2000, done: 8192, total: 10_000)
        }
        let other = status("b.example") { status in
            (status.done, status.total) = (119, 120)
            status.transfers = [
                .init(name: "x", question: 0, author: "a.example", milliseconds: 0, done: 1, total: 4)
            ]
        }
        let shown = ElectionActivity(watched([director, other]), at: start)
        #expect(
            shown?.text == "a.example: review-ballots, 8192/10000, 4096/s; b.example: fetching a file, 25%")
        #expect(shown?.done == 30 && shown?.total == 120 && shown?.isMoving == true)
        #expect(ElectionActivity(watched([nil, nil]), at: start) == nil)
    }

    @Test("a step with a strange name cannot write to the terminal")
    func foreignText() {
        let strange = status("a.example") { status in
            status.work = .init(
                name: "\u{1B}[2J", question: nil, author: nil, milliseconds: 0, done: 0, total: 0)
        }
        #expect(
            ElectionActivity(watched([strange, nil]), at: start)?.text == #"a.example: "\u{1b}[2J"; b.example waits"#)
    }

    @Test("who is silent for more than five seconds, once, with the reason")
    func silence() {
        var state = ElectionWatch.State(watched: watched([status("a.example"), nil]))
        state.watched[1].reason = "b.example did not answer in time"
        #expect(state.takeNotes(at: start + .seconds(5)).isEmpty)
        state.watched[0].lastAnswer = start + .seconds(6)
        let note = "b.example has not answered for 6 s, still waiting for it (b.example did not answer in time)"
        #expect(state.takeNotes(at: start + .milliseconds(6500)) == [note])
        #expect(state.takeNotes(at: start + .seconds(8)).isEmpty)
        let shown = ElectionActivity(state.watched, at: start + .seconds(8))
        #expect(shown?.text == "a.example waits; b.example silent for 8 s")
        #expect(shown?.isMoving == false)
    }

    @Test("who goes on without whom, and without whom the tally went on, once each; that one is awaited no more")
    func absence() {
        let names = ["a.example", "b.example", "c.example"]
        let first = status("a.example") { status in
            status.absences = [
                .init(authority: "a.example", without: ["b.example"]),
                .init(authority: "stranger.example", without: ["c.example"]),
            ]
        }
        var state = ElectionWatch.State(
            watched: zip(names, [first, nil, status("c.example")]).map {
                .init(name: $0, status: $1, lastAnswer: start)
            })
        let said = "a.example goes on without b.example, once the operators of all others have said the same"
        #expect(state.takeNotes(at: start) == [said])
        state.watched[0].status = status("a.example") { status in
            (status.attempt, status.absent) = (2, ["b.example", "stranger.example"])
        }
        for index in [0, 2] { state.watched[index].lastAnswer = start + .seconds(9) }
        #expect(state.takeNotes(at: start + .seconds(9)) == ["the tally goes on without b.example"])
        #expect(state.takeNotes(at: start + .seconds(10)).isEmpty)
        let shown = ElectionActivity(state.watched, at: start + .seconds(10))
        #expect(shown?.text == "a.example waits; c.example waits" && shown?.isMoving == true)
    }

    @Test("what hinders an authority, whose operator is awaited, and who cannot be reached from there, once each")
    func news() {
        let director = status("a.example") { status in
            status.peers = [
                .init(name: "b.example", silentMilliseconds: 9000, problem: "no route"),
                .init(name: "stranger.example", silentMilliseconds: 9000, problem: "none of ours"),
            ]
        }
        let other = status("b.example") { status in
            status.problem = "the disk\u{1B} is full"
            status.operatorAwaitedSince = "2026-11-21T12:00:00Z"
        }
        var state = ElectionWatch.State(watched: watched([director, other]))
        #expect(
            state.takeNotes(at: start) == [
                "a.example cannot reach b.example: \"no route\"",
                #"b.example is hindered, and tries again: "the disk\u{1b} is full""#,
                "b.example waits for its operator to accept tally 1: eotasks --list, there",
            ])
        #expect(state.takeNotes(at: start + .seconds(1)).isEmpty)
    }
}
