// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import GroupArithmetic
import HostTestSupport
import MixNets
import Orchestration
import Testing

@Suite("A whole election in one process")
struct SimulatedElectionTests {
    let votes: [BigInteger] = [0, 2, 4, 2, 0]

    private func expectTally(of election: SimulatedElection) throws {
        try election.propose()
        try election.run()
        #expect(election.failure == nil)
        try election.tally(votes)
        try election.run()
        #expect(election.failure == nil)
        let archive = try election.published("tally.tar.gz", by: 1)
        for author in 1...election.members.count {
            #expect(try election.published("tally.tar.gz", by: author) == archive)
            #expect(election.members[author - 1].board?.isPublished(attempt: 1) == true)
        }
        for question in 0..<election.questions {
            #expect(try election.plaintexts(question) == ["1", "1", "3", "3", "5"])
        }
    }

    @Test("of two authorities ends with the votes that were cast, byte-equal at both")
    func two() throws {
        try expectTally(of: SimulatedElection(authorities: 2))
    }

    @Test("checks every shuffled list while it comes")
    func arrivingLists() throws {
        let election = try SimulatedElection(authorities: 2)
        try expectTally(of: election)
        #expect(election.checkedOnArrival == ["CiphertextList01.bt", "CiphertextList02.bt"])
    }

    @Test("of three authorities with threshold two and two questions ends so too")
    func three() throws {
        try expectTally(of: SimulatedElection(authorities: 3, threshold: 2, questions: 2))
    }

    @Test("ends so too if every authority is restarted after each of its steps")
    func restarts() throws {
        let election = try SimulatedElection(authorities: 2)
        election.forgetsEverything = true
        try expectTally(of: election)
    }

    @Test("ends so too if every authority is stopped once before and once behind everything that it does to its disk")
    func interruptions() throws {
        let election = try SimulatedElection(authorities: 2)
        let interruptions = Interruptions()
        election.interruptions = interruptions
        try expectTally(of: election)
        #expect(interruptions.count > 100)
    }

    @Test("leaves no secret behind on any disk")
    func secrets() throws {
        let election = try SimulatedElection(authorities: 2)
        try expectTally(of: election)
        let files = FileManager.default.enumerator(atPath: election.scratch.path)?.compactMap { $0 as? String } ?? []
        #expect(files.contains { $0.hasSuffix("publicKey_json") })
        #expect(files.filter { $0.hasSuffix(".seed") || $0.hasSuffix(".share") } == [])
    }

    @Test("stops before the ballots are read at an authority whose disk has no room for the tally")
    func diskShortage() throws {
        let election = try SimulatedElection(authorities: 2, reserve: .max)
        try election.propose()
        try election.run()
        try election.tally(votes)
        try election.run()
        #expect(election.failure?.check == "disk.space" && election.failure?.accused == 2)
    }

    @Test("stops at a wrong share and names its dealer")
    func wrongShare() throws {
        let election = try SimulatedElection(authorities: 3)
        election.tampering = { content, _ in
            guard content.kind == .keyShares, content.author == 2 else { return }
            content.payload[content.payload.count - 1] ^= 1
        }
        try election.propose()
        try election.run()
        #expect(election.failure?.check == "keyShares.share")
        #expect(election.failure?.accused == 2)
        let board = try #require(election.members[2].board)
        #expect(board.guilty(of: try #require(board.failure(attempt: 0))) == 2)
    }

    @Test("sees from the board who complains about a share that is right")
    func wrongComplaint() throws {
        let election = try SimulatedElection(authorities: 2)
        election.tampering = { content, _ in
            guard content.kind == .publicKey, content.author == 1 else { return }
            let failure = Failure(
                check: "keyShares.share", accused: 2, index: 0, message: "a lie", evidence: [[1, 0, 0, 0, 0]])
            content.kind = .failure
            content.payload = failure.payload
        }
        try election.propose()
        try election.run()
        let board = try #require(election.members[1].board)
        let stop = try #require(board.failure(attempt: 0))
        #expect(stop.failure.accused == 2)
        #expect(board.guilty(of: stop) == 1)
    }

    @Test("stops at an opening that was not the announced one and names its author")
    func changedOpening() throws {
        let election = try SimulatedElection(authorities: 2)
        election.tampering = { content, _ in
            guard content.kind == .keyCommitments, content.author == 2 else { return }
            content.payload[20] ^= 1
        }
        try election.propose()
        try election.run()
        #expect(election.failure?.check == "keyCommitments.digest")
        #expect(election.failure?.accused == 2)
    }

    @Test("stops at a protocol with a signing key that is not the party's own")
    func foreignKey() throws {
        let election = try SimulatedElection(authorities: 3)
        let intruder = try SimulatedElection(authorities: 1)
        try election.propose { offer in
            offer.parties[2] = Party(
                name: offer.parties[2].name, certificate: offer.parties[2].certificate,
                signingKey: intruder.members[0].party.signingKey)
        }
        try election.run()
        #expect(election.failure?.check == "protocol.parties")
        #expect(election.failure?.accused == 1)
    }

    @Test("stops at a protInfo.xml that is not what was asked for")
    func foreignProtocolInfo() throws {
        let election = try SimulatedElection(authorities: 2)
        try election.propose { offer in
            let text = String(decoding: offer.sessions[0].protocolInfo, as: UTF8.self)
            let weaker = text.replacing("<cbitlenro>200</cbitlenro>", with: "<cbitlenro>128</cbitlenro>")
            offer.sessions[0] = .init(id: offer.sessions[0].id, protocolInfo: Array(weaker.utf8))
        }
        try election.run()
        #expect(election.failure?.check == "protocol.session")
    }

    @Test(
        "names the authority whose shuffle was tampered with, and decrypts nothing",
        arguments: ["CCPoSReply01.bt", "CiphertextList01.bt"])
    func tamperedShuffle(name: String) throws {
        let election = try SimulatedElection(authorities: 2)
        election.tampering = { content, storage in
            guard let place = content.blobs.firstIndex(where: { $0.name == name }), content.kind == .shuffle else {
                return
            }
            let file = try #require(storage.blob(content.blobs[place].digest))
            var data = try Data(contentsOf: file)
            if name.hasPrefix("CC") {
                data[data.count - 1] ^= 1
            } else {
                // Another element of the group in place of the first: the second.
                let width = 257 + 5
                data.replaceSubrange(10..<10 + width, with: data.subdata(in: 10 + width..<10 + 2 * width))
            }
            let changed = file.deletingLastPathComponent().appending(path: "changed").appending(path: name)
            try FileManager.default.createDirectory(
                at: changed.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: changed)
            content.blobs[place] = try storage.adoptBlob(changed, digest: Digest(ofFile: changed))
        }
        try election.propose()
        try election.run()
        try election.tally(votes)
        try election.run()
        #expect(election.failure?.accused == 1)
        #expect(election.failure?.check.hasPrefix("CCPoS") == true)
        #expect(election.members[0].board?.entries.contains { $0.content.kind == .decryption } == false)
    }

    @Test("takes the votes again after a file that was refused, with its line")
    func refusedVotes() throws {
        let election = try SimulatedElection(authorities: 2)
        try election.propose()
        try election.run()
        try election.tally(file: Array("{\"choices\": []}|v.1\n".utf8))
        try election.run()
        #expect(election.failure?.check == "ballots.line")
        #expect(election.failure?.index == 1)
        try election.tally(votes)
        try election.run()
        #expect(election.failure == nil)
        #expect(try election.plaintexts(0) == ["1", "1", "3", "3", "5"])
    }

    @Test("refuses a votes file without ballots")
    func noVotes() throws {
        let election = try SimulatedElection(authorities: 2)
        try election.propose()
        try election.run()
        try election.tally(file: [])
        try election.run()
        #expect(election.failure?.check == "ballots.none")
    }
}
