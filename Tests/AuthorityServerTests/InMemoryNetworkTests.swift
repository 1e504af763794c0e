// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import HostTestSupport
import Orchestration
import StrictJSON
import Synchronization
import Testing
import TrustStores

@testable import AuthorityServer

@Suite("Authorities on a bad network", .serialized, .timeLimit(.minutes(10)))
struct InMemoryNetworkTests {
    let client = Digest(of: [7])

    @Test("make a key although every third message is lost")
    func losses() async throws {
        let network = try InMemoryNetwork(3)
        network.state.withLock { $0.lossOneIn = 3 }
        try await network.running { [client] in
            _ = try await network.authority(1).createElection(try network.election, from: client)
            guard case .created(_, let sessions)? = try await network.callback() else {
                Issue.record("there is no key")
                return
            }
            #expect(sessions.count == 1)
        }
    }

    @Test("make no election of an id that another authority has deleted: its client is told who knows it")
    func deletedElsewhere() async throws {
        let network = try InMemoryNetwork(2)
        let database = try AuthorityDatabase(file: network.data(2).database)
        try database.addElection("e1", at: "now")
        try database.setElection("e1", state: .deleted)
        try await network.running { [client] in
            _ = try await network.authority(1).createElection(try network.election, from: client)
            guard case .creationFailed(_, let message)? = try await network.callback() else {
                Issue.record("an election was made")
                return
            }
            #expect(message == #"a2.example knows an election "e1" already: choose another id"#)
            #expect(try await network.authority(1).elections["e1"] == nil)
        }
    }

    @Test("propose an election once that was asked for before they had read their disk")
    func early() async throws {
        let network = try InMemoryNetwork(2)
        _ = try await network.authority(1).createElection(try network.election, from: client)
        try await network.running {
            guard case .created? = try await network.callback() else {
                Issue.record("there is no key")
                return
            }
        }
    }

    @Test("name the one that said who it is and then nothing more")
    func silence() async throws {
        let network = try InMemoryNetwork(3, patience: .seconds(5))
        network.state.withLock { $0.silent = ["a3.example"] }
        try await network.running { [client] in
            _ = try await network.authority(1).createElection(try network.election, from: client)
            guard case .creationFailed(_, let message)? = try await network.callback() else {
                Issue.record("a key was made without an authority")
                return
            }
            #expect(message.contains("a3.example did not answer"))
        }
    }

    @Test("give an operator more time than a machine, also while that authority is away")
    func slowOperator() async throws {
        let network = try InMemoryNetwork(2, careful: [1, 2], patience: .seconds(4))
        try await network.running { [client] in
            let first = try network.authority(1)
            _ = try await first.createElection(try network.election, from: client)
            let databases = try [1, 2].map { try AuthorityDatabase(file: network.data($0).database) }
            for database in databases {
                while try database.consents().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            }
            let digests = try databases.map { try $0.consents()[0].proposal }
            #expect(digests[0] == digests[1])
            network.state.withLock { $0.silent = ["a2.example"] }
            try await Task.sleep(for: .seconds(6))
            #expect(try await first.status(of: "e1", for: client).phase == .creating)
            network.state.withLock { $0.silent = [] }
            for database in databases { try database.decide(1, about: digests[0], accepts: true, at: "now") }
            guard case .created? = try await network.callback() else {
                Issue.record("there is no key")
                return
            }
        }
    }

    @Test("tell how far they are to the creator and the authorities alone, on a bounded number of streams")
    func status() async throws {
        let network = try InMemoryNetwork(2)
        try await network.running { [client] in
            let first = try network.authority(1)
            await #expect(throws: RequestRefusal.unknownElection("e1")) {
                try await first.status(of: "e1", for: client)
            }
            _ = try await first.createElection(try network.election, from: client)
            let stranger = Digest(of: [8])
            // From the first moment on.
            #expect(try await first.status(of: "e1", for: client).phase == .creating)
            await #expect(throws: RequestRefusal.notConcerned("e1")) {
                try await first.status(of: "e1", for: stranger)
            }
            guard case .created? = try await network.callback() else {
                Issue.record("there is no key")
                return
            }
            #expect(try await first.status(of: "e1", for: client).phase == .ready)
            #expect(try await first.status(of: "e1", for: #require(identities[2]).certificate.digest).phase == .ready)
            await #expect(throws: RequestRefusal.notConcerned("e1")) {
                try await first.status(of: "e1", for: stranger)
            }
            for _ in 0..<32 { await first.beginStream() }
            await #expect(throws: RequestRefusal.tooManyStreams(32)) { try await first.checkStreams() }
            await first.endStream()
            try await first.checkStreams()
        }
    }

    @Test("refuse a tally for which their disks have no room, before the votes file is fetched")
    func diskShortage() async throws {
        let network = try InMemoryNetwork(2)
        network.state.withLock { state in
            state.votes = ["https://a1.example:8000/votes": [0x0a]]
            state.statedLength = 1 << 50
        }
        try await network.running { [client] in
            let first = try network.authority(1)
            _ = try await first.createElection(try network.election, from: client)
            guard case .created? = try await network.callback() else {
                Issue.record("there is no key")
                return
            }
            let request: JSONValue = [
                "election_id": "e1", "callback_url": "https://a1.example:8000/done",
                "votes_url": "https://a1.example:8000/votes",
                "votes_hash": .string("ni:///sha-256;" + String(repeating: "A", count: 43)),
            ]
            _ = try await first.tally(request.compactBytes, from: client)
            guard case .tallyFailed(_, let message)? = try await network.callback() else {
                Issue.record("a tally began without room for it")
                return
            }
            #expect(message.contains("disk.space") && message.contains("are free where DATA_PATH lies"))
        }
    }

    @Test(
        "promise room on their disks once: a second tally is refused what a first one will take, and gets it when that one has ended"
    )
    func promisedDisk() async throws {
        let network = try InMemoryNetwork(1)
        let (first, url) = (try network.authority(1), "https://a1.example:8000/votes")
        let free = try #require(try network.data(1).election("e1").freeByteCount)
        try network.data(1).election("e1").removeUnused()
        try await network.running { [client] in
            for id in ["e1", "e2"] {
                let text = String(decoding: try network.election, as: UTF8.self)
                let body = Array(text.replacing(#""id":"e1""#, with: #""id":"\#(id)""#).utf8)
                _ = try await first.createElection(body, from: client)
                guard case .created? = try await network.callback() else {
                    Issue.record("there is no key")
                    return
                }
            }
            let board = try #require(await first.elections["e1"]?.board)
            // Room for one such tally, not for two, whatever else writes meanwhile.
            let unit = try #require(board.diskUse(votes: 1 << 30))
            let votes = Int(Double(1 << 30) * 0.7 * Double(free) / Double(unit))
            network.state.withLock { state in
                (state.votes, state.statedLength, state.holdsVotes) = ([url: [0x0a]], votes, true)
            }
            let ask = { (id: String) in
                let request: JSONValue = [
                    "election_id": .string(id), "callback_url": "https://a1.example:8000/done",
                    "votes_url": .string(url),
                    "votes_hash": .string("ni:///sha-256;" + String(repeating: "A", count: 43)),
                ]
                _ = try await first.tally(request.compactBytes, from: client)
            }
            try await ask("e1")
            while await first.elections["e1"]?.statedVotes == nil { try await Task.sleep(for: .milliseconds(10)) }
            try await ask("e2")
            guard case .tallyFailed(let refused, let message)? = try await network.callback() else {
                Issue.record("two tallies were promised the same room")
                return
            }
            #expect(refused.text == "e2" && message.contains("disk.space"), "\(message)")
            #expect(message.contains(" of them for other tallies under way"), "\(message)")
            network.state.withLock { $0.holdsVotes = false }
            // What comes is not what was announced.
            guard case .tallyFailed(let ended, let reason)? = try await network.callback() else { return }
            #expect(ended.text == "e1" && reason.contains("votes.hash"), "\(reason)")
            try await ask("e2")
            guard case .tallyFailed(let again, let words)? = try await network.callback() else { return }
            #expect(again.text == "e2" && words.contains("votes.hash"), "\(words)")
        }
    }

    @Test(
        "tally without a director that is gone before anybody asked: the client asks the first of the others, once all operators said so"
    )
    func directorGone() async throws {
        let network = try InMemoryNetwork(3, threshold: 2)
        let url = "https://a1.example:8000/votes"
        try await network.running { [client] in
            _ = try await network.authority(1).createElection(try network.election, from: client)
            guard case .created(_, let sessions)? = try await network.callback() else {
                Issue.record("there is no key")
                return
            }
            let votes = try ballots(for: sessions[0].key, count: 3)
            network.state.withLock { $0.votes = [url: votes] }
            try await network.awaitKey(at: [2, 3])
        }
        network.end(1)
        for number in [2, 3] { try network.start(number) }
        let votes = try #require(network.state.withLock { $0.votes[url] })
        let request = TallyRequest.json(
            electionID: try #require(ElectionIdentifier("e1")), callback: "https://a1.example:8000/done", votes: url,
            votesDigest: Digest(of: votes).bytes
        ).compactBytes
        try await network.running { [client] in
            let second = try network.authority(2)
            while await second.elections["e1"] == nil { try await Task.sleep(for: .milliseconds(10)) }
            await #expect(throws: RequestRefusal.notTheDirector("e1", director: ["a1.example"])) {
                try await second.tally(request, from: client)
            }
            for number in [2, 3] {
                try AuthorityDatabase(file: network.data(number).database).addAbsence(
                    AbsenceRecord(election: "e1", attempt: 0, hosts: ["a1.example"], createdAt: "now"))
            }
            for authority in [second, try network.authority(3)] {
                while await authority.elections["e1"]?.board.nextLeader != 2 {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            let names = ["a1.example", "a2.example"]
            await #expect(throws: RequestRefusal.notTheDirector("e1", director: names)) {
                try await network.authority(3).tally(request, from: client)
            }
            _ = try await second.tally(request, from: client)
            guard case .tallied(_, let address, let digest)? = try await network.callback() else {
                Issue.record("there is no tally: \(network.state.withLock { $0.log })")
                return
            }
            #expect(address == "https://a2.example:5000/public_data/e1/tally.tar.gz")
            for number in [2, 3] {
                let file = try network.data(number).publicFolder.appending(path: "e1/tally.tar.gz")
                #expect(try Digest(ofFile: file).bytes == digest)
            }
        }
    }

    @Test("stop at an authority that says two things in one place, and name it")
    func equivocation() async throws {
        let network = try InMemoryNetwork(3)
        // The second authority's key is in other hands too.
        let stolen = try network.data(2).signingKey()
        network.state.withLock { $0.silent = ["a3.example"] }
        try await network.running { [client] in
            let (first, third) = (try network.authority(1), try network.authority(3))
            _ = try await first.createElection(try network.election, from: client)
            let signed = { (board: Board?) in board?.entry(author: 2, sequence: 0) }
            var board = await first.elections["e1"]?.board
            while signed(board) == nil {
                try await Task.sleep(for: .milliseconds(5))
                board = await first.elections["e1"]?.board
            }
            // To the third it says something else.
            let protocolEntry = try #require(board?.entries.first)
            let begun = try Board(first: protocolEntry)
            let other = try Entry(signing: begun.draft(.countersignature, by: 2, payload: [9]), with: stolen)
            let message = ExchangeMessage(election: "e1", counts: [1, 1, 0], entries: [protocolEntry, other])
            _ = try await third.answer(message, from: try #require(identities[2]).certificate.digest)
            network.state.withLock { $0.silent = [] }
            guard case .creationFailed(_, let text)? = try await network.callback() else {
                Issue.record("a key was made in spite of two versions")
                return
            }
            #expect(text.contains("board.equivocation by a2.example"))
        }
    }

    @Test(
        "stop at it when the key is there too, and name it in every tally, also if they are ended before they could tell anybody"
    )
    func equivocationBeforeRestart() async throws {
        let network = try InMemoryNetwork(3)
        let stolen = try network.data(2).signingKey()
        network.state.withLock { $0.held = ["report-failure"] }
        try await network.running { [client] in
            let first = try network.authority(1)
            _ = try await first.createElection(try network.election, from: client)
            guard case .created? = try await network.callback() else {
                Issue.record("there is no key")
                return
            }
            let board = try #require(await first.elections["e1"]?.board)
            var content = try #require(board.entry(author: 2, sequence: 1)).content
            content.payload = [9]
            let message = ExchangeMessage(
                election: "e1", counts: board.counts, entries: [try Entry(signing: content, with: stolen)])
            _ = try await first.answer(message, from: try #require(identities[2]).certificate.digest)
            let deadline = ContinuousClock.now + .seconds(60)
            while network.state.withLock({ $0.reached.isEmpty }), ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(network.state.withLock { $0.reached } == ["1 report-failure"])
            #expect(await first.elections["e1"]?.board.entry(.failure, by: 1) == nil)
        }
        network.state.withLock { $0.held = [] }
        for number in 1...3 { try network.start(number) }
        try await network.running { [client] in
            let first = try network.authority(1)
            while await first.elections["e1"]?.board.entry(.failure, by: 1) == nil {
                try await Task.sleep(for: .milliseconds(10))
            }
            for _ in 1...2 {
                let request: JSONValue = [
                    "election_id": "e1", "callback_url": "https://a1.example:8000/done",
                    "votes_url": "https://a1.example:8000/votes",
                    "votes_hash": .string("ni:///sha-256;" + String(repeating: "A", count: 43)),
                ]
                _ = try await first.tally(request.compactBytes, from: client)
                guard case .tallyFailed(_, let message)? = try await network.callback() else {
                    Issue.record("a tally began with an authority that had signed two versions of one entry")
                    return
                }
                #expect(
                    message.contains("(check board.equivocation by a2.example, index 1, says a1.example)"), "\(message)"
                )
            }
        }
    }
}
