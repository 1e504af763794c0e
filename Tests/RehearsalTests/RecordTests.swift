// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Elections
import Foundation
import GroupArithmetic
import HostTestSupport
import MutualTLS
import Rehearsal
import StrictJSON
import Testing
import TrustStores

@Suite("What the steps of a rehearsal hand on to each other")
struct RecordTests {
    private let scratch: ScratchFolder
    private let folder: RehearsalFolder
    private let election: ElectionRecord

    init() throws {
        scratch = try ScratchFolder()
        folder = RehearsalFolder(election: try #require(ElectionIdentifier("99")), dataPath: scratch.path)
        election = ElectionRecord(
            authorities: [.init(hostName: "a.example", fingerprint: Fingerprint(ofDER: [1]))], threshold: 1,
            sessions: [.init(id: "0-x", key: PublishedKey(g: "2", p: "23", q: "11", y: "4"))], voteCount: nil,
            takesRandomVotes: true, requiresBoundProofs: true,
            questions: ElectionDraft.plainQuestions(1))
    }

    @Test("records are read as they were written")
    func roundTrip() throws {
        let votes = VotesRecord(count: 12, digest: [UInt8](repeating: 7, count: 32))
        let tally = TallyRecord(
            url: "https://a.example:5000/public_data/99/tally.tar.gz", digest: [UInt8](repeating: 9, count: 32))
        try folder.make()
        try folder.write(election)
        try folder.write(votes)
        try folder.write(tally)
        #expect(try folder.electionRecord() == election)
        #expect(try folder.votesRecord() == votes)
        #expect(try folder.tallyRecord() == tally)
        #expect(try scratch.mode("99") == 0o700)
    }

    @Test("a step that comes too early says which one is missing")
    func order() throws {
        #expect(throws: RehearsalError.noElection(id: "99")) { try folder.votesRecord() }
        try folder.make()
        try folder.write(election)
        #expect(throws: RehearsalError.missing(what: "votes file", step: "encrypt", id: "99")) {
            try folder.tallyRecord()
        }
        try folder.write(VotesRecord(count: 1, digest: [UInt8](repeating: 0, count: 32)))
        let error = #expect(throws: RehearsalError.self) { try folder.tallyRecord() }
        #expect(error?.hint == "first: eotest tally 99")
    }

    @Test("a record that somebody damaged is named")
    func damaged() throws {
        try folder.make()
        _ = try scratch.write("{\"authorities\": []}", to: "99/election.json")
        let error = #expect(throws: RehearsalError.self) { try folder.electionRecord() }
        guard case .damaged(file: "election.json", _)? = error else {
            Issue.record("another error: \(String(describing: error))"); return
        }
    }

    @Test("while one step is at work, another one is refused")
    func busy() async throws {
        try folder.make()
        try folder.write(election)
        try await folder.locked {
            _ = await #expect(throws: RehearsalError.busy(id: "99")) { try await folder.locked {} }
        }
        try await folder.locked {}
    }

    @Test("a scratch folder begins empty, and is gone afterwards")
    func scratchFolder() async throws {
        try folder.make()
        try DurableFile.makeFolder(scratch.path("99/scratch/left-behind"), mode: 0o700)
        let contents = try await folder.withScratch { try FileManager.default.contentsOfDirectory(atPath: $0) }
        #expect(contents.isEmpty)
        #expect(!scratch.exists("99/scratch"))
    }

    @Test("the election request is one that authorities read, with this authority first")
    func draft() throws {
        let identities = try ["b.example", "a.example"].map { try SharedIdentities.named($0) }
        let address = try #require(IPAddress("127.0.0.1"))
        let endpoints = identities.map {
            PeerEndpoint(hostName: $0.hostName, address: address, port: 5001, certificate: $0.certificate)
        }
        let draft = ElectionDraft(
            id: folder.election, questions: ElectionDraft.plainQuestions(3), group: "ffdhe2048", threshold: 1,
            participants: Participants(director: endpoints[0], others: [endpoints[1]]),
            callback: "https://b.example:8001/callback")
        let request = try ElectionRequest(draft.json)
        #expect(request.id.json == .integer(99))
        #expect(request.questions.count == 3)
        #expect(request.authorities.map(\.name) == ["b.example", "a.example"])
        #expect(request.authorities.map(\.url.text).first == "https://b.example:5001/api/queues")
        #expect(try request.authorities.map { try Certificate(pem: $0.certificate) } == identities.map(\.certificate))
        #expect(request.group?.name == "ffdhe2048")
        #expect(request.threshold == 1)
        #expect(!request.requiresBoundProofs)
        let bound = ElectionDraft(
            id: folder.election, questions: ElectionDraft.plainQuestions(1), group: nil, threshold: nil,
            requiresBoundProofs: true,
            participants: Participants(director: endpoints[0], others: []), callback: "https://b.example:8001/callback")
        #expect(try ElectionRequest(bound.json).requiresBoundProofs)
    }
}
