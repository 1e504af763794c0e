// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import ElGamal
import Elections
import Foundation
import GroupArithmetic
import HostTestSupport
import Liars
import Orchestration
import StrictJSON
import Synchronization
import TallyArchives
import TestSupport
import Testing

@testable import AuthorityServer

@Suite("An authority that lies to honest ones", .serialized)
struct LyingAuthorityTests {
    private let client = Digest(of: [7])

    @Test("is named by them, and no wrong tally is published", arguments: Lie.allCases)
    func lie(_ lie: Lie) async throws {
        let network = try InMemoryNetwork(lie.authorityCount, liars: [lie.liar: lie])
        let honest = (1...lie.authorityCount).filter { $0 != lie.liar }
        try await network.running {
            let reply = try await outcome(of: lie, on: network)
            let liar = "a\(lie.liar).example"
            switch (lie.end, reply) {
            case (.tally, .tallied): #expect(try plaintexts(on: network) == ["1", "1", "3", "3", "5"])
            case (.named(let check, _), let reply):
                #expect(
                    reply == nil || reply?.message?.contains("(check \(check) by \(liar)") == true, "\(reply as Any)")
            case (.slander, let reply):
                #expect(reply?.message?.contains("says \(liar)") == true, "\(reply as Any)")
            default: Issue.record("\(lie.end) was expected: \(reply as Any)")
            }
            for number in honest {
                // The client is told by the first of them that knows; the others hear it from each other.
                if lie.end != .tally { try await awaitFailure(at: network.authority(number)) }
                if lie.end != .tally { try await awaitIdentity(of: lie.liar, at: network.data(number)) }
                let board = try #require(await network.authority(number).elections["e1"]?.board)
                try expectVerdict(on: lie, board)
                try expectFindings(on: lie, board, at: network.data(number), in: network.scratch)
                let archive = try network.data(number).publicFolder.appending(path: "e1/tally.tar.gz")
                #expect(FileManager.default.fileExists(atPath: archive.path) == (lie.end == .tally))
            }
        }
    }

    @Test("who stopped a board before it said who it is, is asked by a server that starts; until then nobody is convicted")
    func identityAskedAgain() async throws {
        let lie = Lie.differentProtocol
        let network = try InMemoryNetwork(lie.authorityCount, liars: [lie.liar: lie])
        try await network.running {
            #expect(try await outcome(of: lie, on: network) == nil)
            try await awaitFailure(at: network.authority(2))
            try await awaitIdentity(of: lie.liar, at: network.data(2))
        }
        let board = try #require(await network.authority(2).elections["e1"]?.board)
        let desk = try OperatorDesk(dataPath: network.data(2).root.path)
        #expect(try desk.exportEvidence(from: board, to: network.scratch.path("with.tar.gz")) == [])
        try FileManager.default.removeItem(at: network.data(2).election("e1").identityFolder)
        #expect(try desk.exportEvidence(from: board, to: network.scratch.path("without.tar.gz")) == [lie.liar])
        network.end(2)
        try network.start(2)
        try await network.running {
            try await awaitIdentity(of: lie.liar, at: network.data(2))
        }
        #expect(try desk.exportEvidence(from: board, to: network.scratch.path("with.tar.gz")) == [])
    }

    @Test("who told each of the others something else is left out where enough are left, through restarts too")
    func leftOut() async throws {
        let network = try InMemoryNetwork(3, liars: [2: .fork], threshold: 2)
        try await network.running {
            let reply = try await outcome(of: .fork, on: network)
            #expect(reply?.message?.contains("(check board.equivocation by a2.example") == true, "\(reply as Any)")
            for number in [1, 3] { try await awaitFailure(at: network.authority(number)) }
        }
        for number in [1, 3] { try network.start(number) }
        try await network.running {
            for number in [1, 3] {
                try AuthorityDatabase(file: network.data(number).database).addAbsence(
                    AbsenceRecord(election: "e1", attempt: 1, hosts: ["a2.example"], createdAt: "now"))
            }
            for number in [1, 3] { try await awaitTally(2, at: network.authority(number)) }
        }
        #expect(try plaintexts(on: network) == ["1", "1", "3", "3", "5"])
        let archives = try [1, 3].map { number in
            try Digest(ofFile: network.data(number).publicFolder.appending(path: "e1/tally.tar.gz"))
        }
        #expect(archives[0] == archives[1])
        // The two boards differ in what the liar said; each can be read back, here and by a third party.
        for number in [1, 3] {
            let data = try network.data(number)
            let board = try BoardFolder(data: data).load("e1")
            #expect(board.equivocations.map(\.author) == [2])
            try expectFindings(on: .fork, board, at: data, in: network.scratch)
        }
    }

    private func awaitTally(_ attempt: Int, at authority: Authority) async throws {
        for _ in 0..<6000 {
            if await authority.elections["e1"]?.board.isPublished(attempt: attempt) == true { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("no tally \(attempt): \(await authority.elections["e1"]?.plan as Any)")
    }

    /// What the board of an honest authority says.
    private func expectVerdict(on lie: Lie, _ board: Board) throws {
        let stop = board.failure(attempt: 0) ?? board.failure(attempt: board.attempt)
        switch lie.end {
        case .tally: #expect(stop == nil)
        case .named(let check, _):
            #expect(stop?.failure.check == check)
            #expect(stop.map { board.guilty(of: $0) } == lie.liar)
            #expect((stop?.author == lie.liar) == (lie == .confessed))
        case .slander: #expect(stop?.author == lie.liar)
        }
        if lie.end != .tally {
            #expect(!board.entries.contains { $0.content.kind == .tally })
        }
    }

    /// What a third party makes of the evidence that an honest authority hands out.
    private func expectFindings(on lie: Lie, _ board: Board, at data: DataFolder, in scratch: ScratchFolder) throws {
        guard lie.end != .tally else { return #expect(board.accusations.isEmpty) }
        let (file, folder) = (scratch.path("evidence.tar.gz"), scratch.path("evidence"))
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try OperatorDesk(dataPath: data.root.path).exportEvidence(from: board, to: file)
        _ = try ArchiveReader.unpack(file, into: folder)
        let evidence = try Evidence(folder: URL(filePath: folder))
        let accusation = try #require(evidence.board.accusations.first)
        let finding = evidence.finding(on: accusation)
        switch (lie.end, finding) {
        case (.named(_, isProvable: true), .proven), (.named(_, isProvable: false), .open), (.slander, .refuted): break
        default: Issue.record("\(lie.end), and then \(finding)")
        }
        guard case .proven = finding else { return }
        // Without its word that the key is its own nobody is convicted.
        try FileManager.default.removeItem(
            atPath: "\(folder)/\(Evidence.identityName(board.name(of: accusation.accused)))")
        if case .proven = try Evidence(folder: URL(filePath: folder)).finding(on: accusation) {
            Issue.record("proven by a key that may be anybody's")
        }
    }

    /// Asks for an election and its tally, and gives what the client is told at the end; nil if the liar is the one to tell it.
    private func outcome(of lie: Lie, on network: InMemoryNetwork) async throws -> ElectionReply? {
        let director = try network.authority(1)
        _ = try await director.createElection(try network.election(questions: lie.questionCount), from: client)
        guard lie.liar != 1 else { return nil }
        let reply: ElectionReply = try #require(await network.callback())
        guard case .created(_, let sessions) = reply else { return reply }
        let file = votesFile([0, 2, 4, 2, 0], under: try sessions.map { try key($0.key) })
        let url = "https://a1.example:8000/votes"
        network.state.withLock { $0.votes[url] = file }
        let request = TallyRequest.json(
            electionID: try #require(ElectionIdentifier("e1")), callback: "https://a1.example:8000/done",
            votes: url, votesDigest: Digest(of: file).bytes)
        _ = try await director.tally(request.compactBytes, from: client)
        let answer: ElectionReply = try #require(await network.callback())
        return answer
    }

    private func awaitFailure(at authority: Authority) async throws {
        for _ in 0..<6000 {
            let board = await authority.elections["e1"]?.board
            if let board, board.failure(attempt: 0) ?? board.failure(attempt: board.attempt) != nil { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("nothing failed at an honest authority")
    }

    /// The board can stop before the liar has answered who it is.
    private func awaitIdentity(of liar: Int, at data: DataFolder) async throws {
        let storage = try data.election("e1")
        for _ in 0..<6000 where !storage.holdsIdentity(of: "a\(liar).example") {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(storage.holdsIdentity(of: "a\(liar).example"), "the liar was not asked who it is")
    }

    private func key(_ key: PublishedKey) throws -> PublicKey {
        let group = SafePrimeGroup.ffdhe2048
        let y = BigInteger(canonicalDecimal: key.y).flatMap { group.element($0) }
        return try #require(y.flatMap { PublicKey($0) })
    }

    private func plaintexts(on network: InMemoryNetwork) throws -> [String] {
        let archive = try network.data(1).publicFolder.appending(path: "e1/tally.tar.gz")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/tar")
        process.arguments = ["-xzOf", archive.path, "--wildcards", "*/plaintexts_json"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map { $0.filter { $0 != "\"" } }
    }
}

extension ElectionReply {
    fileprivate var message: String? {
        switch self {
        case .creationFailed(_, let message), .tallyFailed(_, let message): message
        default: nil
        }
    }
}
