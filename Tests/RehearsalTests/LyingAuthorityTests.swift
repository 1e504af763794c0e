// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic
import HostTestSupport
import MutualTLS
import OperatorErrors
import enum OperatorErrors.ExitStatus
import Rehearsal
import Testing
import TrustStores

@Suite("Rehearsals with authorities that do as they like, over real sockets")
struct LyingAuthorityTests {
    private func wish(questions: Int = 1) -> ElectionWish {
        var wish = ElectionWish()
        wish.questions = ElectionDraft.plainQuestions(questions)
        return wish
    }

    /// Plays `create`, and gives the error that ended it.
    private func failure(
        of lies: FakeAuthorities.Lies, _ wish: ElectionWish = ElectionWish(), patience: Duration = .seconds(30)
    ) async throws -> RehearsalError? {
        let authorities = try FakeAuthorities(lies)
        do {
            try await authorities.playing(patience: patience) { rehearsal, host in
                _ = try await rehearsal.create(wish, on: host)
            }
            return nil
        } catch let error as RehearsalError {
            return error
        }
    }

    @Test("an election is created whether the callback comes early or late", arguments: [true, false])
    func created(early: Bool) async throws {
        let authorities = try FakeAuthorities(.init(callsBackEarly: early))
        try await authorities.playing { rehearsal, host in
            let election = try await rehearsal.create(wish(questions: 2), on: host)
            let record = try RehearsalFolder(election: election, dataPath: authorities.scratch.path).electionRecord()
            #expect(record.authorities.map(\.hostName) == ["a.example", "b.example"])
            #expect(record.sessions.map(\.id) == ["0-x", "1-x"])
        }
        #expect(authorities.seen.elections.map { $0.authorities.map(\.name) } == [["a.example", "b.example"]])
        // The callback was answered, though nobody listens any more as soon as it came.
        let callback = try #require(authorities.seen.callbacks.first)
        let status = try await callback.value
        #expect(status == 200)
    }

    @Test("an error callback ends the run with the authority's own words and 1")
    func creationFailure() async throws {
        let error = try #require(try await failure(of: .init(creationFailure: "b.example is silent")))
        guard case .failed("create the election", _, "b.example is silent") = error else {
            Issue.record("another error: \(error)")
            return
        }
        #expect(error.exitCode == .refused)
    }

    @Test("an authority that publishes another key is named")
    func otherKey() async throws {
        let error = try #require(try await failure(of: .init(othersKey: "4")))
        guard case .keysDiffer("0-x", let one, let other) = error else {
            Issue.record("another error: \(error)")
            return
        }
        #expect(one.hasPrefix("a.example "))
        #expect(other.hasPrefix("b.example "))
    }

    @Test("a refused request ends the run with the authority's own words")
    func refused() async throws {
        let error = try await failure(of: .init(refusals: [(400, "no such group")]))
        guard case .refused(_, 400, "no such group", nil)? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
    }

    @Test("an id that the authority has had is replaced by another one")
    func takenIdentifier() async throws {
        let authorities = try FakeAuthorities(.init(refusals: [(409, "it exists")]))
        try await authorities.playing { rehearsal, host in
            let election = try await rehearsal.create(ElectionWish(), on: host)
            let ids = authorities.seen.elections.map(\.id)
            #expect(ids.count == 2)
            #expect(ids[0] != ids[1])
            #expect(ids[1] == election)
        }
    }

    @Test("waiting ends after its time, and says for whom")
    func silence() async throws {
        let error = try #require(try await failure(of: .init(neverCallsBack: true), patience: .seconds(3)))
        guard case .noAnswer(let name, "POST /election", _, _) = error else {
            Issue.record("another error: \(error)")
            return
        }
        #expect(name.hasPrefix("a.example "))
        #expect(error.exitCode == .unreachable)
    }

    @Test("a peer that is no authority is left out, but not when it was named")
    func noAuthority() async throws {
        let lies = FakeAuthorities.Lies(otherIsNoAuthority: true)
        #expect(try await failure(of: lies) == .noPeers)
        var wish = ElectionWish()
        wish.peers = ["b.example"]
        guard case .notAnAuthority? = try await failure(of: lies, wish) else {
            Issue.record("a peer without identity was taken")
            return
        }
        wish.peers = ["c.example"]
        #expect(try await failure(of: lies, wish) == .notInstalled(host: "c.example"))
    }

    @Test("an authority that does not run is named with the way to start it, and ends with 69")
    func notRunning() async throws {
        let authorities = try FakeAuthorities()
        // Port 1 of loopback: nobody listens there.
        let host = try authorities.host(authorities.endpoint(of: authorities.director, port: 1), [])
        let rehearsal = Rehearsal(
            dataPath: authorities.scratch.path, journal: RehearsalJournal(display: NoDisplay()), patience: .seconds(5))
        var wish = ElectionWish()
        wish.peers = ["a.example"]
        let error = await #expect(throws: RehearsalError.self) { try await rehearsal.create(wish, on: host) }
        #expect(error?.exitCode == .unreachable)
        #expect(error?.hint == "start it: eorchestra serve --config /a/eoconf.json")
    }
}

@Suite("Tallies of authorities that do as they like, over real sockets")
struct LyingTallyTests {
    /// Plays create, encrypt and tally, and gives the error that ended it.
    private func failure(of lies: FakeAuthorities.Lies) async throws -> (RehearsalError?, FakeAuthorities) {
        let authorities = try FakeAuthorities(lies)
        do {
            try await authorities.playing { rehearsal, host in
                let election = try await rehearsal.create(ElectionWish(), on: host)
                try await rehearsal.encrypt(election, source: .list([1, 2]), count: 3)
                try await rehearsal.tally(election, on: host)
            }
            return (nil, authorities)
        } catch let error as RehearsalError {
            return (error, authorities)
        }
    }

    @Test(
        "the votes file that the authority fetches has the ballots, and a tally with another hash than announced is refused"
    )
    func otherHash() async throws {
        let (error, authorities) = try await failure(of: .init(tallyDigest: [UInt8](repeating: 0, count: 32)))
        guard case .tallyHash? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        let votes = try #require(authorities.seen.votes.first)
        #expect(VotesFile(data: Data(votes)).lineCount == 3)
    }

    @Test("an address of the tally that leads elsewhere is not followed")
    func foreignTally() async throws {
        let (error, _) = try await failure(of: .init(tallyURL: "https://b.example:5000/public_data/1/tally.tar.gz"))
        #expect(error == .foreignTally(url: "https://b.example:5000/public_data/1/tally.tar.gz"))
    }

    @Test("an error callback ends the run with the authority's own words")
    func tallyFailure() async throws {
        let (error, _) = try await failure(of: .init(tallyFailure: "votes file, line 3: no"))
        guard case .failed("tally the election", _, "votes file, line 3: no")? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
    }

    @Test("what is announced and fetched, but is no tally, does not verify")
    func noTally() async throws {
        let authorities = try FakeAuthorities()
        try await authorities.playing { rehearsal, host in
            let election = try await rehearsal.create(ElectionWish(), on: host)
            try await rehearsal.encrypt(election, source: .random, count: 1)
            try await rehearsal.tally(election, on: host)
            await #expect {
                try await rehearsal.verify(election)
            } throws: {
                $0 is any OperatorError
            }
        }
    }
}
