// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import GroupArithmetic
import HostTestSupport
import Orchestration
import Testing

@Suite("A tally without an authority that is gone")
struct AbsentAuthorityTests {
    let votes: [BigInteger] = [0, 2, 4, 2, 0]

    /// An election whose key is made.
    private func election(authorities: Int = 3, threshold: Int = 2, questions: Int = 1) throws -> SimulatedElection {
        let election = try SimulatedElection(authorities: authorities, threshold: threshold, questions: questions)
        try election.propose()
        try election.run()
        #expect(election.failure == nil)
        return election
    }

    /// All who are there published the same, which the strict verifier takes: λ shuffles by λ authorities, and the key
    /// of each that is absent in place of its decryption.
    private func expectTally(_ election: SimulatedElection, without absent: [Int]) async throws {
        election.gone = Set(absent)
        #expect(election.failure == nil, "\(election.failure?.message ?? "")")
        let present = (1...election.members.count).filter { !absent.contains($0) }
        let archive = try election.published("tally.tar.gz", by: present[0])
        for author in present {
            #expect(try election.published("tally.tar.gz", by: author) == archive)
            let board = try #require(election.members[author - 1].board)
            #expect(board.isPublished(attempt: board.attempt))
            #expect(board.roster(attempt: board.attempt).absent == absent)
        }
        for author in absent {
            #expect(throws: (any Error).self) { try election.published("tally.tar.gz", by: author) }
        }
        let names = try election.archivedNames(by: present[0])
        for question in 0..<election.questions {
            #expect(try election.plaintexts(question) == ["1", "1", "3", "3", "5"])
            let proofs = Set(names.filter { $0.hasPrefix("\(question)-") }.map { $0.split(separator: "/").last ?? "" })
            for author in 1...election.members.count {
                #expect(proofs.contains("SecretKey0\(author).bt") == absent.contains(author))
                #expect(proofs.contains("DecryptionFactors0\(author).bt") == !absent.contains(author))
            }
            for place in 1...election.threshold { #expect(proofs.contains("CCPoSReply0\(place).bt")) }
        }
        let path = election.members[present[0] - 1].data.publicFolder.appending(path: "e1/tally.tar.gz").path
        let verified = try await BuiltTool("eoverify").run([path])
        #expect(verified.status == 0, "\(verified.errors)\n\(verified.output)")
    }

    @Test(
        "of three of which two suffice ends with a valid tally, whichever is gone, through restarts too",
        arguments: [1, 2, 3])
    func gone(author: Int) async throws {
        let election = try election(questions: author == 1 ? 2 : 1)
        election.forgetsEverything = author == 2
        try election.tally(votes)
        election.gone = [author]
        try election.run()
        let others = (1...3).filter { $0 != author }
        for other in others {
            let member = election.members[other - 1]
            let plan = nextActions(on: try #require(member.board), as: other, knowing: member.facts)
            #expect(plan.actions.isEmpty && plan.awaited.contains(.entry(.ballots, session: nil, by: author)))
        }
        // One alone cannot leave another out.
        try election.goOn(others[0], without: [author])
        try election.run()
        #expect(election.members[others[0] - 1].board?.attempt == 1)
        try election.goOn(others[1], without: [author])
        try election.run()
        try await expectTally(election, without: [author])
    }

    @Test(
        "ends so too if it goes in the middle, and what it says when it comes back changes nothing",
        arguments: [(1, EntryKind.shuffle), (2, .decryption)])
    func middle(author: Int, after kind: EntryKind) async throws {
        let election = try election()
        election.leaving = { $0.author == author && $0.kind == kind }
        try election.tally(votes)
        try election.run()
        #expect(election.gone == [author])
        // Nobody hears that it stops the tally that it knows of, nor that it asks for another one.
        let failure = Failure(check: "disk", message: "the disk broke").payload
        try election.say(.failure, attempt: 1, by: author, payload: failure)
        if author == 1 {
            let order = try #require(election.members[0].board?.tallyRequest(attempt: 1))
            try election.say(.tallyRequest, attempt: 2, by: 1, payload: order.payload)
        }
        for other in (1...3) where other != author { try election.goOn(other, without: [author]) }
        election.leaving = { [unowned election] content in
            guard content.kind == .ballots, content.attempt == 2, election.gone == [author] else { return false }
            do {
                try election.comeBack(author)
                for attempt in [0, 2] { try election.say(.failure, attempt: attempt, by: author, payload: failure) }
            } catch {
                Issue.record(error)
            }
            return false
        }
        try election.run()
        #expect(election.gone.isEmpty)
        try await expectTally(election, without: [author])
        let boards = election.members.compactMap(\.board)
        #expect(Set(boards.map { Set($0.entries.map(\.digest)) }).count == 1)
        #expect(boards.allSatisfy { $0.isPublished(attempt: 2) && $0.conclusion(of: 1) == 2 })
    }

    private static let pairs = (1...4).flatMap { first in (first + 1...5).map { [first, $0] } }

    @Test(
        "of five of which three suffice ends so too, whichever two are gone",
        .enabled(if: ProcessInfo.processInfo.environment["EO_LONG"] == "1"), arguments: pairs)
    func twoGone(absent: [Int]) async throws {
        let election = try election(authorities: 5, threshold: 3)
        try election.tally(votes)
        election.gone = Set(absent)
        try election.run()
        for author in 1...5 where !absent.contains(author) { try election.goOn(author, without: absent) }
        try election.run()
        try await expectTally(election, without: absent)
    }

    @Test("begins with the first of the others if the director is gone before anybody asked for it")
    func noDirector() async throws {
        let election = try election()
        election.gone = [1]
        for author in [2, 3] { try election.goOn(author, without: [1]) }
        let board = try #require(election.members[1].board)
        #expect(board.takesRequests == [1, 2] && board.nextLeader == 2)
        try election.tally(votes)
        try election.run()
        try await expectTally(election, without: [1])
    }

    /// The author of a file changes it before anybody else sees it.
    private func change(_ name: String, by author: Int, in election: SimulatedElection) {
        election.tampering = { content, storage in
            guard content.author == author, let place = content.blobs.firstIndex(where: { $0.name == name })
            else { return }
            let file = try #require(storage.blob(content.blobs[place].digest))
            var data = try Data(contentsOf: file)
            data[data.count - 1] ^= 1
            let folder = file.deletingLastPathComponent().appending(path: "changed")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let changed = folder.appending(path: name)
            try data.write(to: changed)
            content.blobs[place] = try storage.adoptBlob(changed, digest: Digest(ofFile: changed))
        }
    }

    @Test("follows one that a wrong decryption of an authority ended, which the failure names; its key is recovered")
    func wrongDecryption() async throws {
        let election = try election()
        change("DecrFactReply02.bt", by: 2, in: election)
        try election.tally(votes)
        try election.run()
        #expect(election.failure?.accused == 2 && election.failure?.check.hasPrefix("Decryption") == true)
        #expect(election.failure?.message.hasPrefix("a2.example, ") == true, "\(election.failure?.message ?? "")")
        for author in [1, 3] { try election.goOn(author, without: [2]) }
        try election.run()
        try await expectTally(election, without: [2])
    }

    @Test("follows one that a wrong shuffle of an authority ended, which the failure names")
    func wrongShuffle() async throws {
        let election = try election()
        change("CCPoSReply01.bt", by: 1, in: election)
        try election.tally(votes)
        try election.run()
        #expect(election.failure?.accused == 1 && election.failure?.check.hasPrefix("CCPoS") == true)
        #expect(election.failure?.message.hasPrefix("a1.example, ") == true)
        for author in [2, 3] { try election.goOn(author, without: [1]) }
        try election.run()
        try await expectTally(election, without: [1])
    }

    @Test("names who gives a wrong share of an absent key, and ends without that one as well")
    func wrongShare() async throws {
        let election = try election(authorities: 4)
        election.tampering = { content, _ in
            guard content.author == 2, content.kind == .decryption else { return }
            content.payload[content.payload.count - 1] ^= 1
        }
        try election.tally(votes)
        election.gone = [4]
        try election.run()
        for author in [1, 2, 3] { try election.goOn(author, without: [4]) }
        try election.run()
        #expect(election.failure?.check == "decryption.share" && election.failure?.accused == 2)
        #expect(election.failure?.message == "a2.example gave a wrong share of the key of a4.example")
        for author in [1, 3] { try election.goOn(author, without: [2, 4]) }
        try election.run()
        try await expectTally(election, without: [2, 4])
    }

    @Test("is not to be had where all are needed; it goes on by itself when the missing one is back")
    func allNeeded() async throws {
        let election = try election(authorities: 3, threshold: 3)
        try election.tally(votes)
        election.gone = [2]
        try election.run()
        let board = try #require(election.members[0].board)
        let refusal = #expect(throws: GoingOnError.self) { try board.absence(of: ["a2.example"], as: 1) }
        #expect(refusal?.message == "this election takes all 3 authorities: nobody can go on without a2.example")
        let lie = board.draft(.absence, attempt: 1, by: 1, payload: Absence(of: [2]).payload)
        #expect(throws: BoardError.self) {
            var board = board
            try board.append(Entry(signing: lie, with: election.members[0].key))
        }
        try election.comeBack(2)
        try election.run()
        try await expectTally(election, without: [])
    }
}

extension SimulatedElection {
    func archivedNames(by author: Int) throws -> [String] {
        let archive = scratch.path("names.tar.gz")
        try published("tally.tar.gz", by: author).write(to: URL(filePath: archive))
        let process = Process()
        process.executableURL = URL(filePath: "/bin/tar")
        process.arguments = ["-tzf", archive]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init)
    }
}
